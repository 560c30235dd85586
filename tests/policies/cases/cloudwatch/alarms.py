"""Cases of the rules on what alarms do, and on the resources that they watch."""

from dataclasses import replace
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.apigatewayv2 import API, INTEGRATION, STAGE
from toolkit.resource_types.cloudwatch import COMPOSITE_ALARM, METRIC_ALARM, METRIC_FILTER
from toolkit.resource_types.lambda_ import FUNCTION

ARN = "arn:aws:lambda:eu-central-1:333333333333:function:worker"
VARIABLES = {"environment": {"variables": {"POWERTOOLS_METRICS_NAMESPACE": "orders"}}}
WORKER = Subject(FUNCTION, {"name": "worker", "arn": ARN, "timeout": 10, **VARIABLES}, "function")
FRONT = Subject(API, {"id": "a1"}, "api")
THROTTLES = {"defaultRouteSettings": {"throttlingRateLimit": 10, "throttlingBurstLimit": 20}}
ENTRY = Subject(STAGE, THROTTLES, "stage", dependencies={"apiId": ("api",)})
CALLS = Subject(INTEGRATION, {"integrationUri": f"{ARN}:live"}, "call", dependencies={"apiId": ("api",)})
SERVICE = (WORKER, FRONT, ENTRY, CALLS)
FILTER = Subject(METRIC_FILTER, {"metricTransformation": {"namespace": "counted"}}, "filter")
REFERENCE = Subject("pulumi:pulumi:StackReference", {}, "elsewhere")


def alarm(metric: str, namespace: str = "AWS/Lambda", of: str = "function", **changed: Any) -> Subject:
    dimensions = {"ApiId": "a1"} if namespace == "AWS/ApiGateway" else {"FunctionName": "worker"}
    properties = {
        "metricName": metric,
        "namespace": namespace,
        "dimensions": dimensions,
        "statistic": "Sum",
        "period": 60,
        "threshold": 5,
        "comparisonOperator": "GreaterThanOrEqualToThreshold",
        **changed,
    }
    return Subject(METRIC_ALARM, properties, "alarm", dependencies={"dimensions": (of,)})


def latency(milliseconds: int) -> Subject:
    return alarm("Latency", "AWS/ApiGateway", extendedStatistic="p99", statistic="", threshold=milliseconds)


def duration(milliseconds: int) -> Subject:
    return alarm("Duration", extendedStatistic="p99", statistic="", threshold=milliseconds)


FIRST = Subject(METRIC_ALARM, {"name": "first"}, "first")


def composite(rule: str) -> Subject:
    return Subject(COMPOSITE_ALARM, {"alarmName": "all", "alarmRule": rule}, "all")


TOPIC = "arn:aws:sns:eu-central-1:333333333333:alerts"

CASES = {
    "alarm-watches-stack": StackCase(
        good=(*SERVICE, alarm("Errors")),
        bad={
            "another function": (*SERVICE, alarm("Errors", dimensions={"FunctionName": "other"})),
            "another API": (*SERVICE, alarm("5xx", "AWS/ApiGateway", dimensions={"ApiId": "a2"})),
            "its own metric of another function": (*SERVICE, alarm("Late", "orders", dimensions={"FunctionName": "f"})),
            "its own metric in another namespace": (*SERVICE, alarm("Late", "Orders")),
            "none of this stack": (alarm("Errors"),),
        },
        also_good={
            "another stack's": (*SERVICE, REFERENCE, alarm("Errors", of="elsewhere", dimensions={"FunctionName": "f"})),
            "the account": (*SERVICE, alarm("ConcurrentExecutions", dimensions={})),
            "a custom metric": (*SERVICE, alarm("Late", "orders")),
            "a metric of its logs": (*SERVICE, FILTER, alarm("Slow", "counted")),
            "the bill": (alarm("EstimatedCharges", "AWS/Billing", dimensions={"Currency": "USD"}),),
        },
    ),
    "alarm-threshold-in-reach": StackCase(
        good=(*SERVICE, alarm("Errors", threshold=620)),
        bad={
            "more errors than calls": (*SERVICE, alarm("Errors", threshold=621)),
            "more failures than calls": (*SERVICE, alarm("5xx", "AWS/ApiGateway", threshold=1_000_000)),
            "a custom metric, more than the possible requests": (*SERVICE, alarm("Late", "orders", threshold=621)),
            "longer than the timeout": (*SERVICE, duration(10_001)),
            "longer than the API waits": (*SERVICE, latency(30_001)),
            "more than all instances answer": (
                replace(WORKER, properties={**WORKER.properties, "reservedConcurrentExecutions": 1}),
                alarm("Errors", threshold=601),
            ),
        },
        also_good={
            "the timeout": (*SERVICE, duration(10_000)),
            "nothing bounds it": (WORKER, alarm("Errors", threshold=1_000_000)),
            "a longer period": (*SERVICE, alarm("Errors", threshold=3_000, period=300)),
        },
    ),
    "composite-alarm-names": StackCase(
        good=(FIRST, composite('ALARM("first") AND NOT OK(first)')),
        bad={
            "another stack's": (FIRST, composite("ALARM(first) OR ALARM(second)")),
            "never": (FIRST, composite("FALSE")),
            "no function": (FIRST, composite("first")),
            "a word too many": (FIRST, composite("ALARM(first) XOR OK(first)")),
        },
        also_good={
            "by its ARN": (
                replace(FIRST, properties={"arn": "arn:aws:cloudwatch:eu-central-1:3:alarm:first"}),
                composite("ALARM(arn:aws:cloudwatch:eu-central-1:3:alarm:first)"),
            ),
            "another stack's": (
                REFERENCE,
                replace(composite("ALARM(second)"), dependencies={"alarmRule": ("elsewhere",)}),
            ),
        },
    ),
    "alarm-has-action": ResourceCase(
        METRIC_ALARM,
        good={"alarmActions": [TOPIC], "actionsEnabled": True},
        bad={
            "no action": {"alarmActions": []},
            "switched off": {"alarmActions": [TOPIC], "actionsEnabled": False},
            "several": Subject(COMPOSITE_ALARM, {"alarmRule": "ALARM(a) OR ALARM(b)"}),
        },
        absent="fail",
    ),
    "alarm-missing-data": ResourceCase(
        METRIC_ALARM,
        good={"treatMissingData": "notBreaching"},
        bad={
            "unsaid": {"period": 300},
            "misspelt": {"treatMissingData": "not-breaching"},
            "no traffic is a failure": {
                "treatMissingData": "breaching",
                "namespace": "AWS/Lambda",
                "metricName": "Errors",
            },
        },
        absent="fail",
        also_good={
            "nothing is called": {
                "treatMissingData": "breaching",
                "namespace": "AWS/Lambda",
                "metricName": "Invocations",
            },
        },
    ),
}
