"""The cost of a change: the difference of two estimates, resource by resource."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from toolkit.cost.estimate import Estimate, Line, by_resource

Sign = Literal["+", "-", "~"]
Item = tuple[str, float, float]
"""A price-list item, with the sum before and after."""
_SMALLEST_CHANGE = 1e-9
"""Smaller differences in USD are rounding errors of floats."""


@dataclass(frozen=True)
class CostChange:
    """A resource whose cost changes, in USD a month."""

    sign: Sign
    urn: str
    name: str
    before: float
    after: float
    items: tuple[Item, ...]
    """The price-list items whose expected month changes."""
    worst_before: float
    worst_after: float
    worst_items: tuple[Item, ...]
    """The price-list items whose worst month changes; unbounded items count as expected."""

    @property
    def expected_change(self) -> float:
        """Return the change of the expected cost."""
        return self.after - self.before

    @property
    def worst_change(self) -> float:
        """Return the change of the worst cost."""
        return self.worst_after - self.worst_before


@dataclass(frozen=True)
class Delta:
    """All that changes, the largest change first."""

    changes: tuple[CostChange, ...]
    before: Estimate
    after: Estimate

    @property
    def expected_change(self) -> float:
        """Return the change of the expected month."""
        return self.after.expected - self.before.expected

    @property
    def worst_change(self) -> float:
        """Return the change of the worst month."""
        return self.after.worst - self.before.worst


def compare(before: Estimate, after: Estimate) -> Delta:
    """Return the resources that are new, removed, or change their expected or worst cost."""
    old, new = by_resource(before.lines), by_resource(after.lines)
    changes = [_change(urn, old.get(urn, []), new.get(urn, [])) for urn in dict.fromkeys([*old, *new])]
    shown = [change for change in changes if change.items or change.worst_items or change.sign != "~"]
    return Delta(
        tuple(sorted(shown, key=lambda change: (-abs(change.expected_change), -abs(change.worst_change)))),
        before,
        after,
    )


def _change(urn: str, old: list[Line], new: list[Line]) -> CostChange:
    return CostChange(
        sign="+" if not old else "-" if not new else "~",
        urn=urn,
        name=(old or new)[0].name,
        before=sum(line.expected for line in old),
        after=sum(line.expected for line in new),
        items=_differences(_sums((line.item, line.expected) for line in side) for side in (old, new)),
        worst_before=sum(line.at_worst for line in old),
        worst_after=sum(line.at_worst for line in new),
        worst_items=_differences(_sums((line.item, line.at_worst) for line in side) for side in (old, new)),
    )


def _differences(sides: Iterable[dict[str, float]]) -> tuple[Item, ...]:
    before, after = sides
    items = [(item, before.get(item, 0), after.get(item, 0)) for item in dict.fromkeys([*before, *after])]
    return tuple(entry for entry in items if abs(entry[2] - entry[1]) > _SMALLEST_CHANGE)


def _sums(amounts: Iterable[tuple[str, float]]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for item, amount in amounts:
        sums[item] = sums.get(item, 0) + amount
    return sums
