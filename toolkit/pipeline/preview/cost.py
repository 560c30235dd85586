"""The cost of a stack per month and of its change, for the dossier."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from toolkit.cost.estimate import Estimate, Line
from toolkit.cost.month import change_of, is_local, month_of
from toolkit.pipeline.preview.model import SMALLEST_AMOUNT, Cost, CostLine
from toolkit.policy.pack import ReviewLimits
from toolkit.stacks import ResourceGraph
from toolkit.stacks.errors import FileError
from toolkit.stacks.inputs import MalformedPropertyError, UnknownPropertyError
from toolkit.stacks.stack_files import configuration_of

NOT_PRICED = (FileError, MalformedPropertyError, UnknownPropertyError)


def cost_of(before: ResourceGraph | None, after: ResourceGraph, root: Path, limits: ReviewLimits) -> Cost | None:
    """Return the month after the change, and the difference where the base was evaluated.

    None where the stack runs on this machine. Raises one of NOT_PRICED.
    """
    if is_local(configuration_of(after, root)[1], after.project, after.stack):
        return None
    month = month_of(after, after.stack, root)
    new, delta = month.estimate, change_of(before, month) if before else None
    return Cost(
        expected=new.expected,
        worst=new.worst,
        expected_delta=delta.expected_change if delta else None,
        worst_delta=delta.worst_change if delta else None,
        lines=tuple(_lines(delta.before, new)) if delta else (),
        unbounded=tuple(dict.fromkeys(line.name for line in new.unbounded)),
        budget=month.budget,
        rise_limit=limits.cost_rise,
        budget_limit=limits.budget_share,
        not_priced=tuple(dict.fromkeys(f"{gap.of.resource.name}: {gap.why}" for gap in new.not_priced)),
        prices_of_other_regions=new.prices_of_other_regions,
    )


def _lines(before: Estimate, after: Estimate) -> Iterator[CostLine]:
    """Return every resource and item whose expected or worst month changes, the largest change first."""
    old, new = _by_item(before.lines), _by_item(after.lines)
    lines = [_line(old.get(key, []), new.get(key, [])) for key in dict.fromkeys([*old, *new])]
    moved = [line for line in lines if _moves(line)]
    yield from sorted(moved, key=lambda line: -max(abs(line.after - line.before), abs(_worst_delta(line))))


def _line(old: list[Line], new: list[Line]) -> CostLine:
    last = (new or old)[-1]
    return CostLine(
        name=last.name,
        item=last.item,
        before=sum(line.expected for line in old),
        after=sum(line.expected for line in new),
        formula=last.formula,
        worst_before=_worst(old),
        worst_after=_worst(new),
        worst_formula=last.worst_formula,
    )


def _worst(lines: list[Line]) -> float | None:
    bounded = [line.worst for line in lines if line.worst is not None]
    return sum(bounded) if len(bounded) == len(lines) else None


def _worst_delta(line: CostLine) -> float:
    return 0.0 if line.worst_before is None or line.worst_after is None else line.worst_after - line.worst_before


def _moves(line: CostLine) -> bool:
    """Return whether a sum changes, or a bound of the worst month is added or removed."""
    bound = (line.worst_before is None) != (line.worst_after is None)
    return bound or max(abs(line.after - line.before), abs(_worst_delta(line))) >= SMALLEST_AMOUNT


def _by_item(lines: Iterable[Line]) -> dict[tuple[str, str], list[Line]]:
    by_item: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        by_item.setdefault((line.urn, line.item), []).append(line)
    return by_item
