"""Examples of the resource types of Amazon CloudWatch, CloudWatch Logs and EventBridge."""

import json

from tests.support.aws import ACCOUNT, unique
from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import cloudwatch as types

ACCESS_LOGS = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/edge"


def log_delivery(parents: Parents) -> Example:
    source = parents.made(types.LOG_DELIVERY_SOURCE, log_delivery_source(parents).inputs)
    destination = parents.made(types.LOG_DELIVERY_DESTINATION, log_delivery_destination(parents).inputs)
    return Example(
        {"deliverySourceName": source[0], "deliveryDestinationArn": destination[1]["arn"], "tags": {"a": "b"}},
        {"tags": {"a": "c"}},
        {"deliverySourceName": "other"},
    )


def log_delivery_destination(_parents: Parents) -> Example:
    return Example(
        {
            "name": unique("destination"),
            "outputFormat": "json",
            "deliveryDestinationConfiguration": {"destinationResourceArn": ACCESS_LOGS},
            "tags": {"a": "b"},
        },
        {"tags": {"a": "c"}},
        {"outputFormat": "plain"},
    )


def log_delivery_source(parents: Parents) -> Example:
    return Example(
        {
            "name": unique("source"),
            "logType": "ACCESS_LOGS",
            "resourceArn": parents.distribution["arn"],
            "region": "us-east-1",
            "tags": {"a": "b", "c": "d"},
        },
        {"tags": {"a": "c"}},
        {"name": "other"},
    )


def log_group(parents: Parents) -> Example:
    return Example(
        {"retentionInDays": 30, "tags": {"a": "b"}},
        {"retentionInDays": 7, "kmsKeyId": parents.log_key_arn, "tags": {}},
        {"name": "x"},
    )


def metric_alarm(parents: Parents) -> Example:
    metric = {"metricName": "Errors", "namespace": "AWS/Lambda", "period": 60, "stat": "Sum"}
    queries = [
        {"id": "errors", "metric": {**metric, "dimensions": {"FunctionName": "f"}}, "returnData": False},
        {"id": "rate", "expression": "errors * 100", "label": "Rate", "returnData": True},
    ]
    return Example(
        {
            "comparisonOperator": "GreaterThanThreshold",
            "evaluationPeriods": 2,
            "threshold": 1.0,
            "metricQueries": queries,
            "alarmActions": [parents.topic],
            "treatMissingData": "notBreaching",
            "alarmDescription": "Too many errors",
            "tags": {"a": "b"},
        },
        {"threshold": 5.0, "tags": {"a": "c"}},
        {"name": "other"},
    )


def dashboard(_parents: Parents) -> Example:
    return Example(
        {"dashboardName": unique("items"), "dashboardBody": json.dumps({"widgets": []})},
        {"dashboardBody": json.dumps({"widgets": [], "start": "-PT6H"})},
        {"dashboardName": "other"},
    )


def event_rule(_parents: Parents) -> Example:
    return Example(
        {"scheduleExpression": "rate(1 hour)", "description": "hourly", "tags": {"a": "b"}},
        {"scheduleExpression": "rate(2 hours)", "state": "DISABLED", "tags": {"a": "c"}},
        {"eventBusName": "other"},
    )


def event_target(parents: Parents) -> Example:
    rule = parents.made(types.EVENT_RULE, {"eventPattern": json.dumps({"source": ["aws.s3"]})})[1]
    return Example(
        {
            "rule": rule["name"],
            "arn": parents.alias["arn"],
            "input": '{"task": "cleanup"}',
            "deadLetterConfig": {"arn": parents.queue["arn"]},
            "retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 2},
        },
        {"retryPolicy": {"maximumEventAgeInSeconds": 60, "maximumRetryAttempts": 5}},
        {"rule": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    types.EVENT_RULE: event_rule,
    types.EVENT_TARGET: event_target,
    types.DASHBOARD: dashboard,
    types.LOG_DELIVERY: log_delivery,
    types.LOG_DELIVERY_DESTINATION: log_delivery_destination,
    types.LOG_DELIVERY_SOURCE: log_delivery_source,
    types.LOG_GROUP: log_group,
    types.METRIC_ALARM: metric_alarm,
}
