"""Evaluates each call: its signature, then every action and resource that it requirements, against its caller's policies."""

from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qsl

from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.responses import BaseResponse
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

from toolkit.localcloud.aws.authorization.access import AccessEvaluation
from toolkit.localcloud.aws.authorization.authentication import UNSIGNED_OPERATIONS, present_identity
from toolkit.localcloud.aws.authorization.callers import PARTITION, Caller
from toolkit.localcloud.aws.authorization.errors import (
    AccessDeniedError,
    Reason,
    S3AccessDeniedError,
    access_denied_response,
)
from toolkit.localcloud.aws.authorization.post_policy import authenticate_post
from toolkit.localcloud.aws.authorization.requirements import Requirement
from toolkit.localcloud.aws.authorization.s3_requirements import lower_case, s3_requirements
from toolkit.localcloud.aws.authorization.service_requirements import requirements_of

ALWAYS_ALLOWED = {"sts:GetCallerIdentity"}
_DELETING: ContextVar[AccessEvaluation | None] = ContextVar("deleting", default=None)
"""The caller of the DeleteObjects that this thread answers: S3 evaluates s3:DeleteObject for each of its keys."""


def patch_authorization() -> None:
    """Make moto evaluate calls by this module instead of by its own incomplete checks."""
    responses: Any = BaseResponse
    authenticator: Any = ActionAuthenticatorMixin
    bucket: Any = FakeBucket
    s3: Any = S3Response
    original_call, delete_keys = responses.call_action, s3._bucket_response_delete_keys  # noqa: SLF001 - patched below

    def call_action(handler: Any) -> Any:
        try:
            return original_call(handler)
        except AccessDeniedError as refusal:
            return access_denied_response(handler, refusal)

    def delete_each(handler: Any, bucket_name: str, *, authenticated: bool = True) -> Any:
        token = _DELETING.set(getattr(handler, "authorization", None))
        try:
            return delete_keys(handler, bucket_name, authenticated)
        finally:
            _DELETING.reset(token)

    responses.call_action = call_action
    authenticator._authenticate_and_authorize_action = _authorize  # noqa: SLF001 - where moto asks
    bucket.get_permission = _bucket_permission
    s3._bucket_response_delete_keys = delete_each  # noqa: SLF001 - moto has no other place between call and keys


def _authorize(handler: Any, _request_class: type, resource: str = "*") -> None:
    if resource.startswith(f"arn:{PARTITION}:s3:::"):
        _authorize_s3(handler, resource)
        return
    if present_identity().service == "cognito-idp" and _action(handler) in UNSIGNED_OPERATIONS:
        return
    caller, service = _authenticate(AccessDeniedError)
    requirements = requirements_of(service, _action(handler), handler)
    authorization = AccessEvaluation(handler, caller, AccessDeniedError)
    for requirement in requirements:
        if requirement.action not in ALWAYS_ALLOWED:
            authorization.require(requirement)


def _authorize_s3(handler: Any, resource: str) -> None:
    query = dict(parse_qsl(handler.parsed_url.query, keep_blank_values=True))
    if handler.method == "POST" and "policy" in lower_case(handler.form_data):
        resource = f"{resource}/{handler.form_data.get('key', '')}"
        caller = authenticate_post(handler)
        requirements = s3_requirements("POST", resource, {}, lower_case(handler.form_data))
    else:
        caller, _ = _authenticate(S3AccessDeniedError)
        requirements = s3_requirements(handler.method, resource, query, lower_case(handler.headers))
    authorization = handler.authorization = AccessEvaluation(handler, caller, S3AccessDeniedError)
    if handler.method == "POST" and "delete" in query:
        return
    for requirement in requirements:
        authorization.require(Requirement(f"s3:{requirement.action}", requirement.resource, requirement.keys))


def _authenticate(refuse: type[AccessDeniedError] | type[S3AccessDeniedError]) -> tuple[Caller, str]:
    identity = present_identity()
    if identity.caller is None:
        raise refuse(Reason.UNSIGNED)
    return identity.caller, identity.service


def _action(handler: Any) -> str:
    action = handler._get_action()  # noqa: SLF001 - moto's own name for the call
    return action[0] if isinstance(action, list) else str(action)


def _bucket_permission(_bucket: Any, action: str, resource: str) -> PermissionResult:
    """Evaluate each key of a DeleteObjects; moto asks for other calls, too, which `_authorize_s3` evaluates."""
    authorization = _DELETING.get()
    if authorization is not None and authorization.denial(Requirement(action, resource)) is not None:
        return PermissionResult.DENIED
    return PermissionResult.PERMITTED
