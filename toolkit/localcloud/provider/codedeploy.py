"""CodeDeploy applications and their deployment groups."""

from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import Fields, from_aws, tag_list, tag_map, to_aws
from toolkit.resource_types import codedeploy as types

APPLICATION = {"name": "applicationName", "computePlatform": "computePlatform"}
GROUP: Fields = {
    "appName": "applicationName",
    "deploymentGroupName": "deploymentGroupName",
    "deploymentConfigName": "deploymentConfigName",
    "serviceRoleArn": "serviceRoleArn",
    "deploymentStyle": (
        "deploymentStyle",
        {"deploymentType": "deploymentType", "deploymentOption": "deploymentOption"},
    ),
    "autoRollbackConfiguration": ("autoRollbackConfiguration", {"enabled": "enabled", "events": "events"}),
}
ALARMS = {"enabled": "enabled", "ignorePollAlarmFailure": "ignorePollAlarmFailure"}


def _create_application(aws: Aws, wanted: Properties) -> str:
    aws.client("codedeploy").create_application(**to_aws(wanted, APPLICATION), tags=tag_list(wanted["tagsAll"]))
    return str(wanted["name"])


def _read_application(aws: Aws, name: str, _known: Properties) -> dict[str, Any] | None:
    codedeploy = aws.client("codedeploy")
    response = found_or_none(codedeploy.get_application, applicationName=name)
    if response is None:
        return None
    arn = aws.arn("codedeploy", f"application:{name}")
    return {
        **from_aws(response["application"], APPLICATION),
        "arn": arn,
        "applicationId": response["application"]["applicationId"],
        "tagsAll": tag_map(codedeploy.list_tags_for_resource(ResourceArn=arn)["Tags"]),
    }


def _nothing(_aws: Aws, _id: str, _state: Properties, _wanted: Properties, _changed: frozenset[str]) -> None:
    """Change nothing: tags are changed by the entry's `tags`."""


def _group_arguments(wanted: Properties) -> dict[str, Any]:
    arguments = to_aws(wanted, GROUP)
    alarms = wanted.get("alarmConfiguration")
    if alarms:
        named = [{"name": name} for name in alarms.get("alarms", ())]
        arguments["alarmConfiguration"] = {**to_aws(alarms, ALARMS), "alarms": named}
    return arguments


def _create_group(aws: Aws, wanted: Properties) -> str:
    aws.client("codedeploy").create_deployment_group(**_group_arguments(wanted), tags=tag_list(wanted["tagsAll"]))
    return f"{wanted['appName']}:{wanted['deploymentGroupName']}"


def _where(resource_id: str) -> dict[str, str]:
    application, _, group = resource_id.partition(":")
    return {"applicationName": application, "deploymentGroupName": group}


def _read_group(aws: Aws, resource_id: str, _known: Properties) -> dict[str, Any] | None:
    codedeploy, where = aws.client("codedeploy"), _where(resource_id)
    response = found_or_none(codedeploy.get_deployment_group, **where)
    if response is None:
        return None
    found, arn = response["deploymentGroupInfo"], aws.arn("codedeploy", "deploymentgroup:{}/{}".format(*where.values()))
    alarms = found.get("alarmConfiguration")
    state = {
        **from_aws(found, GROUP),
        "arn": arn,
        "computePlatform": found["computePlatform"],
        "deploymentGroupId": found["deploymentGroupId"],
        "tagsAll": tag_map(codedeploy.list_tags_for_resource(ResourceArn=arn)["Tags"]),
    }
    if alarms:
        named = [alarm["name"] for alarm in alarms.get("alarms", ())]
        state["alarmConfiguration"] = {**from_aws(alarms, ALARMS), "alarms": named}
    return state


def _update_group(
    aws: Aws, _resource_id: str, _state: Properties, wanted: Properties, _changed: frozenset[str]
) -> None:
    settings = {"alarmConfiguration": {"enabled": False}, "autoRollbackConfiguration": {"enabled": False}, **wanted}
    arguments = _group_arguments(settings)
    arguments["currentDeploymentGroupName"] = arguments.pop("deploymentGroupName")
    aws.client("codedeploy").update_deployment_group(**arguments)


def _tags(aws: Aws, _id: str, state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    codedeploy = aws.client("codedeploy")
    codedeploy.tag_resource(ResourceArn=state["arn"], Tags=tag_list(tags))
    if removed:
        codedeploy.untag_resource(ResourceArn=state["arn"], TagKeys=removed)


ENTRIES = (
    Entry(
        type=types.APPLICATION,
        inputs=frozenset(APPLICATION) | {"tags"},
        recreated_by=frozenset({"name"}),  # moto has no UpdateApplication
        name_property="name",
        tags=_tags,
        create=_create_application,
        read=_read_application,
        update=_nothing,
        delete=lambda aws, name, _outputs: aws.client("codedeploy").delete_application(applicationName=name),
    ),
    Entry(
        type=types.DEPLOYMENT_GROUP,
        inputs=frozenset(GROUP) | {"alarmConfiguration", "tags"},
        required=frozenset({"appName", "deploymentGroupName", "serviceRoleArn"}),
        recreated_by=frozenset({"appName", "deploymentGroupName"}),  # the id holds both names
        tags=_tags,
        create=_create_group,
        read=_read_group,
        update=_update_group,
        delete=lambda aws, resource_id, _outputs: aws.client("codedeploy").delete_deployment_group(
            **_where(resource_id)
        ),
    ),
)
