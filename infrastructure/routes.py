"""Every route of the HTTP API, from `api.definition`, with its weights in the throttles; there is no default route."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from api.definition import AUTHENTICATED_ROUTES, DOCS_ROUTES, PUBLIC_ROUTES


@dataclass(frozen=True)
class Route:
    """A method and a path, whether it needs no access token, and its weights in the throttle of its group."""

    method: str
    path: str
    public: bool = False
    weight: int = 1
    parallel: int = 1
    """The weight in the burst: the calls that one web page makes at once."""

    @property
    def key(self) -> str:
        """The route key of API Gateway."""
        return f"{self.method} {self.path}"

    @property
    def label(self) -> str:
        """The route key as part of a logical name."""
        words = re.findall(r"[a-z0-9_]+", self.path)
        return "-".join([self.method.lower(), *(words or ["root"])])


_ITEM = "/api/v1/items/{item_id}"
_WEIGHTS = {
    "GET /health": 4,
    "GET /api/v1/items": 8,
    f"GET {_ITEM}": 8,
    "POST /api/v1/items": 3,
    f"PUT {_ITEM}": 3,
    f"DELETE {_ITEM}": 2,
}
"""Routes with a larger share of the rate than 1."""
_PARALLEL = {"GET /health": 4, "GET /api/v1/items": 5, f"GET {_ITEM}": 19}
"""Routes with a larger share of the burst than 1: a web page lists items and reads many of them at once."""

_UPSTREAM_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def function_routes(*, docs: bool) -> tuple[Route, ...]:
    """Return the routes of the function, with or without those of the documentation."""
    public = PUBLIC_ROUTES + (DOCS_ROUTES if docs else ())
    return (*(_route(key, public=True) for key in public), *map(_route, AUTHENTICATED_ROUTES))


def _route(key: str, *, public: bool = False) -> Route:
    method, _, path = key.partition(" ")
    return Route(method, path, public, _WEIGHTS.get(key, 1), _PARALLEL.get(key, 1))


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
