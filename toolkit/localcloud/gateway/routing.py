"""Route selection: the most specific path, then the method, then `ANY`, then `$default`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from toolkit.localcloud.gateway.http_api import Route
from toolkit.localcloud.gateway.request import decoded

_GREEDY = 2


@dataclass(frozen=True)
class Match:
    """A route and the values of its path variables, decoded."""

    route: Route
    path_parameters: Mapping[str, str]


@dataclass(frozen=True)
class _Pattern:
    route: Route
    method: str
    path: re.Pattern[str]
    variables: tuple[str, ...]
    rank: tuple[bool, tuple[int, ...], bool]
    """The sort key: exact paths before greedy ones, literals before variables, methods before ANY."""


class RouteTable:
    """The routes of an API, in the order of their evaluation."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._default = next((route for route in routes if route.key == "$default"), None)
        patterns = [_pattern(route) for route in routes if route.key != "$default"]
        self._patterns = sorted(patterns, key=lambda pattern: pattern.rank)

    def match(self, method: str, path: str) -> Match | None:
        """Return the route of a request, by its method and its routed path. Raises PathError."""
        relative = path.removeprefix("/")
        for pattern in self._patterns:
            if pattern.method in ("ANY", method) and (matched := pattern.path.fullmatch(relative)):
                values = map(decoded, matched.groups())
                return Match(pattern.route, dict(zip(pattern.variables, values, strict=True)))
        return Match(self._default, {}) if self._default is not None else None


def _pattern(route: Route) -> _Pattern:
    method, _, path = route.key.partition(" ")
    segments = path.removeprefix("/").split("/")
    weights = tuple(_weight(segment) for segment in segments)
    expressions = [
        (re.escape(segment), "([^/]+)", "(.+)")[weight] for segment, weight in zip(segments, weights, strict=True)
    ]
    return _Pattern(
        route,
        method,
        re.compile("/".join(expressions), re.DOTALL),
        tuple(segment.strip("{+}") for segment in segments if _weight(segment)),
        (weights[-1] == _GREEDY, weights, method == "ANY"),
    )


def _weight(segment: str) -> int:
    if segment.endswith("+}"):
        return _GREEDY
    return 1 if segment.startswith("{") else 0
