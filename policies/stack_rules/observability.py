"""Rules on who is told when something goes wrong, and of what."""

from collections.abc import Iterable

from policies.facts import Broken, Facts, GraphFacts, every
from policies.rule import WARNS_THEN_BLOCKS, WARNS_WHERE_KEPT, Severity, StackCheck, StackRule, controls
from policies.rules.apigateway_access import API
from policies.rules.cloudtrail import TRAIL
from policies.rules.cloudwatch import METRIC_ALARM
from policies.rules.dynamodb import TABLE
from policies.rules.lambda_function import FUNCTION
from policies.rules.messaging import SUBSCRIPTION, TOPIC, TOPIC_POLICY
from policies.stack import Stack

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
METRIC_FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
_PROTOCOLS = {"email", "email-json", "https", "lambda", "sqs", "sms", "application", "firehose"}
_FEWEST_FILTERS = 15
"""CIS asks for a metric filter and an alarm for each of fifteen kinds of call."""


def _watches(*metrics: str, of: str) -> StackCheck:
    """Whether each resource of the type has an alarm on one of the metrics."""

    def check(graph: GraphFacts, _stack: Stack) -> bool | Broken:
        watching = [(alarm, set(_metrics(alarm))) for alarm in graph.of(METRIC_ALARM)]

        def watched(facts: Facts) -> bool:
            return any(found & set(metrics) and facts.urn in _watched_by(alarm) for alarm, found in watching)

        return every(graph.of(of), watched)

    return check


def _metrics(alarm: Facts) -> Iterable[str]:
    """The metrics that the alarm has at all times: those of one version exist only while an alias has two."""
    of_queries = (query.part("metric") for query in alarm.parts("metricQueries") if query.has("metric"))
    return [one.text("metricName") for one in (alarm, *of_queries) if "ExecutedVersion" not in one.keys("dimensions")]


def _watched_by(alarm: Facts) -> set[str]:
    return {*alarm.depends_on("dimensions"), *alarm.depends_on("metricQueries")}


def _reaches_somebody(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    def reached(alarm: Facts) -> bool:
        through = graph.behind(alarm, "alarmActions", TOPIC_POLICY)
        topics = {
            *graph.behind(alarm, "alarmActions", TOPIC),
            *(topic for policy in through for topic in graph.behind(policy, "arn", TOPIC)),
        }
        return any(
            subscription.text("protocol") in _PROTOCOLS
            for topic in topics
            for subscription in graph.using(topic, SUBSCRIPTION, by="topic")
        )

    return every(graph.of(METRIC_ALARM), reached)


def _shown(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    boards = {urn for board in graph.of(DASHBOARD) for urn in board.depends_on("dashboardBody")}
    return every(graph.of(FUNCTION), lambda function: function.urn in boards)


def _watches_the_account(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    return not graph.of(TRAIL) or len(graph.of(METRIC_FILTER)) >= _FEWEST_FILTERS or Broken(graph.of(TRAIL))


alarms_present = StackRule(
    name="alarms-present",
    says="Somebody is told when a function fails or is slow, an API fails or is slow, or a table refuses.",
    severity=Severity.MEDIUM,
    levels=WARNS_THEN_BLOCKS,
    checks={
        "no alarm watches the function's Errors; add one": _watches("Errors", of=FUNCTION),
        "no alarm watches the function's Throttles; add one": _watches("Throttles", of=FUNCTION),
        "no alarm watches the function's Duration; add one on its p99": _watches("Duration", of=FUNCTION),
        "no alarm watches the API's 5xx; add one": _watches("5xx", of=API),
        "no alarm watches the API's Latency; add one on its p99": _watches("Latency", "IntegrationLatency", of=API),
        "no alarm watches the table's throttled requests; add one": _watches(
            "ReadThrottleEvents", "WriteThrottleEvents", "ThrottledRequests", of=TABLE
        ),
    },
)

alarm_topic_reachable = StackRule(
    name="alarm-topic-reachable",
    says="Every alarm speaks to a topic that somebody listens to.",
    severity=Severity.MEDIUM,
    levels=WARNS_THEN_BLOCKS,
    checks={"nobody subscribes to a topic of the alarm's alarmActions; subscribe an address": _reaches_somebody},
)

function_on_dashboard = StackRule(
    name="function-on-dashboard",
    says="Whoever is woken finds the function on a dashboard.",
    severity=Severity.LOW,
    levels=WARNS_WHERE_KEPT,
    checks={"no dashboard of this stack shows the function; add its metrics to one": _shown},
)

cis_monitoring = StackRule(
    name="cis-4-monitoring",
    says="Who owns a trail is told of the fifteen kinds of call that CIS names, such as use of the root user.",
    severity=Severity.LOW,
    levels=WARNS_WHERE_KEPT,
    controls=controls(
        "CIS3: 4.1, 4.2, 4.3, 4.4, 4.5, 4.6, 4.7, 4.8, 4.9, 4.10, 4.11, 4.12, 4.13, 4.14, 4.15;"
        "CIS5: 4.1, 4.2, 4.3, 4.4, 4.5, 4.6, 4.7, 4.8, 4.9, 4.10, 4.11, 4.12, 4.13, 4.14, 4.15;"
        "CIS7: 5.1, 5.2, 5.3, 5.4, 5.5, 5.6, 5.7, 5.8, 5.9, 5.10, 5.11, 5.12, 5.13, 5.14, 5.15"
    ),
    checks={
        "fewer than fifteen metric filters read the trail's logs; add CIS's, or use Security Hub": _watches_the_account
    },
)

RULES = (alarms_present, alarm_topic_reachable, function_on_dashboard, cis_monitoring)
