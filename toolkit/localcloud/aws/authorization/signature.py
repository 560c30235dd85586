"""Signature Version 4: in the Authorization header or in a presigned URL's query string."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from werkzeug.datastructures import Headers

from toolkit.localcloud.aws.authorization.errors import Reason

TIMESTAMP = "%Y%m%dT%H%M%SZ"
SECOND = re.compile("[0-9]{8}T[0-9]{6}Z")
WORD = re.compile(r"[\w.-]{1,128}", re.ASCII)
MAX_LIFETIME_SECONDS = 7 * 24 * 3600
"""Of a presigned URL: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html"""
SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Signature:
    """The claims of a signed request: its key, scope, time and signed headers."""

    access_key_id: str
    day: str
    region: str
    service: str
    timestamp: str
    signed_headers: frozenset[str]
    value: str = field(repr=False)
    token: str | None = field(repr=False)
    lifetime_seconds: int | None = None  # of a presigned URL

    @property
    def scope(self) -> str:
        """The credential with its scope, as the request names it."""
        return f"{self.access_key_id}/{self.day}/{self.region}/{self.service}/aws4_request"

    def fault(self, now: datetime) -> tuple[Reason, str] | None:
        """Return why AWS rejects a signature of this time at `now`, None where it accepts it.

        S3 and STS accept a difference of 15 minutes, other services 5:
        https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (RequestTimeTooSkewed),
        https://github.com/aws/aws-cli/issues/6676 (STS) and https://github.com/boto/botocore/issues/3587.
        """
        signed = datetime.strptime(self.timestamp, TIMESTAMP).replace(tzinfo=UTC)
        if self.day != self.timestamp[:8]:
            return Reason.WRONG_SIGNATURE, (
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                f"'{self.day}' != '{self.timestamp[:8]}', from '{self.timestamp}'."
            )
        minutes = 15 if self.service in {"s3", "sts"} else 5
        allowed = timedelta(minutes=minutes)
        if self.lifetime_seconds is not None:
            if now > signed + timedelta(seconds=self.lifetime_seconds):
                return Reason.NOT_ALLOWED, "Request has expired"
            return (Reason.NOT_ALLOWED, "Request is not valid yet") if signed > now + allowed else None
        if abs(now - signed) <= allowed:
            return None
        if self.service == "s3":
            return Reason.SKEWED, "The difference between the request time and the current time is too large."
        if signed < now:
            edge, word, sign = now - allowed, "Signature expired", "-"
        else:
            edge, word, sign = now + allowed, "Signature not yet current", "+"
        order = "earlier" if signed < now else "later"
        return Reason.SKEWED, (
            f"{word}: {self.timestamp} is now {order} than {edge:{TIMESTAMP}} ({now:{TIMESTAMP}} {sign} {minutes} min.)"
        )


def read_signature(path: str, headers: Headers) -> Signature | None:
    """Return the signature of a request, None where it carries none. Raises ValueError where it is malformed."""
    authorization = headers.get("Authorization", "")
    if authorization.startswith("AWS4-HMAC-SHA256 "):
        parts = _named(part.strip().partition("=") for part in authorization[17:].split(","))
        return _signature(
            parts, headers.get("X-Amz-Date", ""), headers.get("X-Amz-Security-Token"), lifetime_seconds=None
        )
    query = _named((name, "=", value) for name, value in parse_qsl(path.partition("?")[2], keep_blank_values=True))
    if "X-Amz-Signature" not in query:
        return None
    if query.get("X-Amz-Algorithm") != "AWS4-HMAC-SHA256":
        raise ValueError('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"')
    lifetime = query.get("X-Amz-Expires", "")
    if not (lifetime.isascii() and lifetime.isdigit() and 0 < int(lifetime[:7]) <= MAX_LIFETIME_SECONDS):
        raise ValueError(f"X-Amz-Expires must be a number of seconds between 1 and {MAX_LIFETIME_SECONDS}")
    parts = {name.removeprefix("X-Amz-"): value for name, value in query.items()}
    return _signature(parts, query.get("X-Amz-Date", ""), query.get("X-Amz-Security-Token"), int(lifetime))


def _named(parts: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Return the values by name. A repeated name is rejected: readers could take different values."""
    named: dict[str, str] = {}
    for name, _, value in parts:
        if name in named and name.startswith(("X-Amz-", "Credential", "Signature", "SignedHeaders")):
            raise ValueError(f"{name} must be specified only once")
        named[name] = value
    return named


def _signature(parts: Mapping[str, str], timestamp: str, token: str | None, lifetime_seconds: int | None) -> Signature:
    if not parts.keys() >= {"Credential", "SignedHeaders", "Signature"}:
        raise ValueError("The authorization needs Credential, SignedHeaders and Signature.")
    access_key_id, day, region, service, end = parts["Credential"].split("/")
    if end != "aws4_request" or not all(WORD.fullmatch(word) for word in (access_key_id, region, service)):
        raise ValueError("Credential must be <key>/<date>/<region>/<service>/aws4_request.")
    if not SECOND.fullmatch(timestamp):
        raise ValueError("X-Amz-Date must be in ISO8601 basic format, e.g. 20261129T120000Z.")
    datetime.strptime(timestamp, TIMESTAMP)  # noqa: DTZ007 - its form alone
    signed_headers = frozenset(parts["SignedHeaders"].split(";"))
    if "host" not in signed_headers:
        raise ValueError("'Host' must be a 'SignedHeader' in the AWS Authorization.")
    return Signature(
        access_key_id, day, region, service, timestamp, signed_headers, parts["Signature"], token, lifetime_seconds
    )


def verify(signature: Signature, credentials: Credentials, method: str, path: str, headers: Headers, body: Any) -> bool:
    """Return whether the request was signed with these credentials and not changed since."""
    signed = {name: value for name, value in headers.items() if name.lower() in signature.signed_headers}
    request = AWSRequest(method=method, url=f"http://host{_without_signature(path)}", data=body, headers=signed)
    request.context["timestamp"] = signature.timestamp
    auth = _auth(signature, credentials)
    text = auth.string_to_sign(request, auth.canonical_request(request))
    return hmac.compare_digest(str(auth.signature(text, request)).encode(), signature.value.encode())


def is_signed_body(headers: Headers, body: Any) -> bool:
    """Return whether the body has the digest in the signed headers; clients may send none."""
    digest = headers.get("X-Amz-Content-SHA256", "")
    return not (SHA256.fullmatch(digest) and isinstance(body, bytes)) or hashlib.sha256(body).hexdigest() == digest


def _auth(signature: Signature, credentials: Credentials) -> Any:
    kind: type[SigV4Auth]
    s3 = signature.service == "s3"
    if signature.lifetime_seconds is not None:
        kind = S3SigV4QueryAuth if s3 else SigV4QueryAuth
    else:
        kind = S3SigV4Auth if s3 else SigV4Auth
    return kind(credentials, signature.service, signature.region)


def _without_signature(path: str) -> str:
    plain, _, query = path.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not part.startswith("X-Amz-Signature="))
    return f"{plain}?{kept}" if kept else plain
