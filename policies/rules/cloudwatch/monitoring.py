"""Rules on what a stack must monitor, how many alarms that takes, and who is notified."""

from policies.bounds import at_most, bounds_of
from policies.rules.lambda_.callers import called_by_api, invoked_by_events_only
from policies.rules.sqs import dead_letter_queues
from toolkit.policy.cloudwatch.alarms import compares_downwards, seconds_to_decide, watched
from toolkit.policy.iam.admission import may_publish
from toolkit.policy.rule import Levels, Severity, StackCheck, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.apigatewayv2 import API
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.cloudwatch import COMPOSITE_ALARM, DASHBOARD, METRIC_ALARM, METRIC_FILTER
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.sns import TOPIC, TOPIC_POLICY, TOPIC_SUBSCRIPTION
from toolkit.resource_types.sqs import QUEUE
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import (
    account_of,
    comes_from_elsewhere,
    is_of_this_place,
    known_text,
    known_texts,
    reference,
    refers,
    region_of,
)

_PROTOCOLS = {"email", "email-json", "https", "lambda", "sqs", "sms", "application", "firehose"}
_NOTIFYING = {"lambda", "ssm", "ssm-incidents"}
"""Services besides SNS through which an alarm reaches a person.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html (not verified)
"""
_CLOUDWATCH = "cloudwatch.amazonaws.com"
_VERSION = "ExecutedVersion"
"""Metrics of one version exist only while an alias has two."""
_HOUR, _DAY = 3_600, 86_400
_DIMENSIONS = {
    FUNCTION: ("FunctionName", "AWS/Lambda", "name"),
    API: ("ApiId", "AWS/ApiGateway", "id"),
    TABLE: ("TableName", "AWS/DynamoDB", "name"),
    QUEUE: ("QueueName", "AWS/SQS", "name"),
}
_FEWEST_FILTERS = 15
"""CIS requires a metric filter and an alarm for each of fifteen kinds of call."""


def _has_alarm(*metrics: str, of: str) -> StackCheck:
    """Return the check that each resource of the type has an alarm, raised in time, on one of the metrics."""

    def check(graph: StackInputs, _stack: Stack) -> bool | Violations:
        working = [alarm for alarm in graph.of(METRIC_ALARM) if _is_active(alarm)]

        def is_watched(inputs: Inputs) -> bool:
            return any(_is_alarm_of(graph, alarm, inputs, metrics) for alarm in working)

        return every(graph.of(of), is_watched)

    return check


def _is_active(alarm: Inputs) -> bool:
    """Return whether the alarm acts, and is raised by high values; what else may be wrong has rules of its own."""
    return alarm.flag("actionsEnabled", default=True) and not compares_downwards(alarm)


def _is_alarm_of(graph: StackInputs, alarm: Inputs, inputs: Inputs, metrics: tuple[str, ...]) -> bool:
    dimension, namespace, output = _DIMENSIONS[inputs.resource.type]
    path = "dimensions" if alarm.has("metricName") else "metricQueries"
    found = [
        one
        for one in watched(alarm)
        if one.namespace == namespace
        and one.part.text("metricName") in metrics
        and _VERSION not in one.dimensions
        and one.known is not None
        and one.dimensions in one.known.dimensions
        and refers(alarm, path, known_text(one.part, f"dimensions.{dimension}"), inputs, output)
    ]
    return bool(found) and seconds_to_decide(alarm) <= _longest_decision_seconds(graph, inputs)


def _longest_decision_seconds(graph: StackInputs, inputs: Inputs) -> int:
    """Return an hour for resources that callers wait for, and a day for workers and schedules."""
    workers = inputs.resource.type == FUNCTION and inputs.urn not in called_by_api(graph)
    return _DAY if workers else _HOUR


def _table_throttles_have_alarms(graph: StackInputs, stack: Stack) -> bool | Violations:
    """DynamoDB counts throttled reads and writes apart; ThrottledRequests counts both, by operation."""
    reads = _has_alarm("ReadThrottleEvents", "ThrottledRequests", of=TABLE)
    writes = _has_alarm("WriteThrottleEvents", "ThrottledRequests", of=TABLE)
    missing = [found for check in (reads, writes) if isinstance(found := check(graph, stack), Violations)]
    return Violations(dict.fromkeys(inputs for broken in missing for inputs in broken)) or True


def _durations_have_alarms(graph: StackInputs, stack: Stack) -> bool | Violations:
    """Return the functions without an alarm on Duration; those that only events invoke need none.

    No caller waits for them, and an invocation that exceeds the timeout counts as an error.
    """
    found, by_events = _has_alarm("Duration", of=FUNCTION)(graph, stack), invoked_by_events_only(graph)
    if not isinstance(found, Violations):
        return True
    return Violations(function for function in found if function.urn not in by_events) or True


def _queues_have_alarms(graph: StackInputs, stack: Stack) -> bool | Violations:
    """A dead-letter queue is read by people, so the age of its messages says nothing."""
    dead = {queue.urn for queue in dead_letter_queues(graph)}
    found = _has_alarm("ApproximateAgeOfOldestMessage", of=QUEUE)(graph, stack)
    if not isinstance(found, Violations):
        return True
    return Violations(queue for queue in found if queue.urn not in dead) or True


def _alarms_are_few(graph: StackInputs, stack: Stack) -> bool | Violations:
    most = bounds_of(stack).alarms_per_resource * len(graph.of(*_DIMENSIONS))
    return Violations(graph.of(METRIC_ALARM)[most:]) or True


def _dead_letter_queues_have_alarms(graph: StackInputs, stack: Stack) -> bool | Violations:
    queues = {queue.urn for queue in dead_letter_queues(graph)}
    found = _has_alarm("ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage", of=QUEUE)(graph, stack)
    return (
        Violations(queue for queue in found if queue.urn in queues) or True if isinstance(found, Violations) else True
    )


def _has_recipient(graph: StackInputs, alarm: Inputs) -> bool:
    """Return whether an action of the alarm leads to a subscription, or to an action of AWS that notifies."""
    topics = _topics(graph, alarm)
    if any(_has_subscriber(graph, topic) for topic in topics):
        return True
    actions = known_texts(alarm, "alarmActions")
    return any(_notifies(graph, alarm, action) for action in actions)


def _notifies(graph: StackInputs, alarm: Inputs, action: str) -> bool:
    """Accept a topic of another stack in the same account and Region if this stack has no topic that may be meant."""
    if not is_of_this_place(alarm, action):
        return False
    service = action.split(":")[2]
    elsewhere = comes_from_elsewhere(graph, alarm, "alarmActions") or not graph.of(TOPIC)
    return service in _NOTIFYING or (service == "sns" and elsewhere)


def _has_subscriber(graph: StackInputs, topic: Inputs) -> bool:
    return any(
        subscription.text("protocol") in _PROTOCOLS and _accepts_alarms(subscription)
        for subscription in graph.of(TOPIC_SUBSCRIPTION)
        if refers(subscription, "topic", known_text(subscription, "topic"), topic, "arn")
    )


def _accepts_alarms(subscription: Inputs) -> bool:
    """Alarms carry no attributes (not verified), so a filter on attributes drops them.

    https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html (read 2026-11-30) counts such
    messages as NumberOfNotificationsFilteredOut-NoMessageAttributes.
    """
    by_body = subscription.text("filterPolicyScope", "MessageAttributes") == "MessageBody"
    return by_body or not subscription.has("filterPolicy")


def _topics(graph: StackInputs, alarm: Inputs) -> list[Inputs]:
    """Return the topics of this stack that the alarm's actions name, or that they come from while they are unknown."""
    actions = known_texts(alarm, "alarmActions")
    through = graph.behind(alarm, "alarmActions", TOPIC_POLICY)
    behind = {
        *(topic.urn for topic in graph.behind(alarm, "alarmActions", TOPIC)),
        *(topic.urn for policy in through for topic in graph.behind(policy, "arn", TOPIC)),
    }
    return [
        topic
        for topic in graph.of(TOPIC)
        if (arn in actions if actions and (arn := reference(topic, "arn")) else topic.urn in behind)
    ]


@for_each(METRIC_ALARM, COMPOSITE_ALARM)
def _may_publish(alarm: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    return all(
        may_publish(graph, topic, _CLOUDWATCH, _source(alarm), by_default=True) for topic in _topics(graph, alarm)
    )


def _source(alarm: Inputs) -> str:
    name = reference(alarm, "name") or alarm.resource.name
    return f"arn:aws:cloudwatch:{region_of(alarm)}:{account_of(alarm)}:alarm:{name}"


def _is_on_dashboard(graph: StackInputs, _stack: Stack) -> bool | Violations:
    boards = {urn for board in graph.of(DASHBOARD) for urn in board.depends_on("dashboardBody")}
    return every(graph.of(FUNCTION), lambda function: function.urn in boards)


def _trail_has_metric_filters(graph: StackInputs, _stack: Stack) -> bool | Violations:
    return not graph.of(TRAIL) or len(graph.of(METRIC_FILTER)) >= _FEWEST_FILTERS or Violations(graph.of(TRAIL))


alarms_present = StackRule(
    name="alarms-present",
    description="Functions, APIs, tables and queues have alarms",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    checks={
        "no alarm watches the function's Errors; add one": _has_alarm("Errors", of=FUNCTION),
        "no alarm watches the function's Throttles; add one": _has_alarm("Throttles", of=FUNCTION),
        "no alarm watches the function's Duration; add one on its p99": _durations_have_alarms,
        "no alarm watches the API's 5xx; add one": _has_alarm("5xx", of=API),
        "no alarm watches the API's Latency; add one on its p99": _has_alarm("Latency", "IntegrationLatency", of=API),
        "no alarm watches the table's ReadThrottleEvents and WriteThrottleEvents; add one": (
            _table_throttles_have_alarms
        ),
        "no alarm watches ApproximateNumberOfMessagesVisible of the dead-letter queue; add one": (
            _dead_letter_queues_have_alarms
        ),
        "no alarm watches ApproximateAgeOfOldestMessage of the queue, which rises when its function stops; add one": (
            _queues_have_alarms
        ),
    },
)

alarm_topic_reachable = StackRule(
    name="alarm-topic-reachable",
    description="Alarm actions notify a topic of the same stack that has a subscription",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="a topic of the alarm's alarmActions has no subscription, or the topic is of another region, account or "
    "stack; name a topic of this stack, with a subscription that takes every message",
    check=for_each(METRIC_ALARM, COMPOSITE_ALARM)(lambda alarm, graph, _: _has_recipient(graph, alarm)),
)

alarm_may_publish = StackRule(
    name="alarm-may-publish",
    description="Topics of alarms, and their KMS keys, allow CloudWatch to publish",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="the policy of the topic or of its key does not let cloudwatch.amazonaws.com publish, so the alarm is not "
    "delivered; allow sns:Publish on the topic, kms:Decrypt and kms:GenerateDataKey* on the key",
    check=_may_publish,
)

function_on_dashboard = StackRule(
    name="function-on-dashboard",
    description="A CloudWatch dashboard shows every function",
    severity=Severity.LOW,
    levels=Levels.WARNS_WHERE_KEPT,
    message="no dashboard of this stack shows the function; add its metrics to one",
    check=_is_on_dashboard,
)

cis_monitoring = StackRule(
    name="cis-4-monitoring",
    description="Metric filters and alarms cover the API calls that the CIS benchmark lists",
    severity=Severity.LOW,
    levels=Levels.WARNS_WHERE_KEPT,
    controls=controls(
        "CIS3: 4.1, 4.2, 4.3, 4.4, 4.5, 4.6, 4.7, 4.8, 4.9, 4.10, 4.11, 4.12, 4.13, 4.14, 4.15;"
        "CIS5: 4.1, 4.2, 4.3, 4.4, 4.5, 4.6, 4.7, 4.8, 4.9, 4.10, 4.11, 4.12, 4.13, 4.14, 4.15;"
        "CIS7: 5.1, 5.2, 5.3, 5.4, 5.5, 5.6, 5.7, 5.8, 5.9, 5.10, 5.11, 5.12, 5.13, 5.14, 5.15"
    ),
    message="fewer than fifteen metric filters read the trail's logs; add CIS's, or use Security Hub",
    check=_trail_has_metric_filters,
)

alarm_count = StackRule(
    name="alarm-count",
    description="The number of alarms is in proportion to the functions, APIs, tables and queues",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    message="more than {bounds.alarms_per_resource} alarms for each function, API, table and queue, each further one "
    "$0.10 a month; combine some",
    check=_alarms_are_few,
)

dashboard_count = StackRule(
    name="dashboard-count",
    description="The number of dashboards is within the limit of the environment",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    message="more than {bounds.dashboards} dashboards, each further one $3 a month; combine some",
    check=at_most("dashboards", DASHBOARD),
)
