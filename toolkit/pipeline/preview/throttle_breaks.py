"""Find throttles of HTTP API routes that a change lowers noticeably."""

from collections.abc import Iterator

from toolkit.pipeline.preview.model import Break
from toolkit.resource_types.apigatewayv2 import ROUTE, STAGE
from toolkit.stacks import ResourceGraph
from toolkit.stacks.inputs import MalformedPropertyError, UnknownPropertyError, inputs_of
from toolkit.stacks.throttles import default_throttle, route_throttle

NOTICED = 0.8
"""A new route takes its share from the others, a few percent each; less than this share of before is reported."""


def throttle_breaks(before: ResourceGraph, after: ResourceGraph) -> Iterator[Break]:
    """Yield each route, or default, that admits less than NOTICED of the requests per second or burst of before."""
    old, new = _throttles(before), _throttles(after)
    for name in sorted(old.keys() & new.keys()):
        (rate, burst), (new_rate, new_burst) = old[name], new[name]
        if new_rate < NOTICED * rate or new_burst < NOTICED * burst - 1:
            yield Break(name, "the throttle is lowered by more than a fifth")


def _throttles(graph: ResourceGraph) -> dict[str, tuple[float, float]]:
    inputs, found = inputs_of(graph), {}
    try:
        for stage in inputs.of(STAGE):
            limit = default_throttle(stage)
            found[f"stage {stage.resource.name}, default"] = (limit.rate, limit.burst)
            for route in inputs.of(ROUTE):
                limit = route_throttle(stage, route)
                found[route.text("routeKey")] = (limit.rate, limit.burst)
    except (MalformedPropertyError, UnknownPropertyError):
        return {}
    return found
