"""The charges of data that leaves AWS."""

from toolkit.cost.demand import Demand, Demands, Quantity
from toolkit.cost.traffic import KB_IN_GB, Load, Traffic
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.stacks.inputs import Inputs


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
