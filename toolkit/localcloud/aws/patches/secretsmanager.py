"""Patches of moto's Secrets Manager: rotation by a Lambda function, and the stages of versions.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html and
https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

import json
import logging
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import lambda_backends
from moto.secretsmanager.exceptions import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceNotFoundException,
    SecretNotFoundException,
    SecretsManagerClientError,
)
from moto.secretsmanager.models import SecretsManagerBackend

from toolkit.localcloud.aws.patches.lambda_invocations import invoke_function
from toolkit.localcloud.runtime.function import NO_POLICY, may_invoke
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.awslambda.models:LambdaBackend.get_function",
    "moto.secretsmanager.models:FakeSecret.auto_rotate_after_days",
    "moto.secretsmanager.models:FakeSecret.is_deleted",
    "moto.secretsmanager.models:FakeSecret.rotation_enabled",
    "moto.secretsmanager.models:FakeSecret.rotation_lambda_arn",
    "moto.secretsmanager.models:FakeSecret.rotation_requested",
    "moto.secretsmanager.models:FakeSecret.set_default_version_id",
    "moto.secretsmanager.models:FakeSecret.versions",
    "moto.secretsmanager.models:SecretsManagerBackend.get_secret_value",
    "moto.secretsmanager.models:SecretsManagerBackend.put_secret_value",
    "moto.secretsmanager.models:SecretsManagerBackend.rotate_secret",
    "moto.secretsmanager.models:SecretsManagerBackend.secrets",
    "moto.secretsmanager.models:SecretsManagerBackend.update_secret_version_stage",
)

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
SECRETS_MANAGER = "secretsmanager.amazonaws.com"
log = logging.getLogger("embedded-aws")


def patch_secretsmanager() -> None:
    """Have RotateSecret run the secret's function; reject calls on a secret marked for deletion."""
    backend: Any = SecretsManagerBackend
    backend.rotate_secret = _rotate
    for name in ("get_secret_value", "put_secret_value", "update_secret_version_stage"):
        setattr(backend, name, _unless_deleted(getattr(backend, name)))
    backend.get_secret_value = _with_known_stage(backend.get_secret_value)
    backend.update_secret_version_stage = _with_default_version(backend.update_secret_version_stage)


def _rotate(
    backend: Any,
    secret_id: str,
    client_request_token: str | None = None,
    rotation_lambda_arn: str | None = None,
    rotation_rules: dict[str, Any] | None = None,
    rotate_immediately: bool = True,
) -> str:
    secret = _secret(backend, secret_id)
    function = rotation_lambda_arn or secret.rotation_lambda_arn
    if not function:  # AWS's message: getmoto/moto#3912
        raise InvalidRequestException("No Lambda rotation function ARN is associated with this secret.")
    days = (rotation_rules or {}).get("AutomaticallyAfterDays")
    if days is not None and not 1 <= days <= 1000:
        raise InvalidParameterException("RotationRules.AutomaticallyAfterDays must be within 1-1000.")
    token = client_request_token or str(uuid.uuid4())
    if not 32 <= len(token) <= 64:
        raise InvalidParameterException("ClientRequestToken must be 32-64 characters long.")
    if any(
        "AWSPENDING" in version["version_stages"] and "AWSCURRENT" not in version["version_stages"]
        for version_id, version in secret.versions.items()
        if version_id != token
    ):
        raise InvalidRequestException("A previous rotation isn't complete. That rotation will be reattempted.")
    _require_permission(backend, function, secret.arn)
    secret.rotation_requested = secret.rotation_enabled = True
    secret.rotation_lambda_arn = function
    secret.auto_rotate_after_days = days or secret.auto_rotate_after_days
    if rotate_immediately:
        now = int(time.time())
        pending = {"createdate": now, "version_id": token, "version_stages": ["AWSPENDING"]}
        secret.versions.setdefault(token, pending)
        secret.last_rotation_date = now
    steps = STEPS if rotate_immediately else ("testSecret",)
    threading.Thread(target=_run_steps, args=(function, secret.arn, token, steps), daemon=True).start()
    return json.dumps({"ARN": secret.arn, "Name": secret.name, "VersionId": token})


def _require_permission(backend: Any, function: str, secret_arn: str) -> None:
    """Check that Secrets Manager may invoke the function. Raises SecretsManagerClientError."""
    try:
        found = lambda_backends[backend.account_id][backend.region_name].get_function(function)
        policy = json.dumps({"Statement": found.policy.statements})
    except (LambdaClientError, ValueError):
        policy = NO_POLICY
    if not may_invoke(policy, SECRETS_MANAGER, function, secret_arn):
        raise SecretsManagerClientError(
            "AccessDeniedException",
            "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access"
            f" to the principal {SECRETS_MANAGER}.",
        )


def _run_steps(function: str, secret_arn: str, token: str, steps: tuple[str, ...]) -> None:
    """Run the rotation function; its last step moves AWSCURRENT. A step that fails leaves the value as it is."""
    for step in steps:
        event = {"Step": step, "SecretId": secret_arn, "ClientRequestToken": token}
        try:
            answer = invoke_function(function, json.dumps(event).encode())
        except LambdaClientError as error:
            log.warning("The rotation of %s ended before %s: %s", secret_arn, step, error)
            return
        if answer.function_error:
            log.warning("The rotation of %s ended: its function failed in %s", secret_arn, step)
            return


def _secret(backend: Any, secret_id: str) -> Any:
    if secret_id not in backend.secrets:
        raise SecretNotFoundException
    secret = backend.secrets[secret_id]
    if secret.is_deleted():
        raise InvalidRequestException(
            "You can't perform this operation on the secret because it was marked for deletion."
        )
    return secret


def _unless_deleted(call: Callable[..., Any]) -> Callable[..., Any]:
    def checked(backend: Any, secret_id: str, *values: Any, **named: Any) -> Any:
        _secret(backend, secret_id)
        return call(backend, secret_id, *values, **named)

    return checked


def _with_known_stage(read: Callable[..., Any]) -> Callable[..., Any]:
    """Report a stage that no version has."""

    def checked(backend: Any, secret_id: str, version_id: str, version_stage: str) -> Any:
        stages = [stage for each in _secret(backend, secret_id).versions.values() for stage in each["version_stages"]]
        if version_stage and not version_id and version_stage not in stages:
            raise ResourceNotFoundException(
                f"Secrets Manager can't find the specified secret value for staging label: {version_stage}"
            )
        return read(backend, secret_id, version_id, version_stage)

    return checked


def _with_default_version(move: Callable[..., Any]) -> Callable[..., Any]:
    """Make the version with AWSCURRENT moto's default version."""

    def moved(backend: Any, secret_id: str, *values: Any, **named: Any) -> Any:
        answer = move(backend, secret_id, *values, **named)
        secret = backend.secrets[secret_id]
        for version_id, version in secret.versions.items():
            if "AWSCURRENT" in version["version_stages"]:
                secret.set_default_version_id(version_id)
        return answer

    return moved
