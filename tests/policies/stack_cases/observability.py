"""Stacks that tell somebody, and stacks that do not."""

from dataclasses import replace

from policies.rules.apigateway_access import API
from policies.rules.cloudtrail import TRAIL
from policies.rules.cloudwatch import METRIC_ALARM
from policies.rules.dynamodb import TABLE
from policies.rules.lambda_function import FUNCTION
from policies.rules.messaging import SUBSCRIPTION, TOPIC, TOPIC_POLICY
from policies.stack_rules.observability import DASHBOARD, METRIC_FILTER
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase

WORKER, FRONT, STORE = Subject(FUNCTION, {}, "function"), Subject(API, {}, "api"), Subject(TABLE, {}, "table")


def alarm(metric: str, of: str) -> Subject:
    return Subject(METRIC_ALARM, {"metricName": metric}, f"{of}-{metric}", dependencies={"dimensions": (of,)})


def query(metric: str, of: str) -> Subject:
    queries = [{"id": "sum", "expression": "a + b"}, {"id": "a", "metric": {"metricName": metric}}]
    return Subject(METRIC_ALARM, {"metricQueries": queries}, f"{of}-{metric}", dependencies={"metricQueries": (of,)})


def of_version(metric: str, of: str) -> Subject:
    one = alarm(metric, of)
    return replace(one, properties={**one.properties, "dimensions": {"FunctionName": "f", "ExecutedVersion": "1"}})


WATCHED = (WORKER, FRONT, STORE)
ALARMS = (
    alarm("Errors", "function"),
    alarm("Throttles", "function"),
    alarm("Duration", "function"),
    alarm("5xx", "api"),
    alarm("Latency", "api"),
    query("ReadThrottleEvents", "table"),
)
SPEAKS = Subject(METRIC_ALARM, {"metricName": "5xx"}, "alarm", dependencies={"alarmActions": ("topic",)})
BY_POLICY = replace(SPEAKS, dependencies={"alarmActions": ("policy",)})
PLACE = Subject(TOPIC, {}, "topic")
LISTENS = Subject(SUBSCRIPTION, {"protocol": "email"}, "mail", dependencies={"topic": ("topic",)})
ADMITS = Subject(TOPIC_POLICY, {}, "policy", dependencies={"arn": ("topic",)})
RECORDS = Subject(TRAIL, {}, "trail")
FILTERS = tuple(Subject(METRIC_FILTER, {}, f"filter-{number}") for number in range(15))

CASES = {
    "alarms-present": StackCase(
        good=(*WATCHED, *ALARMS),
        bad={
            **{f"no {one.name}": (*WATCHED, *(other for other in ALARMS if other is not one)) for one in ALARMS},
            "only of one version": (*WATCHED, of_version("Errors", "function"), *ALARMS[1:]),
            "of another function": (*WATCHED, *ALARMS, replace(WORKER, name="another")),
        },
    ),
    "alarm-topic-reachable": StackCase(
        good=(PLACE, LISTENS, SPEAKS),
        bad={
            "nobody listens": (PLACE, SPEAKS),
            "no topic": (PLACE, LISTENS, replace(SPEAKS, dependencies={})),
            "to another": (
                PLACE,
                replace(PLACE, name="silent"),
                LISTENS,
                replace(SPEAKS, dependencies={"alarmActions": ("silent",)}),
            ),
        },
        also_good={"by its policy": (PLACE, LISTENS, ADMITS, BY_POLICY)},
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
}
