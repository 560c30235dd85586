"""The charges of stages of REST APIs."""

from toolkit.cost.data_out import data_out
from toolkit.cost.demand import Demand, Demands, Quantity
from toolkit.cost.traffic import Traffic
from toolkit.resource_types.apigateway import REST_STAGE
from toolkit.stacks.inputs import Inputs


def meter_rest_stage(stage: Inputs, traffic: Traffic) -> Demands:
    """Meter requests of any size, and data out unless a distribution transfers it."""
    load = traffic.at_stage(stage)
    how = f"{load.expected:,.0f} requests"
    yield Demand(stage, "rest-api-requests", Quantity(load.expected, how), Quantity(load.most, load.bound))
    yield from data_out(stage, load, traffic)


SERVICES = {REST_STAGE: meter_rest_stage}
