"""The use of each price-list item in a month: expected and at most."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from toolkit.cost.traffic import Traffic
from toolkit.stacks.inputs import Inputs

Demands = Iterator["Demand | Gap"]
Service = Callable[[Inputs, Traffic], Demands]


@dataclass(frozen=True)
class Quantity:
    """A number of units in a month, and its formula."""

    amount: float
    how: str


@dataclass(frozen=True)
class Demand:
    """The metered use of one price-list item by one resource."""

    of: Inputs
    item: str
    expected: Quantity
    worst: Quantity | None
    """None where nothing bounds it."""


@dataclass(frozen=True)
class Gap:
    """A resource, or a part of its use, that may cost something and is not priced."""

    of: Inputs
    why: str


def fixed(of: Inputs, item: str, amount: float, how: str) -> Demand:
    """Return a use that does not depend on how much the stack is used."""
    return Demand(of, item, Quantity(amount, how), Quantity(amount, how))


def unbounded(of: Inputs, item: str, amount: float, how: str) -> Demand:
    """Return a use from the profile that nothing in the stack bounds."""
    return Demand(of, item, Quantity(amount, how), None)


def among(count: int, what: str) -> str:
    """Return the part of a formula for resources that share a quantity evenly; empty for a single resource."""
    return f" ÷ {count} {what}" if count > 1 else ""


def in_region(of: Inputs, region: str) -> Inputs:
    """Return the resource as its replica in another region."""
    return replace(of, properties={**of.properties, "region": region})
