"""Find removed routes of HTTP and REST APIs, and routes that require more of their callers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.pipeline.preview.model import Break
from toolkit.resource_types.apigatewayv2 import ROUTE
from toolkit.stacks import Resource, ResourceGraph

_METHOD, _RESOURCE = "aws:apigateway/method:Method", "aws:apigateway/resource:Resource"
_PARAMETER = re.compile(r"\{[^}]*\}")
_GREEDY = re.compile(r"/\{[^}]*\+\}$")
OPEN = ("", "NONE")


@dataclass(frozen=True)
class Route:
    """A route or method as callers see it; `scopes` of which a token needs one."""

    key: str
    authorization: str
    scopes: frozenset[str]
    needs_key: bool

    @property
    def shape(self) -> str:
        """Return the key without the names of its path parameters."""
        return path_shape(self.key)

    def covers(self, key: str) -> bool:
        """Return whether API Gateway sends it a request of another, removed route.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html (read 2026-11-30)
        """
        method, _, path = key.partition(" ")
        own_method, _, own_path = self.key.partition(" ")
        if self.key == "$default":
            return True
        if own_method not in ("ANY", method):
            return False
        if _GREEDY.search(own_path):
            start = path_shape(_GREEDY.sub("/", own_path))
            return path_shape(path).startswith(start) and len(path_shape(path)) > len(start)
        return path_shape(path) == path_shape(own_path)


def routes_of(graph: ResourceGraph) -> dict[str, Route]:
    """Return the routes by the shape of their key."""
    routes = [_http(resource.inputs) for resource in graph.of_type(ROUTE)]
    paths = {resource.id: resource for resource in graph.of_type(_RESOURCE)}
    routes += [_rest(resource.inputs, paths) for resource in graph.of_type(_METHOD)]
    return {route.shape: route for route in routes}


def route_breaks(before: ResourceGraph, after: ResourceGraph) -> Iterator[Break]:
    """Yield the breaking changes of the routes."""
    old, new = routes_of(before), routes_of(after)
    for shape, was in old.items():
        now = new.get(shape) or next((route for route in new.values() if route.covers(was.key)), None)
        if now is None:
            same_path = shape.partition(" ")[2] in {each.partition(" ")[2] for each in new}
            yield Break(was.key, f"the {'method' if same_path else 'route'} is removed")
        else:
            yield from (Break(was.key, what) for what in _narrower(was, now))


def _narrower(was: Route, now: Route) -> Iterator[str]:
    """Yield the new requirements on callers.

    A token needs at least one of a route's scopes:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html (read 2026-11-30)
    """
    if now.authorization not in OPEN and was.authorization in OPEN:
        yield f"an authorizer is added ({now.authorization}): calls without a token are rejected"
    elif now.authorization != was.authorization and now.authorization not in OPEN:
        yield f"the authorization changes from {was.authorization} to {now.authorization}"
    elif now.scopes and (not was.scopes or was.scopes - now.scopes):
        before = " or ".join(sorted(was.scopes)) or "none"
        yield f"the scope that a token needs changes from {before} to {' or '.join(sorted(now.scopes))}"
    if now.needs_key and not was.needs_key:
        yield "an API key is required"


def _http(inputs: Mapping[str, Any]) -> Route:
    return Route(str(inputs.get("routeKey")), *_access(inputs, "authorizationType"))


def _rest(inputs: Mapping[str, Any], paths: Mapping[str, Resource]) -> Route:
    parts: list[str] = []
    place = paths.get(str(inputs.get("resourceId")))
    while place is not None and len(parts) < len(paths):
        parts.append(str(place.inputs.get("pathPart")))
        place = paths.get(str(place.inputs.get("parentId")))
    return Route(f"{inputs.get('httpMethod')} /{'/'.join(reversed(parts))}", *_access(inputs, "authorization"))


def _access(inputs: Mapping[str, Any], name: str) -> tuple[str, frozenset[str], bool]:
    scopes = inputs.get("authorizationScopes") or ()
    return str(inputs.get(name) or ""), frozenset(map(str, scopes)), inputs.get("apiKeyRequired") is True


def path_shape(path: str) -> str:
    """Return a path, or a key with a path, without the names of its parameters, which callers do not see."""
    return _PARAMETER.sub("{}", path)
