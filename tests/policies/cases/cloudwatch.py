"""Log groups and alarms that keep each rule, and those that break it."""

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.cloudwatch import COMPOSITE_ALARM, LOG_GROUP, METRIC_ALARM

TOPIC = "arn:aws:sns:eu-central-1:333333333333:alerts"

CASES = {
    "loggroup-retention": ResourceCase(
        LOG_GROUP,
        good={"retentionInDays": 90},
        bad={"ever": {"retentionInDays": 0}, "a day": {"retentionInDays": 1}, "a decade": {"retentionInDays": 3653}},
        absent="fail",
    ),
    "loggroup-cmk": ResourceCase(
        LOG_GROUP, good={"kmsKeyId": "alias/own"}, bad={"none": {"name": "/a"}}, absent="fail"
    ),
    "alarm-has-action": ResourceCase(
        METRIC_ALARM,
        good={"alarmActions": [TOPIC], "actionsEnabled": True},
        bad={
            "nobody": {"alarmActions": []},
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
