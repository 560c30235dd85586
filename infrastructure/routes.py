"""Every route of the HTTP API, from `api.definition`, with its share of the throttles; there is no default route."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import api.definition
from api.definition import DOCS_ROUTES, ROUTES
from infrastructure.settings.groups import ApiSettings

MIN_RATE = 0.1
"""Requests a second of each route: a smoke test waits at most 10 s for the next token of a route."""
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Route:
    """A method and a path, whether it needs no access token, and its weights in the throttle of its group."""

    method: str
    path: str
    public: bool = False
    rate: int = 1
    burst: int = 1

    @property
    def key(self) -> str:
        """The route key of API Gateway."""
        return f"{self.method} {self.path}"

    @property
    def label(self) -> str:
        """The route key as part of a logical name."""
        words = re.findall(r"[a-z0-9_]+", self.path)
        return "-".join([self.method.lower(), *(words or ["root"])])


_UPSTREAM_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def function_routes(*, docs: bool) -> tuple[Route, ...]:
    """Return the routes of the function, with or without those of the documentation."""
    return tuple(_route(declared) for declared in (*ROUTES, *(DOCS_ROUTES if docs else ())))


def _route(declared: api.definition.Route) -> Route:
    method, _, path = declared.key.partition(" ")
    return Route(method, path, declared.public, declared.rate, declared.burst)


def upstream_routes(upstreams: Mapping[str, str]) -> dict[str, tuple[Route, ...]]:
    """Return the routes of each upstream by name, one per method; all need an access token.

    A route `ANY` would include CORS preflights, and its authorizer would reject them with 401: browsers send no token
    with them. Without a route, the CORS configuration of the API responds to them.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html (read 2026-11-30)
    """
    return {
        name: tuple(Route(method, f"/upstreams/{name}/{{proxy+}}") for method in _UPSTREAM_METHODS)
        for name in sorted(upstreams)
    }


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
    """Give each route MIN_RATE and a burst of 1, and its weights' share of the rest.

    Values are rounded down, so the sum is not exceeded.
    """
    rates, bursts = sum(route.rate for route in routes), sum(route.burst for route in routes)
    rate, spare = group.rate - len(routes) * MIN_RATE, group.burst - len(routes)
    return {
        route.key: Throttle(
            rate=math.floor(100 * (MIN_RATE + rate * route.rate / rates) + _ROUNDING) / 100,
            burst=1 + spare * route.burst // bursts,
        )
        for route in routes
    }
