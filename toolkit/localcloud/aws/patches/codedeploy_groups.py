"""What moto lacks of CodeDeploy: alarms of a deployment group, changes of one, and removing groups and applications."""

from typing import Any

from moto.codedeploy import responses
from moto.core.responses import ActionResult

CHANGEABLE = (
    "deploymentConfigName",
    "serviceRoleArn",
    "alarmConfiguration",
    "autoRollbackConfiguration",
    "deploymentStyle",
)


def patch_deployment_groups() -> None:
    """Add the calls to moto's responses."""
    module: Any = responses
    codedeploy, described = module.CodeDeployResponse, module._deployment_group_info  # noqa: SLF001 - it lacks alarms

    def with_alarms(group: Any) -> dict[str, Any]:
        return {**described(group), "alarmConfiguration": group.alarm_configuration or {}}

    module._deployment_group_info = with_alarms  # noqa: SLF001 - as above
    codedeploy.update_deployment_group = _update_deployment_group
    codedeploy.delete_deployment_group = _delete_deployment_group
    codedeploy.delete_application = _delete_application


def _update_deployment_group(handler: Any) -> ActionResult:
    group = handler.codedeploy_backend.get_deployment_group(
        handler._get_param("applicationName"),  # noqa: SLF001 - moto offers parameters in no other way
        handler._get_param("currentDeploymentGroupName"),  # noqa: SLF001 - as above
    )
    for name in CHANGEABLE:
        value = handler._get_param(name)  # noqa: SLF001 - as above
        if value is not None:
            setattr(group, "".join(f"_{c.lower()}" if c.isupper() else c for c in name), value)
    return ActionResult({"hooksNotCleanedUp": []})


def _delete_deployment_group(handler: Any) -> ActionResult:
    name = handler._get_param("applicationName")  # noqa: SLF001 - moto offers parameters in no other way
    group = handler._get_param("deploymentGroupName")  # noqa: SLF001 - as above
    handler.codedeploy_backend.deployment_groups.get(name, {}).pop(group, None)
    return ActionResult({"hooksNotCleanedUp": []})


def _delete_application(handler: Any) -> ActionResult:
    name = handler._get_param("applicationName")  # noqa: SLF001 - moto offers parameters in no other way
    handler.codedeploy_backend.applications.pop(name, None)
    handler.codedeploy_backend.deployment_groups.pop(name, None)
    return ActionResult({})
