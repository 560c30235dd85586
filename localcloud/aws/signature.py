"""Signature Version 4 as AWS checks it: in the Authorization header or in a presigned URL's query string."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

TIMESTAMP = "%Y%m%dT%H%M%SZ"
SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Signature:
    """What a request claims: who signed it, for which service, over which headers."""

    access_key_id: str
    region: str
    service: str
    timestamp: str
    signed_headers: frozenset[str]
    value: str
    token: str | None
    lifetime_seconds: int | None = None  # of a presigned URL

    @property
    def lapsed(self) -> bool:
        """Whether the presigned URL has expired."""
        if self.lifetime_seconds is None:
            return False
        signed = datetime.strptime(self.timestamp, TIMESTAMP).replace(tzinfo=UTC)
        return datetime.now(UTC) > signed + timedelta(seconds=self.lifetime_seconds)


def read_signature(path: str, headers: Mapping[str, str]) -> Signature | None:
    """The signature of a request, None where it carries none; ValueError where it is malformed."""
    authorization = headers.get("Authorization", "")
    if authorization.startswith("AWS4-HMAC-SHA256 "):
        parts = dict(part.strip().split("=", 1) for part in authorization[17:].split(","))
        return _signature(
            parts, headers.get("X-Amz-Date", ""), headers.get("X-Amz-Security-Token"), lifetime_seconds=None
        )
    query = dict(parse_qsl(path.partition("?")[2], keep_blank_values=True))
    if "X-Amz-Signature" not in query:
        return None
    parts = {name.removeprefix("X-Amz-"): value for name, value in query.items()}
    return _signature(
        parts, query.get("X-Amz-Date", ""), query.get("X-Amz-Security-Token"), int(query.get("X-Amz-Expires", ""))
    )


def _signature(parts: Mapping[str, str], timestamp: str, token: str | None, lifetime_seconds: int | None) -> Signature:
    if not parts.keys() >= {"Credential", "SignedHeaders", "Signature"}:
        raise ValueError("The authorization needs Credential, SignedHeaders and Signature.")
    access_key_id, _, region, service, _ = parts["Credential"].split("/")
    signed_headers = frozenset(parts["SignedHeaders"].split(";"))
    return Signature(
        access_key_id, region, service, timestamp, signed_headers, parts["Signature"], token, lifetime_seconds
    )


def verify(
    signature: Signature, credentials: Credentials, method: str, path: str, headers: Mapping[str, str], body: Any
) -> bool:
    """Whether the request was signed with these credentials and not changed since."""
    signed = {name: value for name, value in headers.items() if name.lower() in signature.signed_headers}
    request = AWSRequest(method=method, url=_without_signature(path), data=body, headers=signed)
    request.context["timestamp"] = signature.timestamp
    auth = _auth(signature, credentials)
    text = auth.string_to_sign(request, auth.canonical_request(request))
    return hmac.compare_digest(str(auth.signature(text, request)), signature.value)


def is_signed_body(headers: Mapping[str, str], body: Any) -> bool:
    """Whether the body is the one whose digest the signed headers name; clients may name none."""
    digest = headers.get("X-Amz-Content-SHA256", "")
    return not (SHA256.fullmatch(digest) and isinstance(body, bytes)) or hashlib.sha256(body).hexdigest() == digest


def _auth(signature: Signature, credentials: Credentials) -> Any:
    if signature.lifetime_seconds is not None:
        return S3SigV4QueryAuth(credentials, signature.service, signature.region)
    kind = S3SigV4Auth if signature.service == "s3" else SigV4Auth
    return kind(credentials, signature.service, signature.region)


def _without_signature(path: str) -> str:
    plain, _, query = path.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not part.startswith("X-Amz-Signature="))
    return f"{plain}?{kept}" if kept else plain
