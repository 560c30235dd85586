"""S3's browser upload (presigned POST): the policy document's signature, expiry and conditions, checked as S3 does."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from moto.s3.exceptions import S3ClientError

from localcloud.aws.callers import Caller, find_caller
from localcloud.aws.refusal import Reason, S3RefusedError

REQUIRED = ("policy", "x-amz-credential", "x-amz-date", "x-amz-signature")
NOT_IN_POLICY = {"policy", "x-amz-signature", "file"}  # fields that no condition need name


def sign_off_post(handler: Any) -> Caller:
    """The caller who signed the form's policy; S3's error where the form does not keep to it."""
    fields = {name.lower(): value for name, value in handler.form_data.items() if name.lower() != "file"}
    caller = _signer(handler, fields)
    try:
        policy = json.loads(base64.b64decode(fields["policy"], validate=True))
        expires = datetime.fromisoformat(policy["expiration"])
        conditions = policy["conditions"]
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise S3ClientError("InvalidPolicyDocument", f"Invalid Policy: {error}") from error
    if expires <= datetime.now(UTC):
        raise _denied("Policy expired.")
    content = handler.body if isinstance(handler.body, bytes) else handler.body.encode()
    _check(conditions, {**fields, "bucket": handler.bucket_name}, len(content))
    return caller


def refuse_old_signature(names: Collection[str]) -> None:
    """S3's error where the fields are those of Signature Version 2, which it no longer takes for new buckets."""
    if "awsaccesskeyid" in {name.lower() for name in names}:
        raise S3RefusedError(Reason.OLD_SIGNATURE)


def _signer(handler: Any, fields: Mapping[str, str]) -> Caller:
    refuse_old_signature(fields)
    for name in REQUIRED:
        if name not in fields:
            raise S3ClientError("InvalidArgument", f"Bucket POST must contain a field named '{name}'.")
    access_key_id, day, region, service, _ = (*fields["x-amz-credential"].split("/"), "", "", "", "", "")[:5]
    caller = find_caller(handler.current_account, access_key_id)
    if caller is None or caller.credentials.token != fields.get("x-amz-security-token"):
        raise S3RefusedError(Reason.UNKNOWN_KEY)
    if caller.expired:
        raise S3RefusedError(Reason.EXPIRED)
    key = f"AWS4{caller.credentials.secret_key}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    expected = hmac.new(key, fields["policy"].encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, fields["x-amz-signature"]):
        raise S3RefusedError(Reason.WRONG_SIGNATURE)
    return caller


def _check(conditions: list[Any], fields: Mapping[str, str], size: int) -> None:
    named: set[str] = set()
    for condition in conditions:
        for operator, subject, *expected in _normalised(condition):
            if operator == "content-length-range":
                _check_size(size, int(subject), int(expected[0]))
                continue
            name, wanted = str(subject).removeprefix("$").lower(), str(expected[0])
            named.add(name)
            actual = fields.get(name, "")
            kept = actual.startswith(wanted) if operator == "starts-with" else actual == wanted
            if not kept:
                raise _denied(f"Policy Condition failed: {json.dumps(condition)}")
    extra = sorted(
        name for name in fields if name not in NOT_IN_POLICY | named | {"bucket"} and not name.startswith("x-ignore-")
    )
    if extra:
        raise _denied(f"Extra input fields: {', '.join(extra)}")


def _normalised(condition: Any) -> list[tuple[Any, ...]]:
    if isinstance(condition, dict):  # {"key": "value"} says ["eq", "$key", "value"]
        return [("eq", f"${name}", value) for name, value in condition.items()]
    return [tuple(condition)]


def _check_size(size: int, smallest: int, largest: int) -> None:
    if size > largest:
        raise S3ClientError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
    if size < smallest:
        raise S3ClientError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")


def _denied(why: str) -> S3RefusedError:
    return S3RefusedError(Reason.NOT_ALLOWED, f"Invalid according to Policy: {why}")
