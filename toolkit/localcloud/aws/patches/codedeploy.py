"""What moto lacks of CodeDeploy: deployments that move calls to a new version, and back on an alarm or a stop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import yaml
from moto.awslambda.models import lambda_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.codedeploy import responses
from moto.codedeploy.exceptions import CodeDeployException
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

MINUTE = timedelta(seconds=1)
"""How long a minute of a delivery lasts here."""
CANARIES = {"CodeDeployDefault.LambdaCanary10Percent5Minutes": (0.1, 5)}
"""Which part of the calls goes first, and for how many minutes; every other configuration moves all at once."""
ACTIVE = "InProgress"


class _DeploymentRefusedError(CodeDeployException):
    code = 400


@dataclass(frozen=True)
class _Move:
    """An alias that goes from one version to another."""

    function: str
    alias: str
    before: str
    after: str

    @staticmethod
    def of(revision: Mapping[str, Any]) -> "_Move":
        """As the one function of an AppSpec says."""
        (resource,) = yaml.safe_load(revision["appSpecContent"]["content"])["Resources"]
        ((_, described),) = resource.items()
        told = described["Properties"]
        names = ("Name", "Alias", "CurrentVersion", "TargetVersion")
        return _Move(*(str(told[name]) for name in names))


def patch_deployments() -> None:
    """Have moto's deployments do what they say."""
    module: Any = responses
    codedeploy = module.CodeDeployResponse
    create, describe, group = codedeploy.create_deployment, codedeploy.get_deployment, module._deployment_group_info  # noqa: SLF001 - moto's own words for a group

    def created(handler: Any) -> ActionResult:
        _refuse_second(handler)
        result = create(handler)
        _begin(handler, handler.codedeploy_backend.deployments[result.result["deploymentId"]])
        return ActionResult(result.result)

    def described(handler: Any) -> ActionResult:
        deployment = handler.codedeploy_backend.get_deployment(handler._get_param("deploymentId"))  # noqa: SLF001 - moto offers parameters in no other way
        _go_on(handler, deployment)
        result = describe(handler)
        told = {
            "errorInformation": getattr(deployment, "error", {}),
            "rollbackInfo": getattr(deployment, "rollback", {}),
        }
        return ActionResult({"deploymentInfo": {**result.result["deploymentInfo"], **told}})

    codedeploy.create_deployment, codedeploy.get_deployment = created, described
    codedeploy.stop_deployment = _stop
    module._deployment_group_info = lambda found: {**group(found), **_last(found)}  # noqa: SLF001 - as above


def _refuse_second(handler: Any) -> None:
    backend, group = handler.codedeploy_backend, handler._get_param("deploymentGroupName")  # noqa: SLF001 - as above
    for deployment in backend.deployments.values():
        same = deployment.deployment_group_name == group
        if same and deployment.application_name == handler._get_param("applicationName"):  # noqa: SLF001 - as above
            _go_on(handler, deployment)
            if deployment.status == ACTIVE:
                words = f"The Deployment Group '{group}' already has an active Deployment '{deployment.deployment_id}'"
                raise _DeploymentRefusedError("DeploymentLimitExceededException", words)


def _begin(handler: Any, deployment: Any) -> None:
    group = deployment.deployment_group
    deployment.status, deployment.start_time = ACTIVE, utcnow()
    group.last_attempted = deployment
    move = _Move.of(deployment.revision)
    if _alias(handler, move).function_version != move.before:
        _end(handler, deployment, "Failed", "CURRENT_VERSION_MISMATCH", f"{move.alias} is not at {move.before}")
        return
    weight, _ = CANARIES.get(str(deployment.deployment_config_name), (0.0, 0))
    if weight:
        _alias(handler, move).update(None, None, {"AdditionalVersionWeights": {move.after: weight}})
    _go_on(handler, deployment)


def _go_on(handler: Any, deployment: Any) -> None:
    """Bring a deployment to where it would be by now."""
    if deployment.status != ACTIVE:
        return
    if ringing := _ringing(handler, deployment.deployment_group):
        _end(handler, deployment, "Stopped", "ALARM_ACTIVE", f"One or more alarms have been activated: {ringing}")
        return
    _, minutes = CANARIES.get(str(deployment.deployment_config_name), (0.0, 0))
    if utcnow() - deployment.start_time >= minutes * MINUTE:
        move = _Move.of(deployment.revision)
        _alias(handler, move).update(None, move.after, {"AdditionalVersionWeights": {}})
        deployment.status, deployment.complete_time = "Succeeded", utcnow()
        deployment.deployment_group.last_successful = deployment


def _ringing(handler: Any, group: Any) -> str:
    configured = group.alarm_configuration or {}
    names = [alarm["name"] for alarm in configured.get("alarms", ())] if configured.get("enabled") else []
    alarms = cloudwatch_backends[handler.current_account][handler.region].get_alarms_by_alarm_names(names)
    return ", ".join(alarm.name for alarm in alarms if alarm.state_value == "ALARM")


def _stop(handler: Any) -> ActionResult:
    deployment = handler.codedeploy_backend.get_deployment(handler._get_param("deploymentId"))  # noqa: SLF001 - as above
    _go_on(handler, deployment)
    if deployment.status != ACTIVE:
        words = f"The deployment {deployment.deployment_id} is already completed"
        raise _DeploymentRefusedError("DeploymentAlreadyCompletedException", words)
    _end(handler, deployment, "Stopped", "MANUAL_STOP", "The deployment was stopped by a user.")
    return ActionResult({"status": "Succeeded", "statusMessage": "No more calls will be moved."})


def _end(handler: Any, deployment: Any, status: str, code: str, message: str) -> None:
    """End it before its time: all calls go where they went before."""
    move = _Move.of(deployment.revision)
    _alias(handler, move).update(None, None, {"AdditionalVersionWeights": {}})
    deployment.status, deployment.complete_time = status, utcnow()
    deployment.error = {"code": code, "message": message}
    deployment.rollback = {"rollbackMessage": f"All calls go to version {move.before} again."}


def _alias(handler: Any, move: _Move) -> Any:
    return lambda_backends[handler.current_account][handler.region].get_alias(move.alias, move.function)


def _last(group: Any) -> dict[str, Any]:
    """The last deployment of a group, and the last that came to its end."""
    found = {
        "lastAttemptedDeployment": getattr(group, "last_attempted", None),
        "lastSuccessfulDeployment": getattr(group, "last_successful", None),
    }
    return {
        name: {"deploymentId": each.deployment_id, "status": each.status, "createTime": each.create_time}
        for name, each in found.items()
        if each is not None
    }
