"""The instances of a function for which the throttles of its APIs admit requests."""

from collections.abc import Iterator

from toolkit.policy.cloudwatch.alarms import compares_downwards, expression, watched
from toolkit.resource_types.apigatewayv2 import INTEGRATION
from toolkit.resource_types.cloudwatch import METRIC_ALARM
from toolkit.resource_types.lambda_ import ALIAS
from toolkit.stacks.inputs import Inputs, StackInputs
from toolkit.stacks.references import known_text, refers
from toolkit.stacks.throttles import Throttle, buckets

_DEFAULT_TIMEOUT = 3


def _seconds(graph: StackInputs, function: Inputs) -> float:
    """The longest duration that is normal: the threshold of an alarm on the function's Duration, else the timeout."""
    watching = [alarm.number("threshold", 0) for alarm in graph.of(METRIC_ALARM) if _on_duration(alarm, function)]
    timeout = function.number("timeout", _DEFAULT_TIMEOUT)
    return min(max(watching) / 1000, timeout) if watching else timeout


def _on_duration(alarm: Inputs, function: Inputs) -> bool:
    """Return whether the alarm is raised by a duration of this function, not by an expression or a low value."""
    path = "dimensions" if alarm.has("metricName") else "metricQueries"
    found = watched(alarm)
    return (
        len(found) == 1
        and not expression(alarm)
        and not compares_downwards(alarm)
        and found[0].namespace == "AWS/Lambda"
        and found[0].part.text("metricName") == "Duration"
        and refers(alarm, path, known_text(found[0].part, "dimensions.FunctionName"), function, "name")
    )


def _called(graph: StackInputs, function: Inputs) -> Iterator[tuple[bool, Throttle]]:
    """Yield each bucket of tokens by which APIs call the function, and whether its route is public."""
    entries = (function, *graph.using(function, ALIAS, by="functionName"))
    using = (one for entry in entries for one in graph.using(entry, INTEGRATION, by="integrationUri"))
    for integration in {one.urn: one for one in using}.values():
        for route, throttle in buckets(graph, integration):
            yield route is not None and route.text("authorizationType", "NONE") == "NONE", throttle


def _needed(throttles: list[Throttle], seconds: float) -> float:
    """Requests in progress at most: a token bucket admits burst + rate × t in t seconds.

    https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html (read 2026-11-30): one instance for each
    request in progress.
    """
    return sum(throttle.burst + throttle.rate * seconds for throttle in throttles)


def needed_concurrency(graph: StackInputs, function: Inputs) -> float:
    """Return how many instances the requests need that APIs of the stack admit; 0 where none calls the function.

    Raises UnknownPropertyError.
    """
    throttles = [throttle for _, throttle in _called(graph, function)]
    return _needed(throttles, _seconds(graph, function)) if throttles else 0


def needed_by_public_routes(graph: StackInputs, function: Inputs) -> float:
    """Return how many instances requests without a token need; 0 where all routes of the function are public.

    Raises UnknownPropertyError.
    """
    called = list(_called(graph, function))
    public = [throttle for is_public, throttle in called if is_public]
    return _needed(public, _seconds(graph, function)) if public and len(public) < len(called) else 0
