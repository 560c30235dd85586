"""What a change costs: the difference of two estimates, resource by resource."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from policies.cost.estimate import Estimate, Line, by_resource

Sign = Literal["+", "-", "~"]


@dataclass(frozen=True)
class Change:
    """One resource that costs another sum than before, in USD a month."""

    sign: Sign
    urn: str
    name: str
    before: float
    after: float
    items: tuple[tuple[str, float, float], ...]
    """What it asks for, with the sum before and after, where they differ."""

    @property
    def by(self) -> float:
        """How much more it costs."""
        return self.after - self.before


@dataclass(frozen=True)
class Delta:
    """All that changes, the dearest first."""

    changes: tuple[Change, ...]
    before: Estimate
    after: Estimate

    @property
    def by(self) -> float:
        """How much more the expected month costs."""
        return self.after.expected - self.before.expected


def compare(before: Estimate, after: Estimate) -> Delta:
    """The resources that came, went, or cost another sum; what costs nothing on both sides is left out."""
    old, new = by_resource(before.lines), by_resource(after.lines)
    changes = [_change(urn, old.get(urn, []), new.get(urn, [])) for urn in dict.fromkeys([*old, *new])]
    told = [change for change in changes if change.items or change.sign != "~"]
    return Delta(tuple(sorted(told, key=lambda change: -abs(change.by))), before, after)


def _change(urn: str, old: list[Line], new: list[Line]) -> Change:
    before, after = _by_item(old), _by_item(new)
    items = [(item, before.get(item, 0), after.get(item, 0)) for item in dict.fromkeys([*before, *after])]
    return Change(
        sign="+" if not old else "-" if not new else "~",
        urn=urn,
        name=(old or new)[0].name,
        before=sum(before.values()),
        after=sum(after.values()),
        items=tuple(entry for entry in items if abs(entry[2] - entry[1]) > _LEAST),
    )


_LEAST = 1e-9
"""Less than that many dollars is a rounding of floats."""


def _by_item(lines: Iterable[Line]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for line in lines:
        sums[line.item] = sums.get(line.item, 0) + line.expected
    return sums
