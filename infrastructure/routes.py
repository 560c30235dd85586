"""Every route of the HTTP API, written out: what is not listed here does not reach the function."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """A method and a path, whether it is public (called without a token), and its weights in its group's throttle."""

    method: str
    path: str
    public: bool = False
    weight: int = 1
    parallel: int = 1
    """Its weight in the burst: how many calls one page of a browser makes at once."""

    @property
    def key(self) -> str:
        """The route key as API Gateway writes it."""
        return f"{self.method} {self.path}"

    @property
    def label(self) -> str:
        """The route key as part of a logical name."""
        words = re.findall(r"[a-z0-9_]+", self.path)
        return "-".join([self.method.lower(), *(words or ["root"])])


_PUBLIC = ("/", "/health", "/health/live", "/health/ready", "/api/health")
_DOCS = ("/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json")
_ITEM = "/api/v1/items/{item_id}"
_ATTACHMENT = f"{_ITEM}/attachments/{{attachment_id}}"
_SIGNED_IN = {
    "/api/v1/items": ("GET", "POST"),
    _ITEM: ("GET", "PUT", "DELETE"),
    f"{_ITEM}/attachments": ("GET", "POST"),
    _ATTACHMENT: ("GET", "DELETE"),
    "/api/v1/me": ("GET",),
    "/api/v1/sessions": ("GET", "DELETE"),
    "/api/v1/sessions/{session_id}": ("DELETE",),
    "/api/v1/environment": ("GET",),
}

_WEIGHTS = {
    "GET /health": 4,
    "GET /api/v1/items": 8,
    f"GET {_ITEM}": 8,
    "POST /api/v1/items": 3,
    f"PUT {_ITEM}": 3,
    f"DELETE {_ITEM}": 2,
}
"""Routes that take a larger share of the rate than 1."""
_PARALLEL = {"GET /health": 4, "GET /api/v1/items": 5, f"GET {_ITEM}": 19}
"""Routes that take a larger share of the burst than 1: a page lists items and reads many of them at once."""

_UPSTREAM_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def function_routes(*, docs: bool) -> tuple[Route, ...]:
    """The routes that the function answers, with or without those of its documentation pages."""
    public = _PUBLIC + (_DOCS if docs else ())
    return (
        *(_route("GET", path, public=True) for path in public),
        *(_route(method, path) for path, methods in _SIGNED_IN.items() for method in methods),
    )


def _route(method: str, path: str, *, public: bool = False) -> Route:
    key = f"{method} {path}"
    return Route(method, path, public, _WEIGHTS.get(key, 1), _PARALLEL.get(key, 1))


def upstream_routes(upstreams: Mapping[str, str]) -> dict[str, tuple[Route, ...]]:
    """Return the routes of each upstream by its name, one per method; all of them need a token.

    A route `ANY` would take CORS preflights, too, and its authorizer would answer them with 401: a browser sends no
    token with them. Without a route, the API's CORS configuration answers them.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html (read 2026-11-30)
    """
    return {
        name: tuple(Route(method, f"/upstreams/{name}/{{proxy+}}") for method in _UPSTREAM_METHODS)
        for name in sorted(upstreams)
    }
