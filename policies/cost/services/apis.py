"""What APIs ask for: requests, and what their answers carry out of AWS."""

from policies.cost.demand import Demand, Demands, Quantity
from policies.cost.traffic import KB_IN_GB, REST_STAGE, Traffic
from policies.facts import Facts
from policies.rules.apigateway_stage import STAGE
from policies.rules.cloudfront import DISTRIBUTION


def ask_stage(stage: Facts, traffic: Traffic) -> Demands:
    """Requests, and data out where no edge carries it."""
    yield from _requests(stage, traffic, "http-api-requests")


def ask_rest_stage(stage: Facts, traffic: Traffic) -> Demands:
    """The same at the price of a REST API."""
    yield from _requests(stage, traffic, "rest-api-requests")


def _requests(stage: Facts, traffic: Traffic, item: str) -> Demands:
    load = traffic.at_stage(stage)
    how = f"{load.expected:,.0f} requests"
    yield Demand(stage, item, Quantity(load.expected, how), Quantity(load.most, load.bound))
    if not traffic.graph.of(DISTRIBUTION):
        kb = traffic.usage.response_kb
        yield Demand(
            stage,
            "data-out",
            Quantity(load.expected * kb / KB_IN_GB, f"{load.expected:,.0f} answers × {kb:g} KB"),
            Quantity(load.most * kb / KB_IN_GB, f"({load.bound}) × {kb:g} KB"),
        )


SERVICES = {STAGE: ask_stage, REST_STAGE: ask_rest_stage}
