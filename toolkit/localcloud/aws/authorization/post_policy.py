"""S3's browser upload (presigned POST): the signature, expiry and conditions of the policy document."""

import base64
import binascii
import hmac
import json
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from moto.s3.exceptions import S3ClientError

from toolkit.localcloud.aws.authorization.callers import Caller, find_caller
from toolkit.localcloud.aws.authorization.errors import Reason, S3AccessDeniedError
from toolkit.localcloud.aws.patches.s3_upload_form import missing_field

ALGORITHM = "AWS4-HMAC-SHA256"
REQUIRED = ("policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature")
NOT_IN_POLICY = {"policy", "x-amz-signature"}  # fields that need no condition
_SCOPE = re.compile(r"(?P<key>[^/]*)/(?P<day>[0-9]{8})/(?P<region>[^/]+)/s3/aws4_request")
_SECOND = re.compile("[0-9]{8}T[0-9]{6}Z")

_Condition = tuple[str, str, str]
"""An operator, the field ($name) or the smallest size, and the value or the largest size."""
_LONG_FORM = 3


def authenticate_post(handler: Any) -> Caller:
    """Return the caller who signed the form's policy. Raises S3's error where the form violates it."""
    fields = dict(handler.form_data.items())
    caller = _signer(handler, fields)
    expires, conditions = _read_policy(fields["policy"])
    if expires <= datetime.now(UTC):
        raise _denied("Policy expired.")
    _check(conditions, {**fields, "bucket": handler.bucket_name}, len(handler.body))
    return caller


def _read_policy(text: str) -> tuple[datetime, list[_Condition]]:
    """Return when a policy expires, and its conditions. Raises S3ClientError (InvalidPolicyDocument)."""
    try:
        policy = json.loads(base64.b64decode(text, validate=True))
        expires = datetime.fromisoformat(policy["expiration"])
        conditions = [each for condition in policy["conditions"] for each in _normalised(condition)]
    except (binascii.Error, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise S3ClientError("InvalidPolicyDocument", f"Invalid Policy: {error}") from error
    if expires.tzinfo is None:
        raise S3ClientError("InvalidPolicyDocument", "Invalid Policy: Invalid 'expiration' value")
    return expires, conditions


def reject_old_signature(names: Collection[str]) -> None:
    """Raise S3's error for the fields of Signature Version 2, which S3 does not accept for new buckets."""
    if "awsaccesskeyid" in {name.lower() for name in names}:
        raise S3AccessDeniedError(Reason.OLD_SIGNATURE)


def _signer(handler: Any, fields: Mapping[str, str]) -> Caller:
    reject_old_signature(fields)
    for name in REQUIRED:
        if name not in fields:
            raise missing_field(name)
    if fields["x-amz-algorithm"] != ALGORITHM:
        raise S3ClientError("InvalidArgument", f"x-amz-algorithm only supports {ALGORITHM}.")
    scope = _SCOPE.fullmatch(fields["x-amz-credential"])
    if scope is None:
        raise S3ClientError("InvalidArgument", "X-Amz-Credential must be <key>/<date>/<region>/s3/aws4_request.")
    if not _SECOND.fullmatch(fields["x-amz-date"]) or fields["x-amz-date"][:8] != scope["day"]:
        raise S3ClientError("InvalidArgument", "X-Amz-Date must be a time of the day that X-Amz-Credential names.")
    caller = find_caller(handler.current_account, scope["key"])
    if caller is None or caller.credentials.token != fields.get("x-amz-security-token"):
        raise S3AccessDeniedError(Reason.UNKNOWN_KEY)
    if caller.expired:
        raise S3AccessDeniedError(Reason.EXPIRED)
    request = AWSRequest()
    request.context["timestamp"] = fields["x-amz-date"]
    expected = S3SigV4Auth(caller.credentials, "s3", scope["region"]).signature(fields["policy"], request)
    if not hmac.compare_digest(str(expected).encode(), fields["x-amz-signature"].encode()):
        raise S3AccessDeniedError(Reason.WRONG_SIGNATURE)
    return caller


def _check(conditions: list[_Condition], fields: Mapping[str, str], size: int) -> None:
    named: set[str] = set()
    for operator, subject, wanted in conditions:
        if operator == "content-length-range":
            _check_size(size, int(subject), int(wanted))
            continue
        name = str(subject).removeprefix("$").lower()
        named.add(name)
        actual = fields.get(name, "")
        kept = actual.startswith(str(wanted)) if operator == "starts-with" else actual == wanted
        if not kept:
            raise _denied(f"Policy Condition failed: {json.dumps([operator, subject, wanted])}")
    extra = sorted(name for name in fields if name not in NOT_IN_POLICY | named and not name.startswith("x-ignore-"))
    if extra:
        raise _denied(f"Extra input fields: {', '.join(extra)}")


def _normalised(condition: Any) -> list[_Condition]:
    """A condition in its long form. Raises ValueError where it has none."""
    if isinstance(condition, dict):  # {"key": "value"} is ["eq", "$key", "value"]
        return [_long_form("eq", f"${name}", value) for name, value in condition.items()]
    if not isinstance(condition, list) or len(condition) != _LONG_FORM:
        raise ValueError(f"Invalid Condition: {json.dumps(condition)}")
    return [_long_form(*condition)]


def _long_form(operator: Any, subject: Any, wanted: Any) -> _Condition:
    name = operator.lower() if isinstance(operator, str) else ""
    if name == "content-length-range" and 0 <= int(subject) <= int(wanted):
        return name, str(subject), str(wanted)
    if name in {"eq", "starts-with"} and isinstance(subject, str) and subject[:1] == "$" and isinstance(wanted, str):
        return name, subject, wanted
    raise ValueError(f"Invalid Condition: {json.dumps([operator, subject, wanted])}")


def _check_size(size: int, smallest: int, largest: int) -> None:
    if size > largest:
        raise S3ClientError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
    if size < smallest:
        raise S3ClientError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")


def _denied(why: str) -> S3AccessDeniedError:
    return S3AccessDeniedError(Reason.NOT_ALLOWED, f"Invalid according to Policy: {why}")
