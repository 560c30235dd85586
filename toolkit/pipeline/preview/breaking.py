"""Find the changes of a stack that break its callers: routes, origins, clients, limits and names."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.pipeline.deploy.data_loss import at
from toolkit.pipeline.preview.breaking_properties import LISTS, LOWERED, REMOVED, SWITCHED
from toolkit.pipeline.preview.compare import Side, pairs
from toolkit.pipeline.preview.model import Break, ResourceChange
from toolkit.pipeline.preview.routes import route_breaks
from toolkit.resource_types.apigatewayv2 import ROUTE, STAGE
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks import Resource, ResourceGraph
from toolkit.stacks.inputs import MalformedPropertyError, UnknownPropertyError, inputs_of
from toolkit.stacks.throttles import default_throttle, route_throttle

_LIMIT = re.compile(r"(^|_)(LIMIT|MAX|MAXIMUM|QUOTA)(_|$)")
_NOTICED = 0.8
"""A new route takes its share from the others, a few percent each; less than this share of before is reported."""


@dataclass(frozen=True)
class _Pair:
    before: Resource
    after: Resource

    def values(self, path: str) -> tuple[Any, Any]:
        words = path.split(".")
        return at(self.before.inputs, words), at(self.after.inputs, words)


def breaks_in(before: Side, after: Side, changes: Iterable[ResourceChange]) -> tuple[Break, ...]:
    """Return the changes of the stack that break its callers."""
    kept = [_Pair(old, new) for old, new in pairs(before, after) if old and new]
    breaks = [
        *route_breaks(before.graph, after.graph),
        *_removed(changes),
        *(each for pair in kept for each in _of_pair(pair)),
        *_throttle_breaks(before.graph, after.graph),
    ]
    outputs = (Break(f"output {name}", "the stack output is removed") for name in before.graph.outputs)
    breaks += [each for each in outputs if each.where.removeprefix("output ") not in after.graph.outputs]
    return tuple(dict.fromkeys(breaks))


def _removed(changes: Iterable[ResourceChange]) -> Iterator[Break]:
    for change in changes:
        noun = REMOVED.get(change.type)
        # A record that starts with an underscore validates a domain for a certificate authority.
        if noun and not (change.type.startswith("aws:route53/") and change.name.startswith("_")):
            if change.operation == "delete":
                yield Break(change.name, f"the {noun} is removed")
            elif change.operation == "replace":
                yield Break(change.name, f"the {noun} is replaced: its ID or address changes")


def _of_pair(pair: _Pair) -> Iterator[Break]:
    where = pair.after.name
    for path, noun in LISTS.get(pair.after.type, {}).items():
        old, new = (set(_texts(value)) for value in pair.values(path))
        gone = sorted(old - new) if "*" not in new else []
        yield from (Break(where, f"the {noun} {value} is removed") for value in gone)
    for path, (noun, default) in LOWERED.get(pair.after.type, {}).items():
        after, before = (_number(value, default) for value in reversed(pair.values(path)))
        if after < before:
            yield Break(where, f"the {noun} is lowered from {before:g} to {after:g}")
    for path, test, sentence in SWITCHED.get(pair.after.type, ()):
        was, now = pair.values(path)
        if was != now and test(was, now):
            yield Break(where, sentence)
    if pair.after.type == FUNCTION:
        yield from _limits(where, *pair.values("environment.variables"))


def _limits(where: str, was: Any, now: Any) -> Iterator[Break]:
    """Yield lowered limits of the function: environment variables with the name of a limit."""
    old, new = (value if isinstance(value, Mapping) else {} for value in (was, now))
    for name in sorted(old.keys() & new.keys()):
        before, after = _number(old[name], 0), _number(new[name], 0)
        if _LIMIT.search(name) and 0 < after < before:
            yield Break(where, f"{name} is lowered from {before:g} to {after:g}")


def _throttle_breaks(before: ResourceGraph, after: ResourceGraph) -> Iterator[Break]:
    """Yield each route, or default, that admits less than _NOTICED of the requests per second or burst of before."""
    old, new = _throttles(before), _throttles(after)
    for name in sorted(old.keys() & new.keys()):
        (rate, burst), (new_rate, new_burst) = old[name], new[name]
        if new_rate < _NOTICED * rate or new_burst < _NOTICED * burst - 1:
            yield Break(name, "the throttle is lowered by more than a fifth")


def _throttles(graph: ResourceGraph) -> dict[str, tuple[float, float]]:
    inputs, limits = inputs_of(graph), {}
    try:
        for stage in inputs.of(STAGE):
            limit = default_throttle(stage)
            limits[f"stage {stage.resource.name}, default"] = (limit.rate, limit.burst)
            for route in inputs.of(ROUTE):
                limit = route_throttle(stage, route)
                limits[route.text("routeKey")] = (limit.rate, limit.burst)
    except (MalformedPropertyError, UnknownPropertyError):
        return {}
    return limits


def _texts(value: Any) -> Iterator[str]:
    """Return the texts of a list, or of a list of blocks with a scope's name or a list of origins or methods."""
    for each in value if isinstance(value, list | tuple) else ():
        if isinstance(each, str):
            yield each
        elif isinstance(each, Mapping):
            yield from (str(each[key]) for key in ("scopeName",) if key in each)
            yield from (str(one) for key in ("allowedOrigins", "allowedMethods") for one in each.get(key) or () if one)


def _number(value: Any, default: float) -> float:
    try:
        return default if value is None else float(value)
    except (TypeError, ValueError):
        return default
