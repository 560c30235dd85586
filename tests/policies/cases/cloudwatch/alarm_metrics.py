"""Cases of the rules on the metrics that alarms watch."""

from typing import Any

from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.cloudwatch import METRIC_ALARM

FUNCTION = {"FunctionName": "worker"}
ERRORS: dict[str, Any] = {
    "namespace": "AWS/Lambda",
    "metricName": "Errors",
    "dimensions": FUNCTION,
    "statistic": "Sum",
    "period": 300,
    "evaluationPeriods": 3,
    "datapointsToAlarm": 2,
    "comparisonOperator": "GreaterThanOrEqualToThreshold",
    "threshold": 5,
}
LATENCY = {
    "namespace": "AWS/ApiGateway",
    "metricName": "Latency",
    "dimensions": {"ApiId": "a1"},
    "extendedStatistic": "p99",
    "statistic": None,
}
RATE = "100 * failed / calls"


def alarm(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in {**ERRORS, **changed}.items() if value is not None}


def of(service: str, name: str, statistic: str, **dimensions: str) -> dict[str, Any]:
    return alarm(namespace=f"AWS/{service}", metricName=name, statistic=statistic, dimensions=dimensions)


def metric(name: str, **others: Any) -> dict[str, Any]:
    one = {"namespace": "AWS/Lambda", "metricName": name, "dimensions": FUNCTION, "stat": "Sum", "period": 60}
    return {**one, **others}


def math(expression: str, **changed: Any) -> dict[str, Any]:
    queries = [
        {"id": "total", "expression": expression, "returnData": True},
        {"id": "failed", "metric": metric("Errors")},
        {"id": "calls", "metric": metric("Invocations")},
    ]
    own = dict.fromkeys(("namespace", "metricName", "dimensions", "statistic", "period"))
    return alarm(**own, **{"metricQueries": queries, **changed})


BAND = {
    "comparisonOperator": "GreaterThanUpperThreshold",
    "evaluationPeriods": 3,
    "thresholdMetricId": "band",
    "metricQueries": [
        {"id": "band", "expression": "ANOMALY_DETECTION_BAND(calls, 2)", "returnData": True},
        {"id": "calls", "metric": metric("Invocations"), "returnData": True},
    ],
}


CASES = {
    "alarm-metric-known": ResourceCase(
        METRIC_ALARM,
        good=ERRORS,
        bad={
            "a misspelt namespace": alarm(namespace="AWS/Lamda"),
            "no namespace": alarm(namespace=None),
            "a misspelt metric": alarm(namespace="AWS/ApiGateway", metricName="5XX", dimensions={"ApiId": "a1"}),
            "a misspelt dimension": alarm(dimensions={"Functionname": "worker"}),
            "a dimension too few": alarm(**{**LATENCY, "dimensions": {}}),
            "a version without its alias": alarm(dimensions={"FunctionName": "worker", "ExecutedVersion": "7"}),
            "no statistic": alarm(statistic=None),
            "an unknown statistic": alarm(statistic="Total"),
            "the number of calls": alarm(statistic="SampleCount"),
            "a sum of durations": alarm(**{**LATENCY, "extendedStatistic": None, "statistic": "Sum"}),
            "the fastest call": alarm(**{**LATENCY, "extendedStatistic": "p1"}),
            "seconds": alarm(period=30),
            "a minute and a half": alarm(period=90),
            "a distribution without Region": alarm(
                namespace="AWS/CloudFront", metricName="5xxErrorRate", dimensions={"DistributionId": "E1"}
            ),
            "of no index": of("DynamoDB", "ReadThrottleEvents", "Sum", TableName="t", Operation="Query"),
            "of a pool under the name of another metric's": of("Cognito", "Risk", "Sum", UserPool="p1"),
            "a query": math("failed") | {"metricQueries": [{"id": "a", "metric": metric("Error"), "returnData": True}]},
        },
        absent="pass",
        also_good={
            "of the account": alarm(dimensions={}),
            "a share": alarm(statistic="Average", threshold=0.1),
            "a trimmed mean": alarm(**{**LATENCY, "extendedStatistic": "tm99"}),
            "of a service that is known by name": alarm(namespace="AWS/States", metricName="ExecutionsFailed"),
            "a custom metric of high resolution": alarm(
                namespace="orders", metricName="Late", dimensions={}, period=10
            ),
            "math": math(RATE),
            "of a function URL": alarm(metricName="Url5xxCount"),
            "of quiet tenants": of("SQS", "ApproximateAgeOfOldestMessageInQuietGroups", "Maximum", QueueName="jobs"),
            "of rules in a loop": of("Events", "DeadLetterInvocations", "Sum", RuleName="nightly"),
            "of one error of a schedule": of(
                "Scheduler", "InvocationsFailedToBeSentToDeadLetterCount_AccessDenied", "Sum", ScheduleGroup="default"
            ),
            "of risky sign-ins": of("Cognito", "Risk", "Sum", UserPoolId="p1", Operation="SignIn"),
            "of a replica's delay": of("DynamoDB", "ReplicationLatency", "Average", TableName="t", ReceivingRegion="r"),
            "of deliveries to a phone number": of("SNS", "NumberOfNotificationsFailed", "Sum", PhoneNumber="1"),
            "of pipes": of("EventBridge/Pipes", "ExecutionFailed", "Sum", PipeName="p"),
        },
    ),
    "alarm-can-be-raised": ResourceCase(
        METRIC_ALARM,
        good=ERRORS,
        bad={
            "when failures are few": alarm(comparisonOperator="LessThanThreshold"),
            "a sum, when failures are few": math("FILL(failed, 0)", comparisonOperator="LessThanThreshold"),
            "an unknown operator": alarm(comparisonOperator="GreaterThan"),
            "more than all": math(RATE, threshold=101),
            "more than 1": math("failed / calls", threshold=5),
            "an average above 1": alarm(statistic="Average"),
            "always": alarm(threshold=0),
            "each call": alarm(**{**LATENCY, "threshold": 0}),
            "a datapoint too many": alarm(datapointsToAlarm=4),
            "after a day": alarm(evaluationPeriods=289, datapointsToAlarm=None),
            "a query that is not there": math("fail + calls"),
            "nothing": math("failed * 0"),
            "two values": math(RATE)
            | {"metricQueries": [{"id": name, "metric": metric("Errors"), "returnData": True} for name in "ab"]},
        },
        absent="fail",
        also_good={
            "more than none": alarm(comparisonOperator="GreaterThanThreshold", threshold=0),
            "availability": math("100 - 100 * failed / calls", comparisonOperator="LessThanThreshold", threshold=99),
            "nothing is called": alarm(metricName="Invocations", comparisonOperator="LessThanThreshold", threshold=1),
            "a band": BAND,
            "a day": alarm(period=86_400, evaluationPeriods=7, datapointsToAlarm=1),
            "a share": math(RATE, threshold=100),
        },
    ),
}
