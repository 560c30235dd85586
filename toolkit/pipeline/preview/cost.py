"""What a stack costs in a month, and what a change adds, from both graphs and the stack's own profile of use."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from toolkit.cost.budget import monthly_budgets
from toolkit.cost.estimate import Estimate, Line, estimate
from toolkit.cost.prices import PriceFileError, list_prices
from toolkit.cost.usage import Usage, UsageError, usage_of
from toolkit.pipeline.preview.model import Cost, CostLine
from toolkit.policy.pack import ReviewLimits
from toolkit.stacks import ResourceGraph, StackFileError, load_project, load_stack_config
from toolkit.stacks.facts import GraphFacts, MalformedPropertyError, UnknownPropertyError, facts_of

NOT_PRICED = (UsageError, PriceFileError, MalformedPropertyError, UnknownPropertyError, StackFileError)
_LEAST = 0.005
"""Less than half a cent is not reported."""


@dataclass(frozen=True)
class Priced:
    """A stack's graph and the folder of its files."""

    graph: ResourceGraph
    root: Path


def cost_of(before: Priced | None, after: Priced, limits: ReviewLimits) -> Cost:
    """The month after the change, and the difference where the base can be priced. Raises one of NOT_PRICED."""
    usage, facts = _usage(after), facts_of(after.graph)
    new = estimate(facts, usage, list_prices())
    old = _before(before, usage) if before else None
    return Cost(
        expected=new.expected,
        worst=new.worst,
        expected_delta=new.expected - old.expected if old else None,
        worst_delta=new.worst - old.worst if old else None,
        lines=tuple(_lines(old, new)) if old else (),
        unbounded=tuple(dict.fromkeys(line.name for line in new.unbounded)),
        budget=_budget(facts),
        rise_limit=limits.cost_rise,
        budget_limit=limits.budget_share,
        not_priced=tuple(dict.fromkeys(f"{gap.of.resource.name}: {gap.why}" for gap in new.not_priced)),
    )


def _budget(facts: GraphFacts) -> float | None:
    """The lowest monthly budget of the stack, in USD."""
    return min((budget.number("limitAmount", 0) for budget in monthly_budgets(facts)), default=None)


def _before(side: Priced, usage: Usage) -> Estimate:
    """By the base's own profile; by the present one where it has none, so that only resources make a difference."""
    with suppress(UsageError, StackFileError):
        usage = _usage(side)
    return estimate(facts_of(side.graph), usage, list_prices())


def _usage(side: Priced) -> Usage:
    stack = side.graph.stack
    return usage_of(load_stack_config(stack, side.root), load_project(side.root).name, f"Pulumi.{stack}.yaml")


def _lines(before: Estimate, after: Estimate) -> Iterator[CostLine]:
    """Every resource and item whose expected or worst month changes, the largest change first."""
    old, new = _by_item(before.lines), _by_item(after.lines)
    found = [_line(old.get(key, []), new.get(key, [])) for key in dict.fromkeys([*old, *new])]
    moved = [line for line in found if _moves(line)]
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
    """Whether a sum moves, or a bound of the worst month comes or goes."""
    bound = (line.worst_before is None) != (line.worst_after is None)
    return bound or max(abs(line.after - line.before), abs(_worst_delta(line))) >= _LEAST


def _by_item(lines: Iterable[Line]) -> dict[tuple[str, str], list[Line]]:
    found: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        found.setdefault((line.urn, line.item), []).append(line)
    return found
