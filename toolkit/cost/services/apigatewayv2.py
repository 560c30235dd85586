"""The charges of stages of HTTP and REST APIs."""

from math import ceil

from toolkit.cost.demand import Demand, Demands, Quantity, data_out, unbounded
from toolkit.cost.traffic import Traffic
from toolkit.resource_types.apigateway import REST_STAGE
from toolkit.resource_types.apigatewayv2 import API, STAGE
from toolkit.stacks.inputs import Inputs

METERED_KB = 512
"""An HTTP API's request counts once for each 512 KB, or part of it, of its data.

https://aws.amazon.com/api-gateway/pricing/ by way of
https://docs.aws.amazon.com/whitepapers/latest/best-practices-api-gateway-private-apis-integration/cost-optimization.html,
read on 2026-11-30: "HTTP APIs are metered in 512 KB increments". Whether the response's data count is not documented;
they count here.
"""
PAYLOAD_KB = 10_240
"""The largest request: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html, read on
2026-11-30. Lambda takes 6 MB of it, but API Gateway has received the request before Lambda refuses it."""


def meter_stage(stage: Inputs, traffic: Traffic) -> Demands:
    """Requests in units of 512 KB, and data out unless a distribution transfers it.

    API Gateway charges nothing for requests that it throttles or that fail authorization:
    https://repost.aws/questions/QUY2x146iORPmsJHpff8u0eA, answer of AWS, read on 2026-11-30.
    """
    load, usage = traffic.at_stage(stage), traffic.usage
    each = max(ceil(usage.response_kb / METERED_KB), 1)
    most = PAYLOAD_KB // METERED_KB + ceil(usage.most_response_kb / METERED_KB)
    times = f" × {each}" if each > 1 else ""
    yield Demand(
        stage,
        "http-api-requests",
        Quantity(load.expected * each, f"{load.expected:,.0f} requests{times}"),
        Quantity(load.most * most, f"({load.bound}) × {most} × {METERED_KB} KB"),
    )
    if any(api.has("corsConfiguration") for api in traffic.graph.behind(stage, "apiId", API)):
        yield unbounded(stage, "http-api-requests", 0, "CORS preflights, which API Gateway answers before it throttles")
    yield from data_out(stage, load, traffic)


def meter_rest_stage(stage: Inputs, traffic: Traffic) -> Demands:
    """Meter requests of any size, and data out unless a distribution transfers it."""
    load = traffic.at_stage(stage)
    how = f"{load.expected:,.0f} requests"
    yield Demand(stage, "rest-api-requests", Quantity(load.expected, how), Quantity(load.most, load.bound))
    yield from data_out(stage, load, traffic)


SERVICES = {STAGE: meter_stage, REST_STAGE: meter_rest_stage}
