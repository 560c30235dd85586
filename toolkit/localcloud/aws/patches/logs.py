"""Patches of moto's CloudWatch Logs: the KMS key of a log group, whose policy has to allow the service."""

import json
from collections.abc import Callable
from typing import Any

from moto.kms.models import kms_backends
from moto.logs.exceptions import LogsClientError, ResourceNotFoundException
from moto.logs.responses import LogsResponse

from toolkit.localcloud.aws.patches import wrap
from toolkit.policy.iam.evaluation import PolicyResult, evaluate_resource_policy
from toolkit.policy.iam.principals import Principal
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.logs.models:LogGroup.kms_key_id",
    "moto.logs.models:LogsBackend.groups",
    "moto.logs.responses:LogsResponse.create_log_group",
    "moto.logs.responses:LogsResponse.logs_backend",
)
ADDED_NAMES = (
    "moto.logs.responses:LogsResponse.associate_kms_key",
    "moto.logs.responses:LogsResponse.disassociate_kms_key",
)
"""The parts that moto lacks."""


_KEY_ACTIONS = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey")
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"""


def patch_logs() -> None:
    """Add AssociateKmsKey and DisassociateKmsKey, and refuse a key whose policy does not cover the log group."""
    responses: Any = LogsResponse
    responses.associate_kms_key = _change_log_key
    responses.disassociate_kms_key = _change_log_key
    wrap(LogsResponse, "create_log_group", _create_log_group)


def _create_log_group(create: Callable[[Any], str], handler: Any) -> str:
    body = json.loads(handler.body)
    _check_key(handler, body["logGroupName"], body.get("kmsKeyId"))
    return create(handler)


def _change_log_key(handler: Any) -> str:
    """Set the key of a log group, or remove it: DisassociateKmsKey sends no key."""
    body = json.loads(handler.body)
    groups = handler.logs_backend.groups
    if body["logGroupName"] not in groups:
        raise ResourceNotFoundException
    _check_key(handler, body["logGroupName"], body.get("kmsKeyId"))
    groups[body["logGroupName"]].kms_key_id = body.get("kmsKeyId")
    return ""


def _check_key(handler: Any, group: str, key_arn: str | None) -> None:
    """Raise AWS's error for a key that does not exist, or that CloudWatch Logs may not use for a log group."""
    if not key_arn:
        return
    key = kms_backends[handler.current_account][handler.region].keys.get(key_arn.rpartition("/")[2])
    arn = f"arn:aws:logs:{handler.region}:{handler.current_account}:log-group:{group}"
    if key is None or not _admits(str(key.policy), key_arn, arn, handler):
        message = f"The specified KMS key does not exist or is not allowed to be used with Arn '{arn}'"
        raise LogsClientError("AccessDeniedException", message)


def _admits(policy: str, key_arn: str, group_arn: str, handler: Any) -> bool:
    context = {
        "kms:encryptioncontext:aws:logs:arn": group_arn,
        "aws:sourcearn": group_arn,
        "aws:sourceaccount": str(handler.current_account),
        "aws:securetransport": "true",
    }
    services = (f"logs.{handler.region}.amazonaws.com", "logs.amazonaws.com")
    return any(
        all(
            evaluate_resource_policy(policy, Principal(service=service), action, key_arn, context)[0]
            is PolicyResult.ALLOWED
            for action in _KEY_ACTIONS
        )
        for service in services
    )
