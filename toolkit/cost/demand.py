"""The use of each price-list item in a month: expected and at most."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from toolkit.cost.traffic import KB_IN_GB, Load, Traffic
from toolkit.resource_types.cloudfront import DISTRIBUTION
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


def data_out(entry: Inputs, load: Load, traffic: Traffic) -> Demands:
    """Yield the data of responses; nothing where a distribution transfers them."""
    if traffic.graph.of(DISTRIBUTION):
        return
    kb, most = traffic.usage.response_kb, traffic.usage.most_response_kb
    yield Demand(
        entry,
        "data-out",
        Quantity(load.expected * kb / KB_IN_GB, f"{load.expected:,.0f} responses × {kb:g} KB"),
        Quantity(load.most * max(kb, most) / KB_IN_GB, f"({load.bound}) × {max(kb, most):g} KB"),
    )
