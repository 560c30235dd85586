"""Cases of the rules on CodeDeploy deployment groups and canary deployments."""

from dataclasses import replace
from typing import Any

from tests.support.policy_servicer import UNKNOWN, Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.cloudwatch import METRIC_ALARM
from toolkit.resource_types.codedeploy import APPLICATION, DEPLOYMENT_CONFIG, DEPLOYMENT_GROUP
from toolkit.resource_types.lambda_ import ALIAS, FUNCTION

EVENTS = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]


def rollback(enabled: bool, events: list[str]) -> dict[str, Any]:
    return {"autoRollbackConfiguration": {"enabled": enabled, "events": events}}


def alarms(**configuration: Any) -> dict[str, Any]:
    return {"alarmConfiguration": configuration}


VERSION = {"FunctionName": "f", "Resource": "f:live", "ExecutedVersion": UNKNOWN}


def group(config: str, **alarms: Any) -> Subject:
    configuration = {"enabled": True, **alarms}
    properties = {"deploymentConfigName": config, "alarmConfiguration": configuration}
    depends = {} if alarms else {"alarmConfiguration": ("alarm",)}
    return Subject(DEPLOYMENT_GROUP, properties, "group", dependencies=depends)


def alarm(**changed: Any) -> Subject:
    errors = {"metricName": "Errors", "namespace": "AWS/Lambda", "dimensions": VERSION}
    properties = {"period": 60, "evaluationPeriods": 3, **errors, **changed}
    return Subject(METRIC_ALARM, {key: value for key, value in properties.items() if value is not None}, "alarm")


def total(*metrics: dict[str, Any], periods: int = 3) -> Subject:
    queries = [{"id": f"m{number}", "metric": metric} for number, metric in enumerate(metrics)]
    terms = " + ".join(f"m{number}" for number in range(len(queries)))
    total_of = {"id": "total", "expression": terms, "returnData": True}
    return Subject(METRIC_ALARM, {"evaluationPeriods": periods, "metricQueries": [total_of, *queries]}, "alarm")


def metric(name: str, namespace: str = "AWS/Lambda", **others: Any) -> dict[str, Any]:
    return {"metricName": name, "namespace": namespace, "period": 60, "stat": "Sum", "dimensions": VERSION, **others}


CONFIG = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
CANARY = group(CONFIG)
SLOW_CANARY = group("CodeDeployDefault.LambdaCanary10Percent10Minutes")
BY_MINUTE = group("CodeDeployDefault.LambdaLinear10PercentEvery1Minute")
AT_ONCE = group("CodeDeployDefault.LambdaAllAtOnce")
OWN = replace(group(UNKNOWN), dependencies={"alarmConfiguration": ("alarm",), "deploymentConfigName": ("config",)})


def config(**routing: Any) -> Subject:
    return Subject(DEPLOYMENT_CONFIG, {"trafficRoutingConfig": routing}, "config")


GROUP = Subject(
    DEPLOYMENT_GROUP,
    {"appName": "app", "alarmConfiguration": {"alarms": ["errors"]}, "deploymentConfigName": CONFIG},
    "group",
)
APP = Subject(APPLICATION, {"name": "app", "computePlatform": "Lambda"}, "application")
NAMED = alarm(name="errors", dimensions={"FunctionName": "f", "Resource": "f:live", "ExecutedVersion": "2"})
FUNCTION_2 = Subject(FUNCTION, {"name": "f", "version": "2"}, "function")
LIVE = Subject(ALIAS, {"name": "live"}, "alias")


def grouped(**changed: Any) -> Subject:
    return replace(GROUP, properties={**GROUP.properties, **changed})


def at(version: str, resource: str) -> Subject:
    dimensions = {"FunctionName": "f", "Resource": resource, "ExecutedVersion": version}
    return alarm(name="errors", dimensions=dimensions)


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
    "canary-alarms-here": StackCase(
        good=(APP, GROUP, NAMED),
        bad={
            "another stack's": (APP, grouped(alarmConfiguration={"alarms": ["others"]}), NAMED),
            "one of another stack": (APP, grouped(alarmConfiguration={"alarms": ["errors", "others"]}), NAMED),
            "another application": (APP, grouped(appName="other"), NAMED),
            "an application of servers": (replace(APP, properties={"name": "app"}), GROUP, NAMED),
            "in place": (APP, grouped(deploymentStyle={"deploymentType": "IN_PLACE"}), NAMED),
        },
        also_good={
            "two of this stack": (
                APP,
                grouped(alarmConfiguration={"alarms": ["errors", "late"]}),
                NAMED,
                replace(alarm(name="late"), name="late"),
            ),
        },
    ),
    "canary-alarms-in-time": StackCase(
        good=(CANARY, alarm()),
        bad={
            "ten of fifteen minutes": (CANARY, alarm(period=300, evaluationPeriods=3)),
            "one period as long as the canary": (CANARY, alarm(period=300, evaluationPeriods=1)),
            "five minutes and the delay": (CANARY, alarm(evaluationPeriods=5)),
            "a query": (CANARY, total(metric("Errors", period=300), metric("Failures", "mine"), periods=1)),
            "by its name": (
                group("CodeDeployDefault.LambdaCanary10Percent5Minutes", alarms=["late"]),
                alarm(name="late", period=300),
            ),
            "linear": (BY_MINUTE, alarm(evaluationPeriods=9)),
            "a configuration of the stack": (OWN, config(timeBasedCanary={"interval": 3, "percentage": 10}), alarm()),
            "its steps": (OWN, config(timeBasedLinear={"interval": 1, "percentage": 50}), alarm(evaluationPeriods=1)),
        },
        also_good={
            "exactly": (CANARY, alarm(evaluationPeriods=4)),
            "a longer canary": (SLOW_CANARY, alarm(period=300, evaluationPeriods=1)),
            "linear": (BY_MINUTE, alarm(evaluationPeriods=8)),
            "a configuration of the stack": (OWN, config(timeBasedCanary={"interval": 4, "percentage": 10}), alarm()),
            "all at once": (AT_ONCE, alarm(period=300)),
            "another alarm": (CANARY, alarm(), replace(alarm(period=300), name="other")),
            "another program's configuration": (group("ours"), alarm(period=300)),
        },
    ),
    "canary-alarms-of-version": StackCase(
        good=(CANARY, alarm()),
        bad={
            "throttles": (CANARY, alarm(metricName="Throttles")),
            "duration": (CANARY, alarm(metricName="Duration")),
            "5xx of the API": (CANARY, alarm(metricName="5xx", namespace="AWS/ApiGateway")),
            "of every version": (CANARY, alarm(dimensions={"FunctionName": "f"})),
            "of the alias": (CANARY, alarm(dimensions={"FunctionName": "f", "Resource": "f:live"})),
            "a dimension that Lambda does not have": (CANARY, alarm(dimensions={"FunctionName": "f", "Version": "7"})),
            "of no function": (CANARY, alarm(dimensions=None)),
            "errors and throttles": (CANARY, total(metric("Errors"), metric("Throttles"))),
            "only invocations": (CANARY, total(metric("Invocations"))),
            "another version": (APP, GROUP, at("1", "f:live"), FUNCTION_2, LIVE),
            "another alias": (APP, GROUP, at("2", "f:old"), FUNCTION_2, LIVE),
            "a part of every version": (CANARY, total(metric("Errors"), metric("Failures", "mine", dimensions={}))),
            "linear": (BY_MINUTE, alarm(metricName="Throttles")),
            "another program's configuration": (group("ours"), alarm(metricName="Throttles")),
        },
        also_good={
            "the version that is published": (APP, GROUP, at("2", "f:live"), FUNCTION_2, LIVE),
            "a rate": (CANARY, total(metric("Errors"), metric("Invocations"))),
            "a custom metric": (CANARY, total(metric("Errors"), metric("Failures", "mine"))),
            "with its own dimension": (CANARY, total(metric("Failures", "mine", dimensions={"version": UNKNOWN}))),
            "all at once": (AT_ONCE, alarm(metricName="Throttles")),
            "an alarm that only notifies": (CANARY, alarm(), replace(alarm(metricName="Throttles"), name="other")),
        },
    ),
}
