"""Checks throttles, concurrency and alarms of the settings against each other."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from api.definition import FUNCTIONS
from infrastructure.routes import MIN_RATE, Throttle, function_routes
from infrastructure.settings.groups import AlarmSettings, ApiSettings, FunctionSettings, WorkerSettings

if TYPE_CHECKING:
    from infrastructure.settings.stack import StackSettings

MAX_RESERVED_CONCURRENCY = 900
"""Of an account's concurrency of 1000 AWS keeps 100 unreserved."""
PUBLIC_SHARE = 0.5
"""The share of the concurrency that public routes may use; the rest is for signed-in callers."""
FIREWALL_SECONDS = ALARM_SECONDS = 300
CANARY_SECONDS = 60
CANARY_SHARE = 0.1
"""The share of the requests that CodeDeploy's canary sends to a new version."""


_MOST_RATE, _MOST_BURST = 0.2, 2
"""What a new route adds at most: few routes that share much would otherwise double it with the first feature."""


def with_more_routes(written: Mapping[str, object], routes: int) -> dict[str, int]:
    """Return the settings with which a stack serves more signed-in routes of weight 1, and the others as before."""
    api = ApiSettings.model_validate_json(json.dumps(written.get("api", {})))
    function = FunctionSettings.model_validate_json(json.dumps(written["function"]))
    seconds = AlarmSettings.model_validate_json(json.dumps(written["alarms"])).function_p99_ms / 1000
    present = [route for route in function_routes(docs=False) if not route.public]
    count, rates, bursts = len(present), sum(route.rate for route in present), sum(route.burst for route in present)
    spare_rate, spare_burst = api.requests_per_second - count * MIN_RATE, api.burst_requests - count
    wanted_rate = math.floor((count + routes) * MIN_RATE + spare_rate * (rates + routes) / rates)
    wanted_burst = count + routes + math.ceil(spare_burst * (bursts + routes) / bursts)
    rate = max(
        math.ceil((count + routes) * MIN_RATE),
        min(wanted_rate, api.requests_per_second + math.ceil(routes * _MOST_RATE)),
    )
    burst = max(count + routes, min(wanted_burst, api.burst_requests + routes * _MOST_BURST))
    more = Throttle(rate - api.requests_per_second, burst - api.burst_requests).concurrency(seconds)
    return {
        "api.requests-per-second": rate,
        "api.burst-requests": burst,
        "function.reserved-concurrency": function.reserved_concurrency + math.ceil(more),
    }


def capacity_violations(stack: "StackSettings") -> Iterator[str]:
    """Yield a sentence, without its subject and full stop, for each value that conflicts with another one."""
    yield from _route_violations(stack)
    yield from _concurrency_violations(stack)
    yield from _worker_violations(stack)
    yield from _duration_alarm_violations(stack)
    yield from _error_alarm_violations(stack)
    yield from _firewall_violations(stack)


def _route_violations(stack: "StackSettings") -> Iterator[str]:
    """Each route needs a burst of 1 and MIN_RATE: API Gateway responds to all requests of a route with 0 with 429."""
    routes = function_routes(docs=stack.serves_docs)
    public = sum(route.public for route in routes)
    api = stack.api
    for setting, rate, burst, count, kind in (
        ("burst-requests", api.requests_per_second, api.burst_requests, len(routes) - public, "signed-in"),
        ("public-burst-requests", api.public_requests_per_second, api.public_burst_requests, public, "public"),
    ):
        least = math.ceil(count * MIN_RATE)
        if rate < least:
            yield (
                f"must set api.{setting.replace('burst-requests', 'requests-per-second')} to {least} or more, not "
                f"{rate}: each of its {count} {kind} routes needs {MIN_RATE:g} a second"
            )
        if burst < count:
            yield f"must set api.{setting} to {count} or more, not {burst}: each of its {count} {kind} routes needs 1"


def _concurrency_violations(stack: "StackSettings") -> Iterator[str]:
    """The admitted requests in progress must fit into the reserved concurrency, else callers get 503.

    The duration is alarms.function-p99-ms, which includes a cold start.
    """
    api, instances, seconds = stack.api, stack.function.reserved_concurrency, stack.alarms.function_p99_ms / 1000
    public = Throttle(api.public_requests_per_second, api.public_burst_requests).concurrency(seconds)
    signed_in = Throttle(api.requests_per_second, api.burst_requests).concurrency(seconds)
    needed = math.ceil(public + signed_in)
    if needed > instances:
        fix = "lower" if needed > MAX_RESERVED_CONCURRENCY else f"raise it to {needed}, or lower"
        yield (
            f"admits {api.burst_requests} + {api.public_burst_requests} requests at once and {api.requests_per_second} "
            f"+ {api.public_requests_per_second} a second of up to {seconds:g} s, which need {needed} instances, but "
            f"function.reserved-concurrency is {instances}: {fix} burst-requests, requests-per-second and their "
            "public- forms in api, or alarms.function-p99-ms"
        )
    elif public > PUBLIC_SHARE * instances:
        yield (
            f"admits public requests for {math.ceil(public)} of {instances} instances, more than half: lower "
            "api.public-burst-requests and api.public-requests-per-second, or raise function.reserved-concurrency"
        )


def _worker_violations(stack: "StackSettings") -> Iterator[str]:
    """The functions together must leave AWS the concurrency that it keeps unreserved."""
    workers = [stack.functions.get(function.name, WorkerSettings()) for function in FUNCTIONS]
    reserved = stack.function.reserved_concurrency + sum(worker.reserved_concurrency for worker in workers)
    if workers and reserved > MAX_RESERVED_CONCURRENCY:
        yield (
            f"must reserve {MAX_RESERVED_CONCURRENCY} instances or fewer, not {reserved}: lower "
            "function.reserved-concurrency or functions.*.reserved-concurrency"
        )


def _duration_alarm_violations(stack: "StackSettings") -> Iterator[str]:
    longest = stack.function.timeout_seconds * 1000
    if stack.alarms.function_p99_ms >= longest:
        yield (
            f"must set alarms.function-p99-ms below {longest}, not to {stack.alarms.function_p99_ms}: no request lasts "
            "longer than function.timeout-seconds, so the alarm would never be raised"
        )


def _error_alarm_violations(stack: "StackSettings") -> Iterator[str]:
    """Each request is at most one error, so a threshold above the admitted requests is never reached."""
    api, alarms = stack.api, stack.alarms
    admitted = Throttle(
        api.requests_per_second + api.public_requests_per_second, api.burst_requests + api.public_burst_requests
    )
    in_five_minutes = math.floor(admitted.concurrency(ALARM_SECONDS))
    of_canary = max(1, math.floor(admitted.concurrency(CANARY_SECONDS) * CANARY_SHARE))
    for setting, threshold, most, what in (
        ("function-errors", alarms.function_errors, in_five_minutes, "requests in five minutes"),
        ("function-throttles", alarms.function_throttles, in_five_minutes, "requests in five minutes"),
        ("canary-errors", alarms.canary_errors, of_canary, "requests of a new version in a minute"),
    ):
        if threshold > most:
            yield (
                f"must set alarms.{setting} to {most} or less, not {threshold}: the throttles of api admit no more "
                f"{what}, so the alarm would never be raised"
            )


def _firewall_violations(stack: "StackSettings") -> Iterator[str]:
    """One IP address must not use the rate of all callers."""
    admitted = FIREWALL_SECONDS * stack.api.requests_per_second
    if not stack.may_have_an_edge or stack.edge is None:
        return
    if stack.edge.requests_per_five_minutes >= admitted:
        yield (
            f"must set edge.requests-per-five-minutes below {admitted}, not to "
            f"{stack.edge.requests_per_five_minutes}: one address could use the api.requests-per-second of all callers"
        )
