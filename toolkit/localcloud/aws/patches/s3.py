"""Patches of moto's S3: bucket policies and DeleteObjects here, browser uploads in `s3_uploads`."""

import json
from collections.abc import Callable
from typing import Any

from moto.iam.access_control import PermissionResult
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket, S3Backend
from moto.s3.responses import S3Response

from toolkit.localcloud.aws.authorization.enforcement import deleting_keys, may_access_key
from toolkit.localcloud.aws.patches import wrap
from toolkit.localcloud.aws.patches.s3_uploads import patch_uploads
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.iam.access_control:PermissionResult.DENIED",
    "moto.iam.access_control:PermissionResult.PERMITTED",
    "moto.s3.models:FakeBucket.get_permission",
    "moto.s3.models:S3Backend.put_bucket_policy",
    "moto.s3.responses:S3Response._bucket_response_delete_keys",
)


def patch_s3() -> None:
    """Apply the patches of S3."""
    _patch_delete_objects()
    wrap(S3Backend, "put_bucket_policy", _put_bucket_policy)
    patch_uploads()


def _patch_delete_objects() -> None:
    """Evaluate s3:DeleteObject for each key of DeleteObjects."""
    bucket: Any = FakeBucket
    bucket.get_permission = _permission
    wrap(S3Response, "_bucket_response_delete_keys", _delete_authorized_keys)  # the only place between call and keys


def _delete_authorized_keys(delete: Callable[..., Any], handler: Any, *values: Any, **named: Any) -> Any:
    with deleting_keys(handler):
        return delete(handler, *values, **named)


def _permission(_bucket: Any, action: str, resource: str) -> PermissionResult:
    return PermissionResult.PERMITTED if may_access_key(action, resource) else PermissionResult.DENIED


def _put_bucket_policy(put: Callable[..., None], backend: Any, bucket_name: str, policy: bytes) -> None:
    """Reject a malformed policy: it would deny the call that replaces it."""
    _check_policy(policy)
    put(backend, bucket_name, policy)


def _check_policy(policy: bytes) -> None:
    try:
        document = json.loads(policy)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise S3ClientError("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
    statements = document.get("Statement")
    statements = [statements] if isinstance(statements, dict) else statements
    if not isinstance(statements, list) or not all(isinstance(each, dict) for each in statements):
        raise S3ClientError("MalformedPolicy", "Missing required field Statement")
    if not all(each.get("Effect") in ("Allow", "Deny") for each in statements):
        raise S3ClientError("MalformedPolicy", "Invalid effect: use Allow or Deny")
