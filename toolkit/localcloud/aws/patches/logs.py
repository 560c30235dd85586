"""Patches of moto's CloudWatch Logs: the KMS key of a log group."""

import json
from typing import Any

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse

from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.logs.models:LogGroup.kms_key_id",
    "moto.logs.models:LogsBackend.groups",
    "moto.logs.responses:LogsResponse.logs_backend",
)
ADDED_NAMES = (
    "moto.logs.responses:LogsResponse.associate_kms_key",
    "moto.logs.responses:LogsResponse.disassociate_kms_key",
)
"""The parts that moto lacks."""


def patch_logs() -> None:
    """Add AssociateKmsKey and DisassociateKmsKey."""
    responses: Any = LogsResponse
    responses.associate_kms_key = _change_log_key
    responses.disassociate_kms_key = _change_log_key


def _change_log_key(handler: Any) -> str:
    """Set the key of a log group, or remove it: DisassociateKmsKey sends no key."""
    body = json.loads(handler.body)
    groups = handler.logs_backend.groups
    if body["logGroupName"] not in groups:
        raise ResourceNotFoundException
    groups[body["logGroupName"]].kms_key_id = body.get("kmsKeyId")
    return ""
