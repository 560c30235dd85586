"""Patches of moto's CloudTrail: it checks the role and the KMS key of a trail."""

import inspect
import json
from collections.abc import Callable
from typing import Any

from moto.cloudtrail.models import CloudTrailBackend
from moto.core.exceptions import JsonRESTError
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends

from toolkit.localcloud.aws.authorization.callers import PARTITION
from toolkit.policy.iam.evaluation import PolicyResult, evaluate_policies
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.cloudtrail.models:CloudTrailBackend.create_trail",
    "moto.cloudtrail.models:CloudTrailBackend.update_trail",
    "moto.iam.models:IAMBackend.roles",
    "moto.iam.models:Role.assume_role_policy_document",
    "moto.kms.models:KmsBackend.get_key_policy",
    "moto.s3.models:FakeBucket.encryption",
)

CLOUDTRAIL = "cloudtrail.amazonaws.com"


class _TrailRejectedError(JsonRESTError):
    code = 400


def patch_cloudtrail() -> None:
    """Have CreateTrail and UpdateTrail reject a role or a key that CloudTrail cannot use."""
    backend: Any = CloudTrailBackend
    backend.create_trail = _checked(backend.create_trail, bucket="bucket_name")
    backend.update_trail = _checked(backend.update_trail, bucket="s3_bucket_name")


def _checked(call: Callable[..., Any], *, bucket: str) -> Callable[..., Any]:
    signature = inspect.signature(call)

    def checked(*values: Any, **named: Any) -> Any:
        wanted = signature.bind(*values, **named).arguments
        backend = wanted["self"]
        if wanted["cw_role_arn"]:
            _require_trust(backend, wanted["cw_role_arn"])
        if wanted["kms_key_id"]:
            _require_decrypt(backend, wanted["name"], wanted[bucket], wanted["kms_key_id"])
        return call(*values, **named)

    return checked


def _require_trust(backend: Any, role_arn: str) -> None:
    """Reject a role whose trust policy needs aws:SourceArn or aws:SourceAccount: CloudTrail sends neither here.

    The trust policy that AWS documents for this role has no condition:
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html
    """
    roles = iam_backends[backend.account_id][PARTITION].roles.values()
    trust = next((role.assume_role_policy_document for role in roles if role.arn == role_arn), '{"Statement": []}')
    if evaluate_policies([_for_cloudtrail(trust)], "sts:AssumeRole", role_arn, {}) is not PolicyResult.ALLOWED:
        sentence = "Access denied. Check the trust relationships for your role."
        raise _TrailRejectedError("InvalidCloudWatchLogsRoleArnException", sentence)


def _require_decrypt(backend: Any, name: str, bucket: str, key: str) -> None:
    """Reject a bucket with an S3 Bucket Key unless the key's policy lets CloudTrail decrypt, too.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    """
    found = s3_backends[backend.account_id][PARTITION].buckets.get(bucket)
    if found is None or not _has_bucket_key(found.encryption):
        return
    trail = f"arn:aws:cloudtrail:{backend.region_name}:{backend.account_id}:trail/{name.rpartition('/')[2]}"
    context = {"aws:sourceaccount": backend.account_id, "aws:sourcearn": trail}
    policy = kms_backends[backend.account_id][backend.region_name].get_key_policy(key)
    if evaluate_policies([_for_cloudtrail(policy)], "kms:Decrypt", "*", context) is not PolicyResult.ALLOWED:
        sentence = f"Insufficient permissions to access S3 bucket {bucket} or KMS key {key}."
        raise _TrailRejectedError("InsufficientEncryptionPolicyException", sentence)


def _has_bucket_key(encryption: Any) -> bool:
    rules = (encryption or {}).get("Rule", [])
    listed = rules if isinstance(rules, list) else [rules]
    return any(str(rule.get("BucketKeyEnabled")).lower() == "true" for rule in listed)


def _for_cloudtrail(document: str) -> str:
    """Return the document with only the statements whose principal is CloudTrail or `*`."""
    statements = json.loads(document)["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    return json.dumps({"Statement": [statement for statement in listed if _names_cloudtrail(statement)]})


def _names_cloudtrail(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    if not isinstance(principal, dict):
        return principal == "*"
    return principal.get("AWS") == "*" or CLOUDTRAIL in principal.get("Service", ())
