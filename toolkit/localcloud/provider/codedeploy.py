"""CodeDeploy applications and their deployment groups."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.resource_types import codedeploy as types


class _Application(Entry):
    def computed(self, aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        return {"arn": aws.arn("codedeploy", f"application:{found['name']}")}


class _Group(Entry):
    def request(self, wanted: Properties) -> Properties:
        alarms = wanted.get("alarmConfiguration")
        if not alarms:
            return wanted
        named = [{"name": name} for name in alarms.get("alarms", ())]
        return {**wanted, "alarmConfiguration": {**alarms, "alarms": named}}

    def computed(self, aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        alarms = found.get("alarmConfiguration", {})
        named = [alarm["name"] for alarm in alarms.get("alarms", ())]
        return {
            "arn": aws.arn("codedeploy", f"deploymentgroup:{found['appName']}/{found['deploymentGroupName']}"),
            "alarmConfiguration": {**alarms, "alarms": named} if alarms else None,
        }


ENTRIES = (
    _Application(
        type=types.APPLICATION,
        service="codedeploy",
        noun="application",
        update_call=None,
        result="application",
        names={"applicationName": "name"},
        inputs=frozenset({"name", "computePlatform", "tags"}),
        outputs=frozenset({"applicationId"}),
        recreated_by=frozenset({"name"}),  # moto has no UpdateApplication
    ),
    _Group(
        type=types.DEPLOYMENT_GROUP,
        service="codedeploy",
        noun="deployment_group",
        result="deploymentGroupInfo",
        id="{appName}:{deploymentGroupName}",
        names={"applicationName": "appName", "currentDeploymentGroupName": "deploymentGroupName"},
        inputs=frozenset({"appName", "deploymentGroupName", "deploymentConfigName", "serviceRoleArn"})
        | {"deploymentStyle", "autoRollbackConfiguration", "alarmConfiguration", "tags"},
        required=frozenset({"appName", "deploymentGroupName", "serviceRoleArn"}),
        outputs=frozenset({"computePlatform", "deploymentGroupId"}),
        update_defaults={"alarmConfiguration": {"enabled": False}, "autoRollbackConfiguration": {"enabled": False}},
        recreated_by=frozenset({"appName", "deploymentGroupName"}),  # the id holds both names
    ),
)
