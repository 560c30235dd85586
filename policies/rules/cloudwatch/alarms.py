"""Rules on what alarms do, and on the resources that they watch."""

import re

from policies.rules.lambda_.callers import invokes
from toolkit.policy.cloudwatch.alarms import WatchedMetric, are_high_values_bad, compares_upwards, expression, watched
from toolkit.policy.cloudwatch.metrics import OWNERS, Kind
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.apigatewayv2 import API, INTEGRATION, STAGE
from toolkit.resource_types.cloudwatch import COMPOSITE_ALARM, METRIC_ALARM, METRIC_FILTER
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import comes_from_elsewhere, known_text, reference, refers
from toolkit.stacks.throttles import api_routes, throttle_at

_NAMESPACE_VARIABLE = "environment.variables.POWERTOOLS_METRICS_NAMESPACE"
_LONGEST_REQUEST_MS = 30_000
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html, read on 2026-11-30."""
_CALLS_PER_INSTANCE = 10
"""Requests a second for each instance: https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html (read
2026-11-30) counts 1,000 instances as 10,000 requests a second."""
_CALLS_OF_A_REQUEST = 10
"""Calls to a table that one request causes, at most."""
_STATE = re.compile(r"\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:\"([^\"]+)\"|'([^']+)'|([^\"')\s]+))\s*\)")
_WORDS = re.compile(r"\b(AND|OR|NOT|TRUE|FALSE|AT_LEAST)\b|[()\s,\d%]")


@for_each(METRIC_ALARM)
def _dimensions_are_of_stack(alarm: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    path = "dimensions" if alarm.has("metricName") else "metricQueries"
    elsewhere = comes_from_elsewhere(graph, alarm, path)
    return elsewhere or all(_dimensions_name_resources(graph, alarm, path, one) for one in watched(alarm))


def _dimensions_name_resources(graph: StackInputs, alarm: Inputs, path: str, one: WatchedMetric) -> bool:
    """Return whether each dimension that names a resource names one of this stack; a version is not looked at."""
    for dimension in one.dimensions & set(OWNERS):
        namespace, type_, output = OWNERS[dimension]
        if one.namespace != namespace and one.namespace.startswith("AWS/"):
            continue
        value = known_text(one.part, f"dimensions.{dimension}")
        if not any(refers(alarm, path, value, owner, output) for owner in graph.of(type_)):
            return False
    return True


def _namespace_is_configured(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """Return whether a function's metric is in the namespace that the function is configured to write to."""
    filtered = {part.text("namespace") for each in graph.of(METRIC_FILTER) for part in [_transformation(each)]}

    def written(alarm: Inputs) -> bool:
        return all(
            one.namespace in filtered or one.namespace in _configured_namespaces(graph, one) for one in watched(alarm)
        )

    return every(graph.of(METRIC_ALARM), written)


def _transformation(metric_filter: Inputs) -> Inputs:
    return metric_filter.part("metricTransformation")


def _configured_namespaces(graph: StackInputs, one: WatchedMetric) -> set[str]:
    """Return the namespaces that the metric's function writes to; the metric's own where none is configured."""
    name = known_text(one.part, "dimensions.FunctionName")
    configured = [
        function.text(_NAMESPACE_VARIABLE)
        for function in graph.of(FUNCTION)
        if name is not None and reference(function, "name") == name and function.has(_NAMESPACE_VARIABLE)
    ]
    return set(configured) if configured and not one.namespace.startswith("AWS/") else {one.namespace}


@for_each(METRIC_ALARM)
def _threshold_is_reachable(alarm: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    if not compares_upwards(alarm) or "/" in expression(alarm):
        return True
    limits = [_limit(graph, alarm, one) for one in watched(alarm)]
    known = [limit for limit in limits if limit is not None]
    return not known or len(known) < len(limits) or alarm.number("threshold", 0) <= sum(known)


def _limit(graph: StackInputs, alarm: Inputs, one: WatchedMetric) -> float | None:
    """Return the most that a period of the metric can come to; None where nothing of the stack bounds it."""
    path = "dimensions" if alarm.has("metricName") else "metricQueries"
    if not one.namespace.startswith("AWS/"):
        return _of_function(graph, alarm, path, one)
    if one.namespace == "AWS/ApiGateway":
        return _of_api(graph, alarm, path, one)
    if one.namespace == "AWS/Lambda":
        return _of_function(graph, alarm, path, one)
    if one.namespace == "AWS/DynamoDB" and _counts(one):
        calls = [_requests(graph, stage, one.period) for stage in graph.of(STAGE)]
        return sum(calls) * _CALLS_OF_A_REQUEST if calls and len(graph.of(FUNCTION)) == 1 else None
    return None


def _of_api(graph: StackInputs, alarm: Inputs, path: str, one: WatchedMetric) -> float | None:
    if one.known is not None and one.known.kind is Kind.MILLISECONDS:
        return _LONGEST_REQUEST_MS
    if one.statistic != "Sum":
        return None
    value = known_text(one.part, "dimensions.ApiId")
    apis = [api.urn for api in graph.of(API) if refers(alarm, path, value, api, "id")]
    calls = [_requests(graph, stage, one.period) for stage in graph.of(STAGE) if set(apis) & _apis(stage)]
    return max(calls, default=None)


def _of_function(graph: StackInputs, alarm: Inputs, path: str, one: WatchedMetric) -> float | None:
    value = known_text(one.part, "dimensions.FunctionName")
    for function in graph.of(FUNCTION):
        if refers(alarm, path, value, function, "name"):
            if one.part.text("metricName") == "Duration":
                return 1000 * function.number("timeout", 3)
            return _calls(graph, function, one.period) if _counts(one) else None
    return None


def _counts(one: WatchedMetric) -> bool:
    """Return whether the value is a sum of what calls add, each 1 at most; so are metrics of a function's own."""
    return one.statistic == "Sum" and (one.known is None or one.known.kind is Kind.EVENTS)


def _calls(graph: StackInputs, function: Inputs, period: float) -> float | None:
    """Return the invocations of a period: what its APIs admit, or what its instances can answer."""
    apis = {urn for each in graph.of(INTEGRATION) if invokes(graph, each, function) for urn in each.depends_on("apiId")}
    requests = [_requests(graph, stage, period) for stage in graph.of(STAGE) if apis & _apis(stage)]
    if requests:
        return sum(requests)
    reserved = function.number("reservedConcurrentExecutions", -1)
    return reserved * _CALLS_PER_INSTANCE * period if reserved > 0 else None


def _requests(graph: StackInputs, stage: Inputs, period: float) -> float:
    """Return the requests of a period if they share one token bucket: a threshold above that is not in reach."""
    routes = api_routes(graph, stage) or (None,)
    return max(throttle_at(graph, stage, route).admits(period) for route in routes)


def _apis(stage: Inputs) -> set[str]:
    return set(stage.depends_on("apiId"))


def _names_alarms(graph: StackInputs, _stack: Stack) -> bool | Violations:
    alarms = graph.of(METRIC_ALARM, COMPOSITE_ALARM)

    def named(composite: Inputs) -> bool:
        rule = composite.text("alarmRule")
        states = ["".join(groups[1:]) for groups in _STATE.findall(rule)]
        if not states or _WORDS.sub("", _STATE.sub("", rule)):
            return False
        if comes_from_elsewhere(graph, composite, "alarmRule"):
            return True
        return all(
            any(refers(composite, "alarmRule", each, one, "name", "alarmName", "arn") for one in alarms)
            for each in states
        )

    return every(graph.of(COMPOSITE_ALARM), named)


alarm_watches_stack = StackRule(
    name="alarm-watches-stack",
    description="CloudWatch alarms watch resources of the same stack",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    checks={
        "a dimension names no resource of this stack; take the name from the resource, or from a StackReference": (
            _dimensions_are_of_stack
        ),
        "the function writes its own metrics to another namespace, POWERTOOLS_METRICS_NAMESPACE; use that": (
            _namespace_is_configured
        ),
    },
)

alarm_threshold_in_reach = StackRule(
    name="alarm-threshold-in-reach",
    description="Alarm thresholds are within the limits of throttling, concurrency and timeouts",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="threshold is above what the stage admits in a period, or above the function's timeout, so the alarm is "
    "never raised; lower it",
    check=_threshold_is_reachable,
)

composite_alarm_names = StackRule(
    name="composite-alarm-names",
    description="Composite alarms reference alarms of the same stack",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="alarmRule names an alarm that this stack lacks, or none, or has an unknown word; take names from the "
    "alarms",
    check=_names_alarms,
)

_MISSING_DATA = {"notBreaching", "breaching", "ignore", "missing"}

alarm_has_action = ResourceRule(
    name="alarm-has-action",
    description="CloudWatch alarms have an alarm action, and actions are enabled",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("NIST: CloudWatch.15, CloudWatch.17; CHECKOV: CKV_AWS_319; GUARD: cloudwatch_alarm_action_check"),
    types=(METRIC_ALARM, COMPOSITE_ALARM),
    checks={
        "alarmActions is empty; add the ARN of a topic": lambda alarm, _: bool(alarm.texts("alarmActions")),
        "actionsEnabled is false; remove it": lambda alarm, _: alarm.flag("actionsEnabled", default=True),
    },
)

alarm_missing_data = ResourceRule(
    name="alarm-missing-data",
    description="CloudWatch alarms set treatMissingData explicitly",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(METRIC_ALARM,),
    checks={
        "treatMissingData is absent, so an alarm without data keeps its last state; set notBreaching or breaching": (
            lambda alarm, _: alarm.has("treatMissingData")
        ),
        "treatMissingData is none of notBreaching, breaching, ignore and missing; correct it": lambda alarm, _: (
            alarm.text("treatMissingData", "missing") in _MISSING_DATA
        ),
        "treatMissingData is breaching for a metric of failures, which has no data without traffic; set notBreaching": (
            lambda alarm, _: alarm.text("treatMissingData") != "breaching" or not are_high_values_bad(alarm)
        ),
    },
)
