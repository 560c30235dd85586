"""Alarms have the states of CloudWatch."""

from typing import Any

from tests.support.aws import shared_aws, unique

ALARM = {
    "MetricName": "Errors",
    "Namespace": "AWS/Lambda",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "Statistic": "Sum",
}


def cloudwatch() -> Any:
    return shared_aws().connection.client("cloudwatch")


def described(name: str, **filters: str) -> Any:
    return cloudwatch().describe_alarms(AlarmNamePrefix=name, **filters)["MetricAlarms"]


def test_new_alarm_starts_at_insufficient_data() -> None:
    name = unique("alarm")
    cloudwatch().put_metric_alarm(AlarmName=name, **ALARM)
    (alarm,) = described(name)
    assert (alarm["StateValue"], alarm["StateReason"]) == ("INSUFFICIENT_DATA", "Unchecked: Initial alarm creation")
    assert [found["AlarmName"] for found in cloudwatch().describe_alarms(StateValue="OK")["MetricAlarms"]] == []


def test_update_of_alarm_keeps_its_state() -> None:
    name = unique("alarm")
    cloudwatch().put_metric_alarm(AlarmName=name, **ALARM)
    cloudwatch().set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="test")
    cloudwatch().put_metric_alarm(AlarmName=name, **{**ALARM, "Threshold": 2.0})
    (alarm,) = described(name)
    assert (alarm["StateValue"], alarm["StateReason"], alarm["Threshold"]) == ("ALARM", "test", 2.0)
