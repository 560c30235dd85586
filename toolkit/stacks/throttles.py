"""The throttles of API stages: one token bucket per route."""

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.resource_types.apigateway import METHOD_SETTINGS, REST_INTEGRATION
from toolkit.resource_types.apigatewayv2 import ROUTE, STAGE
from toolkit.stacks.inputs import Inputs, StackInputs

ACCOUNT_RATE, ACCOUNT_BURST = 10_000, 5_000
"""The account's limits in a region, which apply where a stage sets none."""
READING = (
    "one token bucket per route, each route without settings of its own with the size of the stage's default "
    "(AWS does not document whether routes share the default); AWS applies throttles as targets on a best-effort basis"
)
"""How throttles are read. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html, read
on 2026-11-30: "Throttles are applied on a best-effort basis and should be thought of as targets rather than guaranteed
request ceilings."; "you can set the target limits for individual API stages or routes"."""


@dataclass(frozen=True)
class Throttle:
    """A token bucket: `rate` requests a second in the long run, `burst` requests at once."""

    rate: float
    burst: float

    def admits(self, seconds: float) -> float:
        """Return the most requests in a period; a rate of 0 admits none, whatever the burst."""
        return self.rate * seconds + self.burst if self.rate > 0 else 0


def default_throttle(stage: Inputs) -> Throttle:
    """Return the throttle of the routes that have no settings of their own."""
    rate = stage.number("defaultRouteSettings.throttlingRateLimit", ACCOUNT_RATE)
    burst = stage.number("defaultRouteSettings.throttlingBurstLimit", ACCOUNT_BURST if rate == ACCOUNT_RATE else 0)
    return Throttle(rate, burst)


def route_throttle(stage: Inputs, route: Inputs) -> Throttle:
    """Return the throttle of one route; its own settings take nothing from the stage's default.

    https://github.com/terraform-aws-modules/terraform-aws-apigateway-v2/pull/80 (read 2026-11-30)
    """
    for settings in stage.parts("routeSettings"):
        if settings.text("routeKey") == route.text("routeKey"):
            return Throttle(
                settings.number("throttlingRateLimit", ACCOUNT_RATE),
                settings.number("throttlingBurstLimit", ACCOUNT_BURST),
            )
    return default_throttle(stage)


def api_routes(graph: StackInputs, stage: Inputs) -> tuple[Inputs, ...]:
    """Return the routes of the stage's HTTP API that the stack shows; of a REST API the integration of each method."""
    http, rest = set(stage.depends_on("apiId")), set(stage.depends_on("restApi"))
    return (
        *(route for route in graph.of(ROUTE) if http & set(route.depends_on("apiId"))),
        *(method for method in graph.of(REST_INTEGRATION) if rest & set(method.depends_on("restApi"))),
    )


def throttle_at(graph: StackInputs, stage: Inputs, route: Inputs | None) -> Throttle:
    """Return the throttle of a route at a stage, or of a route that the stack does not show."""
    if stage.resource.type != STAGE:
        return _method_throttle(graph, stage)
    return route_throttle(stage, route) if route else default_throttle(stage)


def _method_throttle(graph: StackInputs, stage: Inputs) -> Throttle:
    """Return the throttle of each method of a REST API's stage; settings of single methods are not read.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html, read on
    2026-11-30: method-level throttling per stage; without it the account's.
    """
    apis = set(stage.depends_on("restApi"))
    for settings in graph.of(METHOD_SETTINGS):
        if apis & set(settings.depends_on("restApi")) and settings.text("methodPath") == "*/*":
            rate = settings.number("settings.throttlingRateLimit", -1)
            burst = settings.number("settings.throttlingBurstLimit", -1)
            return Throttle(rate if rate >= 0 else ACCOUNT_RATE, burst if burst >= 0 else ACCOUNT_BURST)
    return Throttle(ACCOUNT_RATE, ACCOUNT_BURST)


def buckets(graph: StackInputs, integration: Inputs) -> Iterator[tuple[Inputs | None, Throttle]]:
    """Yield each route that leads to the integration and its throttle, for each stage of the API.

    An integration without routes of the stack is called through a route that the stack does not show: None.
    """
    apis = set(integration.depends_on("apiId"))
    stages = [stage for stage in graph.of(STAGE) if apis & set(stage.depends_on("apiId"))]
    routes = graph.using(integration, ROUTE, by="target")
    for stage in stages:
        for route in routes:
            yield route, route_throttle(stage, route)
        if not routes:
            yield None, default_throttle(stage)
