"""Cases of the rules on what a stack must monitor, and on who is notified."""

from dataclasses import replace
from typing import Any

from policies.bounds import BOUNDS
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase, counted
from toolkit.resource_types.apigatewayv2 import API, INTEGRATION
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.cloudwatch import DASHBOARD, METRIC_ALARM, METRIC_FILTER
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.scheduler import SCHEDULE
from toolkit.resource_types.sns import TOPIC, TOPIC_POLICY, TOPIC_SUBSCRIPTION
from toolkit.resource_types.sqs import QUEUE

WORKER, FRONT, STORE = Subject(FUNCTION, {}, "function"), Subject(API, {}, "api"), Subject(TABLE, {}, "table")
PLACES = {
    "function": ("AWS/Lambda", "FunctionName"),
    "api": ("AWS/ApiGateway", "ApiId"),
    "table": ("AWS/DynamoDB", "TableName"),
}
TOPIC_ARN = "arn:aws:sns:eu-central-1:333333333333:alerts"
OTHER_ARN = "arn:aws:sns:eu-central-1:333333333333:others"


def metric(name: str, of: str) -> dict[str, Any]:
    namespace, dimension = PLACES[of]
    return {"metricName": name, "namespace": namespace, "dimensions": {dimension: "one"}, "period": 300}


def alarm(name: str, of: str, **changed: Any) -> Subject:
    properties = {**metric(name, of), "evaluationPeriods": 3, **changed}
    return Subject(METRIC_ALARM, properties, f"{of}-{name}", dependencies={"dimensions": (of,)})


def query(of: str, *names: str, expression: str = "a + b") -> Subject:
    total = {"id": "sum", "expression": expression, "returnData": True}
    queries = [total, *({"id": id_, "metric": metric(name, of)} for id_, name in zip("ab", names, strict=True))]
    return Subject(METRIC_ALARM, {"metricQueries": queries}, f"{of}-sum", dependencies={"metricQueries": (of,)})


WATCHED = (WORKER, FRONT, STORE)
ALARMS = (
    alarm("Errors", "function"),
    alarm("Throttles", "function"),
    alarm("Duration", "function"),
    alarm("5xx", "api"),
    alarm("Latency", "api"),
    query("table", "ReadThrottleEvents", "WriteThrottleEvents"),
)
DEAD = Subject(QUEUE, {"name": "dead"}, "orders-dlq")
VISIBLE = {"namespace": "AWS/SQS", "metricName": "ApproximateNumberOfMessagesVisible", "period": 300}
DEPTH = Subject(METRIC_ALARM, {**VISIBLE, "dimensions": {"QueueName": "dead"}}, "depth")
OTHER_DEPTH = replace(DEPTH, properties={**VISIBLE, "dimensions": {"QueueName": "jobs"}})
JOBS = Subject(QUEUE, {"name": "jobs", "redrivePolicy": {"deadLetterTargetArn": "dead"}}, "jobs")
AGE = Subject(
    METRIC_ALARM,
    {**VISIBLE, "metricName": "ApproximateAgeOfOldestMessage", "dimensions": {"QueueName": "jobs"}},
    "age",
)
BY_EVENTS = (
    WORKER,
    Subject(SCHEDULE, {}, "schedule", dependencies={"target": ("function",)}),
)
NAMED = replace(WORKER, properties={"name": "one"})
VERSION = {"FunctionName": "one", "Resource": "one:live", "ExecutedVersion": "1"}


def instead(name: str, **changed: Any) -> tuple[Subject, ...]:
    """All alarms, the one on the function's metric changed."""
    return (*(one for one in ALARMS if one.name != f"function-{name}"), alarm(name, "function", **changed))


SPEAKS = Subject(METRIC_ALARM, {"metricName": "5xx"}, "alarm", dependencies={"alarmActions": ("topic",)})
BY_POLICY = replace(SPEAKS, dependencies={"alarmActions": ("policy",)})
PLACE = Subject(TOPIC, {}, "topic")
LISTENS = Subject(TOPIC_SUBSCRIPTION, {"protocol": "email"}, "mail", dependencies={"topic": ("topic",)})
ADMITS = Subject(TOPIC_POLICY, {}, "policy", dependencies={"arn": ("topic",)})
RECORDS = Subject(TRAIL, {}, "trail")
FILTERS = tuple(Subject(METRIC_FILTER, {}, f"filter-{number}") for number in range(15))
KNOWN = Subject(TOPIC, {"arn": TOPIC_ARN}, "topic")
HEARS = Subject(TOPIC_SUBSCRIPTION, {"protocol": "email", "topic": TOPIC_ARN}, "mail")
REFERENCE = Subject("pulumi:pulumi:StackReference", {}, "elsewhere")


def speaking(arn: str, *sources: str) -> Subject:
    return Subject(METRIC_ALARM, {"alarmActions": [arn]}, "alarm", dependencies={"alarmActions": sources})


def hearing(**changed: Any) -> Subject:
    return replace(HEARS, properties={**HEARS.properties, **changed})


MOST = BOUNDS["prod"].alarms_per_resource


def alarms(count: int) -> tuple[Subject, ...]:
    return tuple(Subject(METRIC_ALARM, {}, f"alarm-{number}") for number in range(count))


CASES = {
    "alarms-present": StackCase(
        good=(*WATCHED, *ALARMS),
        bad={
            **{f"no {one.name}": (*WATCHED, *(other for other in ALARMS if other is not one)) for one in ALARMS},
            "only of one version": (*WATCHED, *instead("Errors", dimensions=VERSION)),
            "of another function": (*WATCHED, *ALARMS, replace(WORKER, name="another")),
            "of another name": (NAMED, *WATCHED[1:], *instead("Errors", dimensions={"FunctionName": "two"})),
            "in another namespace": (*WATCHED, *instead("Errors", namespace="AWS/Events")),
            "with a dimension that has no data": (*WATCHED, *instead("Errors", dimensions={"Function": "one"})),
            "switched off": (*WATCHED, *instead("Errors", actionsEnabled=False)),
            "when all is well": (*WATCHED, *instead("Errors", comparisonOperator="LessThanThreshold")),
            "after days": (*WATCHED, *instead("Errors", period=86_400)),
            "reads alone": (*WATCHED, *ALARMS[:5], query("table", "ReadThrottleEvents", "ReadThrottleEvents")),
            "a query that is not added up": (
                *(*WATCHED, *ALARMS[:5]),
                query("table", "ReadThrottleEvents", "WriteThrottleEvents", expression="FILL(a, 0)"),
            ),
            "no alarm on dead letters": (DEAD, OTHER_DEPTH),
            "no alarm on the age of messages": (JOBS, DEAD, DEPTH),
            "no alarm on the duration of a function that an API calls too": (
                *(*BY_EVENTS, *ALARMS[:2]),
                Subject(INTEGRATION, {}, "call", dependencies={"integrationUri": ("function",)}),
            ),
        },
        also_good={
            "of its name": (NAMED, *WATCHED[1:], *ALARMS),
            "of the alias": (*WATCHED, *instead("Errors", dimensions={"FunctionName": "one", "Resource": "one:live"})),
            "of a worker, daily": (
                *(WORKER, alarm("Throttles", "function"), alarm("Duration", "function")),
                alarm("Errors", "function", period=86_400, evaluationPeriods=1),
            ),
            "dead letters": (DEAD, DEPTH),
            "messages": (JOBS, DEAD, DEPTH, AGE),
            "a function that only events invoke has no alarm on its duration": (*BY_EVENTS, *ALARMS[:2]),
        },
    ),
    "alarm-topic-reachable": StackCase(
        good=(PLACE, LISTENS, SPEAKS),
        bad={
            "no subscription": (PLACE, SPEAKS),
            "no topic": (PLACE, LISTENS, replace(SPEAKS, dependencies={})),
            "a topic of another region": (KNOWN, HEARS, speaking(TOPIC_ARN.replace("eu-central-1", "us-east-1"))),
            "a topic of another account": (speaking(TOPIC_ARN.replace("333333333333", "999999999999")),),
            "a topic that is not here": (KNOWN, HEARS, speaking(OTHER_ARN, "topic")),
            "a filter that no alarm passes": (KNOWN, hearing(filterPolicy='{"team": ["a"]}'), speaking(TOPIC_ARN)),
            "to another": (
                PLACE,
                replace(PLACE, name="silent"),
                LISTENS,
                replace(SPEAKS, dependencies={"alarmActions": ("silent",)}),
            ),
        },
        also_good={
            "by its policy": (PLACE, LISTENS, ADMITS, BY_POLICY),
            "by its ARN": (KNOWN, HEARS, speaking(TOPIC_ARN)),
            "by another stack": (KNOWN, REFERENCE, speaking(OTHER_ARN, "elsewhere")),
            "by a topic of the account": (speaking(OTHER_ARN),),
            "a filter on the message": (
                KNOWN,
                hearing(filterPolicy="{}", filterPolicyScope="MessageBody"),
                speaking(TOPIC_ARN),
            ),
            "a function": (speaking("arn:aws:lambda:eu-central-1:333333333333:function:pages"),),
        },
    ),
    "function-on-dashboard": StackCase(
        good=(WORKER, Subject(DASHBOARD, {}, "board", dependencies={"dashboardBody": ("function",)})),
        bad={"not shown": (WORKER, Subject(DASHBOARD, {}, "board")), "no board": (WORKER,)},
    ),
    "cis-4-monitoring": StackCase(
        good=(RECORDS, *FILTERS),
        bad={"one too few": (RECORDS, *FILTERS[1:])},
        also_good={"no trail": (WORKER,)},
    ),
    "alarm-count": StackCase(
        good=(WORKER, *alarms(MOST)),
        bad={"one too many": (WORKER, *alarms(MOST + 1)), "none is needed": alarms(1)},
        also_good={"with another queue": (WORKER, JOBS, *alarms(2 * MOST))},
    ),
    "dashboard-count": counted(DASHBOARD, BOUNDS["prod"].dashboards),
}
