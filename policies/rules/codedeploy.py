"""Rules on CodeDeploy deployment groups and canary deployments."""

import re

from toolkit.policy.cloudwatch.alarms import watched
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudwatch import COMPOSITE_ALARM, METRIC_ALARM
from toolkit.resource_types.codedeploy import APPLICATION, DEPLOYMENT_CONFIG, DEPLOYMENT_GROUP
from toolkit.resource_types.lambda_ import ALIAS, FUNCTION
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import comes_from_elsewhere, known_text, known_texts, named_by, reference

_GRADUAL = frozenset(
    f"CodeDeployDefault.Lambda{name}"
    for name in (
        *(f"Canary10Percent{minutes}Minutes" for minutes in (5, 10, 15, 30)),
        *("Linear10PercentEvery1Minute", "Linear10PercentEvery2Minutes", "Linear10PercentEvery3Minutes"),
        "Linear10PercentEvery10Minutes",
    )
)
"""https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html is AWS's list; the names were
read 2026-11-30 in aws-cdk-lib (aws-codedeploy) and in public notes of that page."""
_EVENTS = {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"}


def _rolls_back(group: Inputs, _stack: Stack) -> bool:
    configuration = group.part("autoRollbackConfiguration")
    return configuration.flag("enabled") and set(configuration.texts("events")) >= _EVENTS


def _is_gradual(name: str) -> bool:
    """Accept a custom configuration; canary-alarms-in-time reads its duration."""
    return name in _GRADUAL or (bool(name) and not name.startswith("CodeDeployDefault."))


delivery_rolls_back = ResourceRule(
    name="delivery-rolls-back",
    description="CodeDeploy deployment groups roll back automatically",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(DEPLOYMENT_GROUP,),
    message="autoRollbackConfiguration is off or lacks DEPLOYMENT_FAILURE or DEPLOYMENT_STOP_ON_ALARM; set all",
    check=_rolls_back,
)

delivery_watches_alarms = ResourceRule(
    name="delivery-watches-alarms",
    description="CodeDeploy deployment groups stop on alarms",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(DEPLOYMENT_GROUP,),
    checks={
        "alarmConfiguration.enabled is not true; set it to true": lambda group, _: group.flag(
            "alarmConfiguration.enabled"
        ),
        "alarmConfiguration.alarms is empty; list the alarms of the function": lambda group, _: bool(
            group.texts("alarmConfiguration.alarms")
        ),
        "alarmConfiguration.ignorePollAlarmFailure is true, so a deployment continues without its alarms; remove it": (
            lambda group, _: not group.flag("alarmConfiguration.ignorePollAlarmFailure")
        ),
    },
)

delivery_gradual = ResourceRule(
    name="delivery-gradual",
    description="CodeDeploy deployment groups shift traffic gradually",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS_WHERE_KEPT,
    types=(DEPLOYMENT_GROUP,),
    message="deploymentConfigName shifts all traffic at once, is absent or is unknown; use a Canary or Linear one",
    check=lambda group, _: _is_gradual(group.text("deploymentConfigName")),
)

METRIC_DELAY_SECONDS = 60
"""Lambda sends its metrics every minute: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html (read
2026-11-30)."""
_CANARY = re.compile(r".*Canary\d+Percent(\d+)Minutes?")
_LINEAR = re.compile(r".*Linear(\d+)PercentEvery(\d+)Minutes?")
_LONGEST_PERIOD = 300
"""The period of a query without one."""


def _alarms(graph: StackInputs, group: Inputs) -> tuple[Inputs, ...]:
    """The alarms of this stack that a deployment group names, or comes from while names are unknown."""
    named = known_texts(group.part("alarmConfiguration"), "alarms")
    behind = graph.behind(group, "alarmConfiguration", METRIC_ALARM)
    return tuple(
        alarm
        for alarm in graph.of(METRIC_ALARM)
        if (name in named if named and (name := reference(alarm, "name")) else alarm in behind)
    )


def _canary_alarms(graph: StackInputs) -> tuple[Inputs, ...]:
    gradual = [group for group in graph.of(DEPLOYMENT_GROUP) if _interval(graph, group) != 0]
    return tuple({alarm.urn: alarm for group in gradual for alarm in _alarms(graph, group)}.values())


def _interval(graph: StackInputs, group: Inputs) -> float | None:
    """Seconds until all calls reach the new version; None where the stack does not show it, 0 where all move at once.

    Both are in the name: "Canary10Percent5Minutes" moves the other 90 percent after 5 minutes.
    """
    for config in graph.behind(group, "deploymentConfigName", DEPLOYMENT_CONFIG):
        routing = config.part("trafficRoutingConfig")
        if routing.has("timeBasedCanary.interval"):
            return 60 * routing.number("timeBasedCanary.interval", 0)
        if routing.has("timeBasedLinear.interval"):
            return _linear(
                routing.number("timeBasedLinear.percentage", 100), routing.number("timeBasedLinear.interval", 0)
            )
    name = group.text("deploymentConfigName", "CodeDeployDefault.LambdaAllAtOnce")
    if canary := _CANARY.fullmatch(name):
        return 60 * float(canary[1])
    if linear := _LINEAR.fullmatch(name):
        return _linear(float(linear[1]), float(linear[2]))
    return 0 if name.endswith("AllAtOnce") else None


def _linear(percent: float, minutes: float) -> float:
    return 60 * minutes * max(100 / percent - 1, 0) if percent > 0 else 0


def _metrics(alarm: Inputs) -> list[Inputs]:
    """The metrics of an alarm: its own, or those of its queries."""
    return [one.part for one in watched(alarm)]


def _alarm_is_raised_in_time(graph: StackInputs, _stack: Stack) -> bool | Violations:
    def in_time(alarm: Inputs) -> bool:
        guarded = [group for group in graph.of(DEPLOYMENT_GROUP) if alarm in _alarms(graph, group)]
        intervals = [interval for group in guarded if (interval := _interval(graph, group))]
        return not intervals or _decision_seconds(alarm) <= min(intervals)

    return every(_canary_alarms(graph), in_time)


def _decision_seconds(alarm: Inputs) -> float:
    periods = [metric.number("period", _LONGEST_PERIOD) for metric in _metrics(alarm)]
    return max(periods, default=_LONGEST_PERIOD) * alarm.number("evaluationPeriods", 1) + METRIC_DELAY_SECONDS


def _measures_errors(graph: StackInputs, _stack: Stack) -> bool | Violations:
    def errors(alarm: Inputs) -> bool:
        metrics = _metrics(alarm)
        own = [metric for metric in metrics if not metric.text("namespace").startswith("AWS/")]
        of_lambda = {metric.text("metricName") for metric in metrics if metric.text("namespace") == "AWS/Lambda"}
        counted = len(own) + sum(metric.text("namespace") == "AWS/Lambda" for metric in metrics)
        return counted == len(metrics) and of_lambda <= {"Errors", "Invocations"} and bool(own or "Errors" in of_lambda)

    return every(_canary_alarms(graph), errors)


def _has_version_dimension(graph: StackInputs, _stack: Stack) -> bool | Violations:
    def of_version(alarm: Inputs) -> bool:
        return all(_names_a_version(metric) for metric in _metrics(alarm))

    return every(_canary_alarms(graph), of_version)


def _names_a_version(metric: Inputs) -> bool:
    names = metric.keys("dimensions")
    if metric.text("namespace") == "AWS/Lambda":
        return {"FunctionName", "Resource", "ExecutedVersion"} <= set(names)
    return any("version" in name.lower() for name in names)


def _dimensions_name_new_version(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """Return whether version and alias of each metric are those that the deployment moves callers to."""

    def new(alarm: Inputs) -> bool:
        return all(_is_published(graph, metric) for metric in _metrics(alarm))

    return every(_canary_alarms(graph), new)


def _is_published(graph: StackInputs, metric: Inputs) -> bool:
    function_name = known_text(metric, "dimensions.FunctionName")
    functions = [one for one in graph.of(FUNCTION) if reference(one, "name") in {function_name, None}]
    version = known_text(metric, "dimensions.ExecutedVersion")
    published = {known for one in functions if (known := reference(one, "version"))}
    resource = known_text(metric, "dimensions.Resource")
    aliases = {f"{function_name}:{alias.text('name')}" for alias in graph.of(ALIAS)}
    return (version is None or not published or version in published) and (
        resource is None or function_name is None or not aliases or resource in aliases
    )


@for_each(DEPLOYMENT_GROUP)
def _alarms_are_of_stack(group: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    known = [reference(alarm, "name") for alarm in graph.of(METRIC_ALARM, COMPOSITE_ALARM)]
    named = group.texts("alarmConfiguration.alarms")
    elsewhere = comes_from_elsewhere(graph, group, "alarmConfiguration")
    return elsewhere or not named or None in known or set(named) <= set(known)


def _has_alarms(group: Inputs) -> bool:
    """Return whether the group names alarms; delivery-watches-alarms reports a group without any."""
    return bool(known_texts(group.part("alarmConfiguration"), "alarms"))


@for_each(DEPLOYMENT_GROUP)
def _application_is_of_stack(group: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    applications = named_by(graph, group, "appName", APPLICATION, "name")
    lambdas = [one for one in applications if one.text("computePlatform", "Server") == "Lambda"]
    style = group.part("deploymentStyle")
    return (
        (bool(lambdas) or comes_from_elsewhere(graph, group, "appName"))
        and style.text("deploymentType", "BLUE_GREEN") == "BLUE_GREEN"
        and style.text("deploymentOption", "WITH_TRAFFIC_CONTROL") == "WITH_TRAFFIC_CONTROL"
    )


canary_alarms_in_time = StackRule(
    name="canary-alarms-in-time",
    description="Alarms of a canary deployment are evaluated before all traffic is shifted",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="period times evaluationPeriods, and a minute until metrics arrive, is longer than the deployment, so the "
    "alarm is raised too late; use periods of 60 seconds",
    check=_alarm_is_raised_in_time,
)

canary_alarms_of_version = StackRule(
    name="canary-alarms-of-version",
    description="Alarms of a canary deployment measure errors of the new version",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    checks={
        "the alarm's metric is neither the function's Errors nor a custom metric of the application, and callers "
        "or other services can cause it; watch Errors": _measures_errors,
        "the alarm has no dimension for the version, so errors of the old version stop the deployment of the fix; "
        "add the dimensions ExecutedVersion, with the published version, and Resource": _has_version_dimension,
        "ExecutedVersion or Resource is not the function's published version or an alias of this stack, so the alarm "
        "has no data; take both from the function and its alias": _dimensions_name_new_version,
    },
)

canary_alarms_here = StackRule(
    name="canary-alarms-here",
    description="Deployment groups use alarms and a Lambda application of the same stack",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    checks={
        "alarmConfiguration.alarms names an alarm that this stack lacks; take the names from its alarms": (
            _alarms_are_of_stack
        ),
        "no alarm of this stack is watched; take the names from its alarms": for_each(DEPLOYMENT_GROUP)(
            lambda group, graph, _: bool(_alarms(graph, group)) or not _has_alarms(group)
        ),
        "appName names no application of this stack with the computePlatform Lambda, or deploymentStyle is not "
        "BLUE_GREEN WITH_TRAFFIC_CONTROL; correct it": _application_is_of_stack,
    },
)
