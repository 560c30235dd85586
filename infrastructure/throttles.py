"""The throttle of each route of the HTTP API, and the concurrency that it needs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from infrastructure.routes import Route, function_routes
from infrastructure.settings.groups import ApiSettings

LEAST_RATE = 0.1
"""Requests a second of each route: a smoke test waits at most 10 s for the next token of a route."""
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Throttle:
    """A token bucket: `rate` requests per second in the long run, `burst` requests at once."""

    rate: float
    burst: int

    def concurrency(self, seconds: float) -> float:
        """Return the most requests in progress where each one takes `seconds`.

        A token bucket admits at most `burst + rate × t` requests in any t seconds. Requests that are in progress at
        the same time began within one duration. Lambda runs one instance for each of them: concurrency is requests
        per second × duration, https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html.
        """
        return self.burst + self.rate * seconds


def route_throttles(settings: ApiSettings, *, docs: bool) -> dict[str, Throttle]:
    """Return the throttle of each route of the function, by its route key.

    AWS does not document whether the routes of a stage share the default throttle or have one bucket each. Each route
    therefore has its own settings, and those of a group (public or signed in) add up to no more than the group's.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html (read 2026-11-30)
    """
    routes = function_routes(docs=docs)
    public = Throttle(settings.public_requests_per_second, settings.public_burst_requests)
    signed_in = Throttle(settings.requests_per_second, settings.burst_requests)
    return {
        **_shared([route for route in routes if route.public], public),
        **_shared([route for route in routes if not route.public], signed_in),
    }


def _shared(routes: Sequence[Route], group: Throttle) -> dict[str, Throttle]:
    """Give each route LEAST_RATE and a burst of 1, and its weights' share of the rest.

    Values are rounded down, so the sum is not exceeded.
    """
    weights, parallel = sum(route.weight for route in routes), sum(route.parallel for route in routes)
    rate, spare = group.rate - len(routes) * LEAST_RATE, group.burst - len(routes)
    return {
        route.key: Throttle(
            rate=math.floor(100 * (LEAST_RATE + rate * route.weight / weights) + _ROUNDING) / 100,
            burst=1 + spare * route.parallel // parallel,
        )
        for route in routes
    }
