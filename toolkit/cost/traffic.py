"""The flow of requests through a stack: from its APIs to functions, logs, tables and traces."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from toolkit.cost.callers import SCHEDULE_TARGETS, callers_without_count, calls_of_schedule
from toolkit.cost.usage import Usage
from toolkit.resource_types.apigateway import REST_AUTHORIZER, REST_INTEGRATION, REST_STAGE
from toolkit.resource_types.apigatewayv2 import AUTHORIZER, INTEGRATION, STAGE
from toolkit.resource_types.lambda_ import ALIAS, EVENT_SOURCE_MAPPING, FUNCTION, FUNCTION_URL
from toolkit.resource_types.s3 import BUCKET_NOTIFICATION
from toolkit.resource_types.sns import TOPIC_SUBSCRIPTION
from toolkit.stacks.inputs import Inputs, StackInputs
from toolkit.stacks.throttles import Throttle, api_routes, throttle_at

HOURS = 730
SECONDS = 2_628_000
"""Seconds of a month as AWS counts it: 730 hours."""
LONGEST_HOURS = 744
LONGEST_SECONDS = 2_678_400
"""Seconds of a month with 31 days, the worst one."""
ACCOUNT_CONCURRENCY = 1_000
"""Instances that Lambda runs in a region where a function sets no limit."""
URL_RATE = 10
"""Requests per second of a function URL, for each instance that may run at once.

https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html, read on 2026-11-30: "Your function's
maximum request rate per second (RPS) is equivalent to 10 times the configured reserved concurrency."
"""
_INTEGRATIONS = ((INTEGRATION, "integrationUri"), (REST_INTEGRATION, "uri"))
_AUTHORIZERS = ((AUTHORIZER, "authorizerUri"), (REST_AUTHORIZER, "authorizerUri"))
_EVENTS = (EVENT_SOURCE_MAPPING, BUCKET_NOTIFICATION, TOPIC_SUBSCRIPTION)
"""Callers that wait until an instance is free; others choose how long a call takes."""
KB_IN_GB = 1_048_576
BYTES_IN_GB = 1_073_741_824


@dataclass(frozen=True)
class Load:
    """Requests in a month: as expected, and at most."""

    expected: float
    most: float
    bound: str
    """The limit of the most, as text."""


@dataclass(frozen=True)
class Traffic:
    """The resources of a stack and the requests of its profile."""

    graph: StackInputs
    usage: Usage

    @cached_property
    def _stages(self) -> tuple[Inputs, ...]:
        return self.graph.of(STAGE, REST_STAGE)

    @cached_property
    def _entries(self) -> int:
        """Return the number of stages and function URLs that share the requests of the profile."""
        return len(self._stages) + len(self.graph.of(FUNCTION_URL))

    def at_stage(self, stage: Inputs) -> Load:
        """Return the requests that a stage admits on all its routes; the entries share the profile's evenly."""
        routes = api_routes(self.graph, stage) or self._hidden(stage) or (None,)
        return self._load_of_routes(routes, stage, 1)

    def at_url(self, url: Inputs) -> Load:
        """Return the requests that a function URL passes on."""
        functions = self.graph.behind(url, "functionName", FUNCTION) or self._aliased(url)
        instances = sum(self.concurrency(function) for function in functions) or ACCOUNT_CONCURRENCY
        most = instances * URL_RATE * LONGEST_SECONDS
        bound = f"{URL_RATE} × {instances:,.0f} instances × {LONGEST_SECONDS:,} s"
        return Load(min(self.usage.requests / self._entries, most), most, bound)

    def at_function(self, function: Inputs) -> Load:
        """Return the calls of a function from routes, URLs, schedules and events; at most one per instance at a time.

        A call takes 1 ms at least. The instances work on events one after the other, as long as the profile says.
        """
        loads, instances = self._loads(function), self.concurrency(function)
        invocations, shortest = self.usage.of_function(function.resource.name).invocations or 0, 1.0
        if callers := self.callers_without_count(function):
            if all(caller.resource.type in _EVENTS for caller in callers):
                shortest = max(self.duration_ms(function), shortest)
            busy = instances * LONGEST_SECONDS * 1000 / shortest
            loads = [*loads, Load(min(invocations, busy), busy, _one_after_the_other(instances, shortest))]
        most, bound = instances * LONGEST_SECONDS * 1000.0, _one_after_the_other(instances, 1)
        if loads and (through := sum(load.most for load in loads)) < most:
            most, bound = through, " + ".join(load.bound for load in loads)
        return Load(min(sum(load.expected for load in loads), most), most, bound)

    def duration_ms(self, function: Inputs) -> float:
        """Return how long the function works on a call, on average."""
        return self.usage.of_function(function.resource.name).duration_ms or 0

    def carries_traces(self, function: Inputs) -> bool:
        """Return whether a caller chooses what X-Ray traces: not a schedule, and no bucket."""
        entries = self.entries_of(function)
        apis = any(self._from_stage(stage, entries) for stage in self._stages)
        urls = any(self.graph.using(entry, FUNCTION_URL, by="functionName") for entry in entries)
        others = [one for one in self.callers_without_count(function) if one.resource.type != BUCKET_NOTIFICATION]
        return apis or urls or bool(others) or not self.has_callers(function)

    def callers_without_count(self, function: Inputs) -> tuple[Inputs, ...]:
        """Return the queues, buckets and other resources whose number of calls is unknown."""
        return callers_without_count(self.graph, self.entries_of(function))

    def has_callers(self, function: Inputs) -> bool:
        """Return whether the stack shows what calls the function."""
        return bool(self._loads(function) or self.callers_without_count(function))

    def concurrency(self, function: Inputs) -> float:
        """Return the most concurrent instances; the account's quota where the function sets none."""
        reserved = function.number("reservedConcurrentExecutions", -1)
        return reserved if reserved >= 0 else ACCOUNT_CONCURRENCY

    def callers(self, used: Inputs, by: str) -> tuple[Inputs, ...]:
        """Return the functions that depend on the resource."""
        return self.graph.using(used, FUNCTION, by=by)

    def at_functions(self, functions: tuple[Inputs, ...]) -> Load:
        """Return the sum of the calls of several functions."""
        loads = [self.at_function(function) for function in functions]
        return Load(
            sum(load.expected for load in loads),
            sum(load.most for load in loads),
            " + ".join(load.bound for load in loads) or "no function",
        )

    def invoked_by(self, source: Inputs) -> tuple[Inputs, ...]:
        """Return the functions that an event source invokes, by an alias or directly."""
        return tuple(
            function
            for function in self.graph.of(FUNCTION)
            if source.urn in {caller.urn for caller in self.callers_without_count(function)}
        )

    def share(self, resource: Inputs) -> int:
        """Return the number of resources of its type, which share the profile's quantity."""
        return len(self.graph.of(resource.resource.type))

    def entries_of(self, function: Inputs) -> tuple[Inputs, ...]:
        """Return the function and its aliases."""
        return (function, *self.graph.using(function, ALIAS, by="functionName"))

    def _loads(self, function: Inputs) -> list[Load]:
        entries = self.entries_of(function)
        urls = {one.urn: one for entry in entries for one in self.graph.using(entry, FUNCTION_URL, by="functionName")}
        schedules = {
            one.urn: one
            for entry in entries
            for type_, by in SCHEDULE_TARGETS
            for one in self.graph.using(entry, type_, by=by)
        }
        scheduled = [calls_of_schedule(self.graph, one) for one in schedules.values()]
        return [
            *(load for stage in self._stages if (load := self._from_stage(stage, entries))),
            *(self.at_url(url) for url in urls.values()),
            *(Load(calls.expected, calls.most, calls.how) for calls in scheduled if calls),
        ]

    def _from_stage(self, stage: Inputs, entries: tuple[Inputs, ...]) -> Load | None:
        """Return the requests of a stage's routes to a function; None where the API does not call it.

        Each route has the same share of the stage's requests. A route whose target is not known may lead anywhere.
        """
        routes = api_routes(self.graph, stage)
        if any(_apis(stage) & _apis(one) for one in self._users(entries, _AUTHORIZERS)):
            authorizers = {one.urn for one in self._users(entries, _AUTHORIZERS)}
            authorized = [route for route in routes if authorizers & set(route.depends_on("authorizerId"))]
            return self._load_of_routes(
                authorized or routes or (None,), stage, len(authorized) / len(routes) if authorized else 1
            )
        integrations = [one for one in self._users(entries, _INTEGRATIONS) if _apis(stage) & _apis(one)]
        if not integrations:
            return None
        urns = {one.urn for one in integrations}
        leading = [
            route
            for route in routes
            if route.urn in urns or urns & set(route.depends_on("target")) or not _has_known_target(route)
        ]
        if routes:
            return self._load_of_routes(leading, stage, len(leading) / len(routes)) if leading else None
        return self._load_of_routes((None,) * len(urns), stage, len(urns) / max(len(self._hidden(stage)), 1))

    def _load_of_routes(self, routes: Iterable[Inputs | None], stage: Inputs, share: float) -> Load:
        throttles = [throttle_at(self.graph, stage, route) for route in routes]
        most = sum(throttle.admits(LONGEST_SECONDS) for throttle in throttles)
        return Load(min(self.usage.requests / self._entries * share, most), most, _formula(throttles))

    def _users(self, entries: tuple[Inputs, ...], kinds: Iterable[tuple[str, str]]) -> list[Inputs]:
        return [one for entry in entries for type_, by in kinds for one in self.graph.using(entry, type_, by=by)]

    def _hidden(self, stage: Inputs) -> tuple[None, ...]:
        """Return one route, which the stack does not show, for each integration of the stage's API."""
        return (None,) * sum(bool(_apis(stage) & _apis(one)) for one in self.graph.of(INTEGRATION))

    def _aliased(self, url: Inputs) -> tuple[Inputs, ...]:
        aliases = self.graph.behind(url, "functionName", ALIAS)
        return tuple(one for alias in aliases for one in self.graph.behind(alias, "functionName", FUNCTION))


def _one_after_the_other(instances: float, milliseconds: float) -> str:
    return f"{instances:,.0f} instances × {LONGEST_SECONDS:,} s ÷ {milliseconds:g} ms"


def _apis(part: Inputs) -> set[str]:
    """Return the URNs of its API."""
    return {*part.depends_on("apiId"), *part.depends_on("restApi")}


def _has_known_target(route: Inputs) -> bool:
    """Return whether it is known where a route leads; the integration of a REST API's method is its own target."""
    return route.resource.type == REST_INTEGRATION or bool(route.depends_on("target"))


def _formula(throttles: list[Throttle]) -> str:
    """Return the sum of the routes' token buckets as a formula."""
    admitting = [throttle for throttle in throttles if throttle.rate > 0]
    rate, burst = sum(one.rate for one in admitting), sum(one.burst for one in admitting)
    of = f" of {len(throttles)} routes" if len(throttles) > 1 else ""
    return f"{rate:,.6g}/s × {LONGEST_SECONDS:,} s + burst {burst:,.0f}{of}"
