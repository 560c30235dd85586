"""Examples of the resource types of AWS CodeDeploy."""

from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import codedeploy as types


def application(_parents: Parents) -> Example:
    return Example(
        {"computePlatform": "Lambda", "tags": {"a": "b", "c": "d"}},
        {"tags": {"a": "c"}},
        {"computePlatform": "ECS"},
    )


def deployment_group(parents: Parents) -> Example:
    alarms = {"enabled": True, "alarms": ["errors"], "ignorePollAlarmFailure": False}
    return Example(
        {
            "appName": parents.application,
            "deploymentGroupName": "live",
            "serviceRoleArn": parents.role["arn"],
            "deploymentConfigName": "CodeDeployDefault.LambdaCanary10Percent5Minutes",
            "deploymentStyle": {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
            "alarmConfiguration": alarms,
            "autoRollbackConfiguration": {"enabled": True, "events": ["DEPLOYMENT_FAILURE"]},
            "tags": {"a": "b", "c": "d"},
        },
        {
            "alarmConfiguration": {**alarms, "alarms": ["errors", "throttles"]},
            "deploymentConfigName": "CodeDeployDefault.LambdaAllAtOnce",
            "tags": {"a": "c"},
        },
        {"deploymentGroupName": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    types.APPLICATION: application,
    types.DEPLOYMENT_GROUP: deployment_group,
}
