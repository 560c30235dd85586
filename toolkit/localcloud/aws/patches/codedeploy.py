"""Patches of moto's CodeDeploy: deployments that shift traffic, and calls for deployment groups and applications.

moto records a deployment and does nothing. Here a canary deployment moves the alias, and an alarm or a stop moves it
back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

import yaml
from moto.awslambda.models import lambda_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.codedeploy import responses
from moto.codedeploy.exceptions import CodeDeployException
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.awslambda.models:LambdaAlias.function_version",
    "moto.awslambda.models:LambdaAlias.update",
    "moto.awslambda.models:LambdaBackend.get_alias",
    "moto.cloudwatch.models:CloudWatchBackend.get_alarms_by_alarm_names",
    "moto.codedeploy.models:CodeDeployBackend.applications",
    "moto.codedeploy.models:CodeDeployBackend.deployment_groups",
    "moto.codedeploy.models:CodeDeployBackend.deployments",
    "moto.codedeploy.models:CodeDeployBackend.get_deployment",
    "moto.codedeploy.models:CodeDeployBackend.get_deployment_group",
    "moto.codedeploy.models:DeploymentGroup.alarm_configuration",
    "moto.codedeploy.models:DeploymentInfo.revision",
    "moto.codedeploy.models:DeploymentInfo.status",
    "moto.codedeploy.responses:CodeDeployResponse._get_param",
    "moto.codedeploy.responses:CodeDeployResponse.codedeploy_backend",
    "moto.codedeploy.responses:CodeDeployResponse.create_deployment",
    "moto.codedeploy.responses:CodeDeployResponse.get_deployment",
    "moto.codedeploy.responses:_deployment_group_info",
    "moto.core.responses:ActionResult.result",
    "moto.core.utils:utcnow",
)
ADDED_NAMES = (
    "moto.codedeploy.responses:CodeDeployResponse.delete_application",
    "moto.codedeploy.responses:CodeDeployResponse.delete_deployment_group",
    "moto.codedeploy.responses:CodeDeployResponse.stop_deployment",
    "moto.codedeploy.responses:CodeDeployResponse.update_deployment_group",
)
"""The parts that moto lacks."""
MINUTE = timedelta(seconds=1)
"""The duration of one minute of a canary deployment in the embedded AWS."""
CANARIES = {"CodeDeployDefault.LambdaCanary10Percent5Minutes": (0.1, 5)}
"""By deployment configuration: the share of traffic that shifts first, and for how many minutes.

Every other configuration shifts all traffic at once.
"""
ACTIVE = "InProgress"
UPDATED_PROPERTIES = {
    "alarmConfiguration": "alarm_configuration",
    "autoRollbackConfiguration": "auto_rollback_configuration",
    "deploymentConfigName": "deployment_config_name",
    "deploymentStyle": "deployment_style",
    "serviceRoleArn": "service_role_arn",
}
"""The parameters of UpdateDeploymentGroup, and moto's attributes for them."""


class _DeploymentRejectedError(CodeDeployException):
    code = 400


@dataclass(frozen=True)
class _TrafficShift:
    """An alias that moves from one version to another."""

    function: str
    alias: str
    current: str
    target: str

    @staticmethod
    def read(revision: Mapping[str, Any]) -> "_TrafficShift":
        """Read the one function of an AppSpec."""
        (resource,) = yaml.safe_load(revision["appSpecContent"]["content"])["Resources"]
        ((_, function),) = resource.items()
        properties = function["Properties"]
        return _TrafficShift(
            function=str(properties["Name"]),
            alias=str(properties["Alias"]),
            current=str(properties["CurrentVersion"]),
            target=str(properties["TargetVersion"]),
        )


def patch_codedeploy() -> None:
    """Have deployments shift traffic; add the calls that moto lacks."""
    module: Any = responses
    codedeploy = module.CodeDeployResponse
    create = codedeploy.create_deployment
    describe = codedeploy.get_deployment
    group_info = module._deployment_group_info  # noqa: SLF001 - moto has no other place for a group's answer

    @wraps(create)
    def create_deployment(handler: Any) -> ActionResult:
        _reject_second(handler)
        result = create(handler)
        _start(handler, handler.codedeploy_backend.deployments[result.result["deploymentId"]])
        return ActionResult(result.result)

    @wraps(describe)
    def get_deployment(handler: Any) -> ActionResult:
        deployment = handler.codedeploy_backend.get_deployment(_parameter(handler, "deploymentId"))
        _advance(handler, deployment)
        result = describe(handler)
        added = {
            "errorInformation": getattr(deployment, "error", {}),
            "rollbackInfo": getattr(deployment, "rollback", {}),
        }
        return ActionResult({"deploymentInfo": {**result.result["deploymentInfo"], **added}})

    @wraps(group_info)
    def deployment_group_info(group: Any) -> dict[str, Any]:
        return {
            **group_info(group),
            "alarmConfiguration": group.alarm_configuration or {},
            **_last_deployments(group),
        }

    codedeploy.create_deployment = create_deployment
    codedeploy.get_deployment = get_deployment
    codedeploy.stop_deployment = _stop_deployment
    codedeploy.update_deployment_group = _update_deployment_group
    codedeploy.delete_deployment_group = _delete_deployment_group
    codedeploy.delete_application = _delete_application
    module._deployment_group_info = deployment_group_info  # noqa: SLF001 - as above


def _parameter(handler: Any, name: str) -> Any:
    return handler._get_param(name)  # noqa: SLF001 - moto offers parameters in no other way


def _reject_second(handler: Any) -> None:
    application, group = _parameter(handler, "applicationName"), _parameter(handler, "deploymentGroupName")
    for deployment in handler.codedeploy_backend.deployments.values():
        if (deployment.application_name, deployment.deployment_group_name) != (application, group):
            continue
        _advance(handler, deployment)
        if deployment.status == ACTIVE:
            message = f"The Deployment Group '{group}' already has an active Deployment '{deployment.deployment_id}'"
            raise _DeploymentRejectedError("DeploymentLimitExceededException", message)


def _start(handler: Any, deployment: Any) -> None:
    deployment.status, deployment.start_time = ACTIVE, utcnow()
    deployment.deployment_group.last_attempted = deployment
    shift = _TrafficShift.read(deployment.revision)
    if _alias(handler, shift).function_version != shift.current:
        message = f"{shift.alias} is not at {shift.current}"
        _roll_back(handler, deployment, "Failed", "CURRENT_VERSION_MISMATCH", message)
        return
    weight, _ = CANARIES.get(str(deployment.deployment_config_name), (0.0, 0))
    if weight:
        _alias(handler, shift).update(None, None, {"AdditionalVersionWeights": {shift.target: weight}})
    _advance(handler, deployment)


def _advance(handler: Any, deployment: Any) -> None:
    """Bring an active deployment to the state that it has by now."""
    if deployment.status != ACTIVE:
        return
    if alarms := _active_alarms(handler, deployment.deployment_group):
        message = f"One or more alarms have been activated: {alarms}"
        _roll_back(handler, deployment, "Stopped", "ALARM_ACTIVE", message)
        return
    _, minutes = CANARIES.get(str(deployment.deployment_config_name), (0.0, 0))
    if utcnow() - deployment.start_time >= minutes * MINUTE:
        shift = _TrafficShift.read(deployment.revision)
        _alias(handler, shift).update(None, shift.target, {"AdditionalVersionWeights": {}})
        deployment.status, deployment.complete_time = "Succeeded", utcnow()
        deployment.deployment_group.last_successful = deployment


def _active_alarms(handler: Any, group: Any) -> str:
    configured = group.alarm_configuration or {}
    names = [alarm["name"] for alarm in configured.get("alarms", ())] if configured.get("enabled") else []
    alarms = cloudwatch_backends[handler.current_account][handler.region].get_alarms_by_alarm_names(names)
    return ", ".join(alarm.name for alarm in alarms if alarm.state_value == "ALARM")


def _stop_deployment(handler: Any) -> ActionResult:
    deployment = handler.codedeploy_backend.get_deployment(_parameter(handler, "deploymentId"))
    _advance(handler, deployment)
    if deployment.status != ACTIVE:
        message = f"The deployment {deployment.deployment_id} is already completed"
        raise _DeploymentRejectedError("DeploymentAlreadyCompletedException", message)
    _roll_back(handler, deployment, "Stopped", "MANUAL_STOP", "The deployment was stopped by a user.")
    return ActionResult({"status": "Succeeded", "statusMessage": "No more calls will be moved."})


def _roll_back(handler: Any, deployment: Any, status: str, code: str, message: str) -> None:
    """End a deployment, and send all traffic to the version before it."""
    shift = _TrafficShift.read(deployment.revision)
    _alias(handler, shift).update(None, None, {"AdditionalVersionWeights": {}})
    deployment.status, deployment.complete_time = status, utcnow()
    deployment.error = {"code": code, "message": message}
    deployment.rollback = {"rollbackMessage": f"All calls go to version {shift.current} again."}


def _alias(handler: Any, shift: _TrafficShift) -> Any:
    return lambda_backends[handler.current_account][handler.region].get_alias(shift.alias, shift.function)


def _last_deployments(group: Any) -> dict[str, Any]:
    """Return the last deployment of a group, and the last that succeeded."""
    found = {
        "lastAttemptedDeployment": getattr(group, "last_attempted", None),
        "lastSuccessfulDeployment": getattr(group, "last_successful", None),
    }
    return {
        name: {"deploymentId": each.deployment_id, "status": each.status, "createTime": each.create_time}
        for name, each in found.items()
        if each is not None
    }


def _update_deployment_group(handler: Any) -> ActionResult:
    group = handler.codedeploy_backend.get_deployment_group(
        _parameter(handler, "applicationName"), _parameter(handler, "currentDeploymentGroupName")
    )
    for name, attribute in UPDATED_PROPERTIES.items():
        value = _parameter(handler, name)
        if value is not None:
            setattr(group, attribute, value)
    return ActionResult({"hooksNotCleanedUp": []})


def _delete_deployment_group(handler: Any) -> ActionResult:
    groups = handler.codedeploy_backend.deployment_groups.get(_parameter(handler, "applicationName"), {})
    groups.pop(_parameter(handler, "deploymentGroupName"), None)
    return ActionResult({"hooksNotCleanedUp": []})


def _delete_application(handler: Any) -> ActionResult:
    name = _parameter(handler, "applicationName")
    handler.codedeploy_backend.applications.pop(name, None)
    handler.codedeploy_backend.deployment_groups.pop(name, None)
    return ActionResult({})
