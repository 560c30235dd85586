"""Authenticates requests by their signature, before a service handles them."""

import io
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from moto.core.request import Request
from werkzeug.datastructures import Headers

from toolkit.localcloud.aws.authorization.callers import Caller, find_caller
from toolkit.localcloud.aws.authorization.errors import Reason
from toolkit.localcloud.aws.authorization.signature import Signature, is_signed_body, read_signature, verify
from toolkit.localcloud.aws.rejected_request import RejectedRequestError

MAX_BODY_BYTES = 256 * 1024 * 1024
"""Above Lambda's and API Gateway's limits; the embedded S3 takes larger objects in parts."""
_CHUNK_BYTES = 1024 * 1024
COGNITO_TARGET = "AWSCognitoIdentityProviderService"
UNSIGNED_OPERATIONS = frozenset(
    {
        "AssociateSoftwareToken",
        "ChangePassword",
        "GetTokensFromRefreshToken",
        "GetUser",
        "GlobalSignOut",
        "InitiateAuth",
        "RespondToAuthChallenge",
        "RevokeToken",
        "SetUserMFAPreference",
        "UpdateUserAttributes",
        "VerifySoftwareToken",
    }
)
"""The calls that Cognito serves unsigned, and that verify a password or a token here.

moto does not verify the codes of ConfirmSignUp and ConfirmForgotPassword and the tokens of
AssumeRoleWithWebIdentity: those calls would give any process a user's tokens or a role's key.
"""
POOL_DOCUMENTS = ("/.well-known/jwks.json", "/.well-known/openid-configuration")


@dataclass(frozen=True)
class Identity:
    """The caller of a request, None for one that AWS serves unsigned, and the credential scope that routes it."""

    caller: Caller | None
    service: str
    scope: str


_identity: ContextVar[Identity | None] = ContextVar("identity", default=None)


def authenticate(environ: dict[str, Any], account_id: str) -> Identity:
    """Return the identity of the request, and keep it for `current_identity`. Raises RejectedRequestError.

    The body is read into memory: its digest is part of the signature.
    """
    _identity.set(None)
    headers = Request(environ).headers
    path = _raw_path(environ)
    try:
        signature = read_signature(path, headers)
    except ValueError as error:
        raise RejectedRequestError(Reason.MALFORMED, str(error)) from error
    if signature is None:
        identity = Identity(None, service := _unsigned_service(environ, headers), f"-/-/us-east-1/{service}/-")
        _body(environ, service)
    else:
        identity = Identity(_signer(environ, signature, path, headers, account_id), signature.service, signature.scope)
    _identity.set(identity)
    return identity


def current_identity() -> Identity:
    """Return the identity of the request that this thread handles. Raises RejectedRequestError outside of a request."""
    identity = _identity.get()
    if identity is None:
        raise RejectedRequestError(Reason.UNSIGNED)
    return identity


def _signer(environ: dict[str, Any], signature: Signature, path: str, headers: Headers, account_id: str) -> Caller:
    def rejected(reason: Reason, sentence: str = "") -> RejectedRequestError:
        return RejectedRequestError(reason, sentence, service=signature.service)

    caller = find_caller(account_id, signature.access_key_id)
    if caller is None or caller.credentials.token != signature.token:
        raise rejected(Reason.UNKNOWN_KEY)
    if caller.expired:
        raise rejected(Reason.EXPIRED)
    fault = signature.fault(datetime.now(UTC))
    body = _body(environ, signature.service)
    if not verify(signature, caller.credentials, environ["REQUEST_METHOD"], path, headers, body):
        raise rejected(Reason.WRONG_SIGNATURE)
    if fault:
        raise rejected(*fault)
    if not is_signed_body(headers, body):
        raise rejected(Reason.WRONG_DIGEST)
    sent = {name.lower() for name, _ in headers.items()}
    unsigned = {name for name in sent - signature.signed_headers if name.startswith("x-amz-")}
    if unsigned - {"x-amz-content-sha256"}:  # they would change the signed request
        raise rejected(Reason.NOT_ALLOWED, "There were headers present in the request which were not signed")
    return caller


def _unsigned_service(environ: Mapping[str, Any], headers: Headers) -> str:
    """Return the service of a request that AWS serves unsigned. Raises RejectedRequestError for any other."""
    method, path, query = environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    content_type = headers.get("Content-Type", "")
    if "Authorization" not in headers and not query:
        target = headers.get("X-Amz-Target", "")
        prefix, _, operation = target.partition(".")
        # A form in the body, or `?Action=`, would name another operation than the header does.
        json_call = method == "POST" and content_type.startswith("application/x-amz-json")
        if json_call and prefix == COGNITO_TARGET and operation in UNSIGNED_OPERATIONS:
            return "cognito-idp"
        if not target and method in {"GET", "HEAD"} and path.count("/") == 3 and path.endswith(POOL_DOCUMENTS):
            return "cognito-idp"
        # A browser's upload form: S3 checks its content type and the signature of its policy.
        bucket = path.strip("/")
        path_style = not headers.get("Host", "").lower().partition(":")[0].endswith(".localhost")
        if method == "POST" and bucket and "/" not in bucket and not target and path_style:
            return "s3"
    if "AWSAccessKeyId=" in query or headers.get("Authorization", "").startswith("AWS "):
        raise RejectedRequestError(Reason.OLD_SIGNATURE)
    json_client = content_type.startswith("application/x-amz-json") or "X-Amz-Target" in headers
    query_client = content_type.startswith("application/x-www-form-urlencoded")
    raise RejectedRequestError(Reason.UNSIGNED, service="-" if json_client or query_client else "s3")


def _body(environ: dict[str, Any], service: str) -> bytes:
    """Read the body and put it back. Raises RejectedRequestError for one that is too long or shorter than declared."""
    declared = environ.get("CONTENT_LENGTH")
    chunked = environ.get("wsgi.input_terminated")
    wanted = MAX_BODY_BYTES + 1 if chunked else int(declared or 0)
    body = bytearray()
    try:
        while len(body) < wanted <= MAX_BODY_BYTES + bool(chunked):
            chunk = environ["wsgi.input"].read(min(wanted - len(body), _CHUNK_BYTES))
            if not chunk:
                break
            body += chunk
    except OSError as error:  # a chunk without its length
        raise RejectedRequestError(Reason.MALFORMED, "The chunked body is malformed.", service=service) from error
    if max(len(body), 0 if chunked else wanted) > MAX_BODY_BYTES:
        raise RejectedRequestError(Reason.TOO_LARGE, f"A body has at most {MAX_BODY_BYTES} bytes.", service=service)
    if not chunked and len(body) < wanted:
        raise RejectedRequestError(Reason.MALFORMED, "The body is shorter than its Content-Length.", service=service)
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
    return bytes(body)


def _raw_path(environ: Mapping[str, Any]) -> str:
    """Return path and query as sent, also of an absolute URL in the request line."""
    sent: str = environ["REQUEST_URI"]
    if sent.startswith("/"):
        return sent
    parts = urlsplit(sent)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
