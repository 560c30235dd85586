"""Prices a stack from its resources: line by line, with the formula and the certainty of each figure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from toolkit.cost.demand import Demand, Demands, Gap
from toolkit.cost.meter import Meter
from toolkit.cost.prices import PriceList, Unit
from toolkit.cost.services import SERVICES
from toolkit.cost.traffic import Traffic
from toolkit.cost.usage import Usage
from toolkit.resource_types.apigateway import REST_STAGE
from toolkit.resource_types.apigatewayv2 import STAGE
from toolkit.resource_types.lookup import free_types
from toolkit.stacks.inputs import Inputs, StackInputs, UnknownPropertyError
from toolkit.stacks.references import region_of
from toolkit.stacks.throttles import READING


@dataclass(frozen=True)
class Line:
    """The cost of one resource and one price-list item per month, in USD."""

    urn: str
    name: str
    item: str
    unit: Unit
    quantity: float
    expected: float
    worst: float | None
    """None where nothing bounds it."""
    formula: str
    worst_formula: str
    certainty: str
    source: tuple[str, ...]
    assumption: str
    price_of_region: str = ""
    """The region whose price counts, because the list has none of the resource's own; empty where it has one."""

    @property
    def at_worst(self) -> float:
        """Return what counts in the worst month: the expected sum where nothing bounds the line."""
        return self.expected if self.worst is None else self.worst


@dataclass(frozen=True)
class Lines:
    """Lines with their sums, in USD."""

    lines: tuple[Line, ...]

    @property
    def expected(self) -> float:
        """Return the sum of the expected month."""
        return sum(line.expected for line in self.lines)

    @property
    def worst(self) -> float:
        """Return the sum of the worst month, in which a line that nothing bounds counts as expected."""
        return sum(line.at_worst for line in self.lines)

    @property
    def unbounded(self) -> tuple[Line, ...]:
        """Return the lines that nothing bounds."""
        return tuple(line for line in self.lines if line.worst is None)

    @property
    def prices_of_other_regions(self) -> str:
        """Return a sentence on the prices that belong to another region; empty where there are none."""
        found = [line for line in self.lines if line.price_of_region]
        regions, items = (sorted({getattr(line, name) for line in found}) for name in ("price_of_region", "item"))
        words = f"the price of {', '.join(regions)} counts, because the list has none of the region"
        return f"{words}: {', '.join(items)}" if found else ""


@dataclass(frozen=True)
class Estimate(Lines):
    """A month of a stack."""

    free: Mapping[str, str] = field(hash=False)
    """By type, the reason why resources of the stack are free."""
    not_priced: tuple[Gap, ...]
    """What is not priced."""
    reading: str = ""
    """How the worst month reads the throttles of APIs; empty where the stack has no API."""


def estimate(graph: StackInputs, usage: Usage, prices: PriceList) -> Estimate:
    """Return the cost of the resources with this use and these prices; the worst month has no free tier."""
    traffic = Traffic(graph, usage)
    demands = [one for resource in graph.resources for one in _demands_or_gap(resource, traffic)]
    expected, worst = Meter(prices, usage.account_kind), Meter(prices, "none")
    types = {resource.resource.type for resource in graph.resources}
    return Estimate(
        lines=tuple(_line(one, expected, worst) for one in demands if isinstance(one, Demand)),
        free={type_: why for type_, why in free_types().items() if type_ in types},
        not_priced=(
            *(one for one in demands if isinstance(one, Gap)),
            *(Gap(hidden.behind, hidden.why) for hidden in graph.hidden),
        ),
        reading=READING if graph.of(STAGE, REST_STAGE) else "",
    )


def _demands_or_gap(resource: Inputs, traffic: Traffic) -> Demands:
    """Yield the metered uses of a resource; a gap where they depend on an unknown value."""
    try:
        region_of(resource)
        demands = list(_demands_of(resource, traffic))
    except UnknownPropertyError as error:
        demands = [Gap(resource, f"{error} is unknown before the update")]
    yield from demands


def _demands_of(resource: Inputs, traffic: Traffic) -> Demands:
    type_ = resource.resource.type
    if type_ in SERVICES:
        yield from SERVICES[type_](resource, traffic)
    elif type_ not in free_types():
        yield Gap(resource, "its type has no price")


def _line(demand: Demand, expected: Meter, worst: Meter) -> Line:
    region = region_of(demand.of)
    quote = expected.prices.quote(demand.item, region)
    charge = expected.charge(demand.item, region, demand.expected)
    most = worst.charge(demand.item, region, demand.worst) if demand.worst else None
    return Line(
        urn=demand.of.urn,
        name=demand.of.resource.name,
        item=demand.item,
        unit=quote.unit,
        quantity=demand.expected.amount,
        expected=charge.usd,
        worst=None if most is None else max(most.usd, charge.usd),
        formula=charge.formula,
        worst_formula=most.formula if most else "nothing bounds it",
        certainty=quote.certainty,
        source=quote.source,
        assumption=quote.assumption,
        price_of_region=quote.of_region,
    )


def by_resource(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Return the lines of each resource, by URN, in the stack's order."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.urn, []).append(line)
    return found
