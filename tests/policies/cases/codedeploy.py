"""Deployment groups that keep each rule, and those that break it."""

from typing import Any

from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.codedeploy import DEPLOYMENT_GROUP

EVENTS = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]


def rollback(enabled: bool, events: list[str]) -> dict[str, Any]:
    return {"autoRollbackConfiguration": {"enabled": enabled, "events": events}}


def alarms(**configuration: Any) -> dict[str, Any]:
    return {"alarmConfiguration": configuration}


CASES = {
    "delivery-rolls-back": ResourceCase(
        DEPLOYMENT_GROUP,
        good=rollback(True, EVENTS),
        bad={"off": rollback(False, EVENTS), "not for alarms": rollback(True, EVENTS[:1])},
        absent="fail",
    ),
    "delivery-watches-alarms": ResourceCase(
        DEPLOYMENT_GROUP,
        good=alarms(enabled=True, alarms=["errors"], ignorePollAlarmFailure=False),
        bad={
            "off": alarms(enabled=False, alarms=["errors"]),
            "none": alarms(enabled=True, alarms=[]),
            "deaf": alarms(enabled=True, alarms=["errors"], ignorePollAlarmFailure=True),
        },
        absent="fail",
    ),
    "delivery-gradual": ResourceCase(
        DEPLOYMENT_GROUP,
        good={"deploymentConfigName": "CodeDeployDefault.LambdaCanary10Percent5Minutes"},
        bad={
            "all at once": {"deploymentConfigName": "CodeDeployDefault.LambdaAllAtOnce"},
            "none of AWS": {"deploymentConfigName": "CodeDeployDefault.LambdaCanary50Percent1Minutes"},
        },
        absent="fail",
        also_good={"step by step": {"deploymentConfigName": "CodeDeployDefault.LambdaLinear10PercentEvery1Minute"}},
    ),
}
