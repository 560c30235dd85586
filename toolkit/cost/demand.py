"""What a month takes of each priced thing: as it is expected, and at most."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from toolkit.cost.traffic import Traffic
from toolkit.stacks.facts import Facts

Demands = Iterator["Demand | Gap"]
Service = Callable[[Facts, Traffic], Demands]


@dataclass(frozen=True)
class Quantity:
    """A number of units in a month, and in words how it comes about."""

    amount: float
    how: str


@dataclass(frozen=True)
class Demand:
    """What one resource asks for of one thing on the price list."""

    of: Facts
    item: str
    expected: Quantity
    worst: Quantity | None
    """None where nothing bounds it."""


@dataclass(frozen=True)
class Gap:
    """A resource, or a part of what it asks for, that may cost something and is not priced."""

    of: Facts
    why: str


def fixed(of: Facts, item: str, amount: float, how: str) -> Demand:
    """What is asked for however much the stack is used."""
    return Demand(of, item, Quantity(amount, how), Quantity(amount, how))


def unbounded(of: Facts, item: str, amount: float, how: str) -> Demand:
    """What the profile says, and nothing in the stack bounds."""
    return Demand(of, item, Quantity(amount, how), None)


def among(count: int, what: str) -> str:
    """That several resources share a quantity evenly, in a formula; nothing where one has it alone."""
    return f" ÷ {count} {what}" if count > 1 else ""


def in_region(of: Facts, region: str) -> Facts:
    """Return the resource as it stands in another region, for its replicas."""
    return replace(of, properties={**of.properties, "region": region})
