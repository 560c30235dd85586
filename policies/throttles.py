"""What the stages of HTTP APIs admit: the token bucket of each route."""

from collections.abc import Iterator
from dataclasses import dataclass

from policies.facts import Facts, GraphFacts
from policies.rules.apigateway_access import ROUTE
from policies.rules.apigateway_stage import STAGE

ACCOUNT_RATE, ACCOUNT_BURST = 10_000, 5_000
"""Requests that API Gateway passes in a region where a stage sets no limit."""


@dataclass(frozen=True)
class Throttle:
    """A token bucket: `rate` requests a second in the long run, `burst` requests at once."""

    rate: float
    burst: float


def default_throttle(stage: Facts) -> Throttle:
    """Return the throttle of the routes that have no settings of their own."""
    rate = stage.number("defaultRouteSettings.throttlingRateLimit", ACCOUNT_RATE)
    burst = stage.number("defaultRouteSettings.throttlingBurstLimit", ACCOUNT_BURST if rate == ACCOUNT_RATE else 0)
    return Throttle(rate, burst)


def route_throttle(stage: Facts, route: Facts) -> Throttle:
    """Return the throttle of one route; its own settings take nothing from the stage's default.

    https://github.com/terraform-aws-modules/terraform-aws-apigateway-v2/pull/80
    """
    for settings in stage.parts("routeSettings"):
        if settings.text("routeKey") == route.text("routeKey"):
            return Throttle(
                settings.number("throttlingRateLimit", ACCOUNT_RATE),
                settings.number("throttlingBurstLimit", ACCOUNT_BURST),
            )
    return default_throttle(stage)


def stage_throttles(graph: GraphFacts, stage: Facts) -> list[Throttle]:
    """Return the throttle of each route of the stage's API, or the default where the stack has no routes.

    AWS does not document whether routes share the default or have a bucket each; the larger is assumed: one each.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
    """
    routes = [route for route in graph.of(ROUTE) if set(route.depends_on("apiId")) & set(stage.depends_on("apiId"))]
    return [route_throttle(stage, route) for route in routes] or [default_throttle(stage)]


def buckets(graph: GraphFacts, integration: Facts) -> Iterator[tuple[Facts | None, Throttle]]:
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
