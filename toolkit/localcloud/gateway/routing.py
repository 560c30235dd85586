"""Route selection: the most specific path, then the method, then `ANY`, then `$default`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from toolkit.localcloud.gateway.http_api import Route
from toolkit.localcloud.gateway.paths import decoded


@dataclass(frozen=True)
class Match:
    """A route and the values of its path variables, decoded."""

    route: Route
    path_parameters: Mapping[str, str]


@dataclass(frozen=True)
class _Pattern:
    route: Route
    method: str
    segments: tuple[str, ...]

    @property
    def greedy(self) -> bool:
        return bool(self.segments) and self.segments[-1].endswith("+}")

    def rank(self) -> tuple[bool, tuple[int, ...], bool]:
        """Return the sort key: exact paths before greedy ones, literals before variables, methods before ANY."""
        weights = tuple(_weight(segment) for segment in self.segments)
        return self.greedy, weights, self.method == "ANY"

    def match(self, method: str, segments: Sequence[str]) -> dict[str, str] | None:
        if self.method not in ("ANY", method):
            return None
        if len(segments) < len(self.segments) or (not self.greedy and len(segments) != len(self.segments)):
            return None
        found: dict[str, str] = {}
        for position, pattern in enumerate(self.segments):
            if pattern.endswith("+}"):
                rest = decoded("/".join(segments[position:]))
                return {**found, pattern[1:-2]: rest} if rest else None
            value = segments[position]
            if not pattern.startswith("{"):
                if pattern != value:
                    return None
            elif value:
                found[pattern[1:-1]] = decoded(value)
            else:
                return None
        return found


class RouteTable:
    """The routes of an API, in the order of their evaluation."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._default = next((route for route in routes if route.key == "$default"), None)
        patterns = [_pattern(route) for route in routes if route.key != "$default"]
        self._patterns = sorted(patterns, key=_Pattern.rank)

    def match(self, method: str, path: str) -> Match | None:
        """Return the route of a request, by its method and its routed path. Raises PathError."""
        segments = path.removeprefix("/").split("/")
        for pattern in self._patterns:
            parameters = pattern.match(method, segments)
            if parameters is not None:
                return Match(pattern.route, parameters)
        return Match(self._default, {}) if self._default is not None else None


def _pattern(route: Route) -> _Pattern:
    method, _, path = route.key.partition(" ")
    return _Pattern(route, method, tuple(path.removeprefix("/").split("/")))


def _weight(segment: str) -> int:
    if segment.endswith("+}"):
        return 2
    return 1 if segment.startswith("{") else 0
