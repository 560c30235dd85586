"""Examples of what watches: logs, alarms, topics, budgets."""

import json

from tests.support.aws import unique
from tests.support.examples.parents import Example, Maker, Parents, policy


def log_group(parents: Parents) -> Example:
    return Example(
        {"retentionInDays": 30, "tags": {"a": "b"}},
        {"retentionInDays": 7, "kmsKeyId": parents.key_arn, "tags": {}},
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


def topic(parents: Parents) -> Example:
    return Example(
        {"displayName": "Alarms", "kmsMasterKeyId": parents.key, "tags": {"a": "b"}},
        {"displayName": "Loud alarms", "tags": {"a": "c"}},
        {"name": "other"},
    )


def topic_policy(parents: Parents) -> Example:
    def allow(service: str) -> str:
        return policy("sns:Publish", parents.topic, Principal={"Service": service})

    return Example(
        {"arn": parents.topic, "policy": allow("cloudwatch.amazonaws.com")},
        {"policy": allow("budgets.amazonaws.com")},
        {"arn": "other"},
    )


def topic_subscription(parents: Parents) -> Example:
    return Example(
        {"topic": parents.topic, "protocol": "email", "endpoint": "team@example.com"},
        {"filterPolicy": json.dumps({"severity": ["high"]})},
        {"endpoint": "other@example.com"},
    )


def budget(_parents: Parents) -> Example:
    notification = {
        "comparisonOperator": "GREATER_THAN",
        "notificationType": "ACTUAL",
        "threshold": 80.0,
        "thresholdType": "PERCENTAGE",
        "subscriberEmailAddresses": ["team@example.com"],
    }
    return Example(
        {
            "budgetType": "COST",
            "timeUnit": "MONTHLY",
            "limitAmount": "25",
            "limitUnit": "USD",
            "notifications": [notification],
            "tags": {"a": "b"},
        },
        {"limitAmount": "50", "notifications": [{**notification, "threshold": 100.0}], "tags": {"a": "c"}},
        {"name": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    "aws:cloudwatch/logGroup:LogGroup": log_group,
    "aws:cloudwatch/metricAlarm:MetricAlarm": metric_alarm,
    "aws:cloudwatch/dashboard:Dashboard": dashboard,
    "aws:sns/topic:Topic": topic,
    "aws:sns/topicPolicy:TopicPolicy": topic_policy,
    "aws:sns/topicSubscription:TopicSubscription": topic_subscription,
    "aws:budgets/budget:Budget": budget,
}
