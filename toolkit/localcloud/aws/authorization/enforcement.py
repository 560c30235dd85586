"""Authorizes a call: evaluates every action and resource that it requires against the policies of its caller."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qsl

from toolkit.localcloud.aws.authorization.access import AccessEvaluation
from toolkit.localcloud.aws.authorization.authentication import UNSIGNED_OPERATIONS, present_identity
from toolkit.localcloud.aws.authorization.callers import PARTITION, Caller
from toolkit.localcloud.aws.authorization.errors import AccessDeniedError, Reason, S3AccessDeniedError
from toolkit.localcloud.aws.authorization.post_policy import authenticate_post
from toolkit.localcloud.aws.authorization.requirements import Requirement
from toolkit.localcloud.aws.authorization.s3_requirements import lower_case, s3_requirements
from toolkit.localcloud.aws.authorization.service_requirements import requirements_of
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.core.responses:BaseResponse._get_action",
)

ALWAYS_ALLOWED = {"sts:GetCallerIdentity"}
_DELETING: ContextVar[AccessEvaluation | None] = ContextVar("deleting", default=None)
"""The caller of DeleteObjects in this thread: S3 evaluates s3:DeleteObject for each key."""


def authorize_call(handler: Any, _request_class: type, resource: str = "*") -> None:
    """Authorize a call to moto. Raises AccessDeniedError, S3AccessDeniedError."""
    if resource.startswith(f"arn:{PARTITION}:s3:::"):
        _authorize_s3(handler, resource)
        return
    if present_identity().service == "cognito-idp" and _action(handler) in UNSIGNED_OPERATIONS:
        return
    caller, service = _authenticate(AccessDeniedError)
    requirements = requirements_of(service, _action(handler), handler)
    access = AccessEvaluation(handler, caller, AccessDeniedError)
    for requirement in requirements:
        if requirement.action not in ALWAYS_ALLOWED:
            access.require(requirement)


@contextmanager
def deleting_keys(handler: Any) -> Iterator[None]:
    """Have `may_access_key` evaluate the keys of this DeleteObjects call."""
    token = _DELETING.set(getattr(handler, "access", None))
    try:
        yield
    finally:
        _DELETING.reset(token)


def may_access_key(action: str, resource: str) -> bool:
    """Return whether the caller of DeleteObjects may delete a key; `authorize_call` evaluates all other calls."""
    access = _DELETING.get()
    return access is None or access.denial(Requirement(action, resource)) is None


def _authorize_s3(handler: Any, resource: str) -> None:
    query = dict(parse_qsl(handler.parsed_url.query, keep_blank_values=True))
    if handler.method == "POST" and "policy" in lower_case(handler.form_data):
        resource = f"{resource}/{handler.form_data.get('key', '')}"
        caller = authenticate_post(handler)
        requirements = s3_requirements("POST", resource, {}, lower_case(handler.form_data))
    else:
        caller, _ = _authenticate(S3AccessDeniedError)
        requirements = s3_requirements(handler.method, resource, query, lower_case(handler.headers))
    access = handler.access = AccessEvaluation(handler, caller, S3AccessDeniedError)
    if handler.method == "POST" and "delete" in query:
        return
    for requirement in requirements:
        access.require(Requirement(f"s3:{requirement.action}", requirement.resource, requirement.keys))


def _authenticate(denied: type[AccessDeniedError] | type[S3AccessDeniedError]) -> tuple[Caller, str]:
    identity = present_identity()
    if identity.caller is None:
        raise denied(Reason.UNSIGNED)
    return identity.caller, identity.service


def _action(handler: Any) -> str:
    action = handler._get_action()  # noqa: SLF001 - moto's name of the call
    return action[0] if isinstance(action, list) else str(action)
