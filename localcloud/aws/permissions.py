"""Each call judged by its caller's own policies: signature, then every action and resource that the call needs."""

from collections.abc import Iterable
from typing import Any

from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.responses import BaseResponse
from moto.iam.access_control import PermissionResult
from moto.iam.models import iam_backends
from moto.s3.models import FakeBucket

from localcloud.aws.authentication import UNSIGNED_OPERATIONS, present_identity
from localcloud.aws.callers import PARTITION, Caller
from localcloud.aws.policy import Verdict, judge
from localcloud.aws.post_policy import sign_off_post
from localcloud.aws.refusal import Reason, RefusedError, S3RefusedError, answer_refusal, not_allowed
from localcloud.aws.resources import needs_of

# The loopback interface is private to the machine, so a policy that asks for TLS is not broken by plain HTTP on it.
CONTEXT = {"aws:securetransport": "true"}
ALWAYS_ALLOWED = {"sts:GetCallerIdentity"}


def teach_permissions() -> None:
    """Make moto judge calls by this module instead of by its own incomplete checks."""
    responses: Any = BaseResponse
    authenticator: Any = ActionAuthenticatorMixin
    bucket: Any = FakeBucket
    original_call = responses.call_action

    def call_action(handler: Any) -> Any:
        try:
            return original_call(handler)
        except RefusedError as refusal:
            return answer_refusal(handler, refusal)

    responses.call_action = call_action
    authenticator._authenticate_and_authorize_action = _authorize  # noqa: SLF001 - where moto asks
    bucket.get_permission = _bucket_permission


def _authorize(handler: Any, _request_class: type, resource: str = "*") -> None:
    if resource.startswith(f"arn:{PARTITION}:s3:::"):
        _authorize_s3(handler, resource)
        return
    if present_identity().service == "cognito-idp" and _action(handler) in UNSIGNED_OPERATIONS:
        return
    caller, service = _authenticate(RefusedError)
    needs = needs_of(service, _action(handler), handler)
    _require(caller, needs, RefusedError)
    if needs[0][0] == "sts:AssumeRole":
        _require_trust(handler, caller, needs[0][1])


def _authorize_s3(handler: Any, resource: str) -> None:
    if handler.method == "POST" and "policy" in handler.form_data:
        resource = f"{resource}/{handler.form_data.get('key', '')}"
        caller = sign_off_post(handler)
    else:
        caller, _ = _authenticate(S3RefusedError)
    _require(caller, [(f"s3:{_action(handler)}", resource)], S3RefusedError)


def _authenticate(refuse: type[RefusedError] | type[S3RefusedError]) -> tuple[Caller, str]:
    identity = present_identity()
    if identity.caller is None:
        raise refuse(Reason.UNSIGNED)
    return identity.caller, identity.service


def _require(
    caller: Caller, needs: Iterable[tuple[str, str]], refuse: type[RefusedError] | type[S3RefusedError]
) -> None:
    for action, resource in needs:
        if action in ALWAYS_ALLOWED:
            continue
        policies = {"identity-based policy": caller.documents, **caller.limits}
        verdicts = {kind: judge(documents, action, resource, CONTEXT) for kind, documents in policies.items()}
        for verdict in (Verdict.DENIED, Verdict.SILENT):
            for kind in (kind for kind, found in verdicts.items() if found is verdict):
                sentence = not_allowed(caller.arn, action, resource, kind, denied=verdict is Verdict.DENIED)
                raise refuse(Reason.NOT_ALLOWED, sentence)


def _require_trust(handler: Any, caller: Caller, role_arn: str) -> None:
    """The role trusts the caller, or a service: the administrator of a local stack stands in for AWS's services."""
    roles = iam_backends[handler.current_account][PARTITION].roles.values()
    trust = next((role.assume_role_policy_document for role in roles if role.arn == role_arn), '{"Statement": []}')
    verdict = judge([trust], "sts:AssumeRole", role_arn, CONTEXT)
    if verdict is not Verdict.ALLOWED:
        denied = verdict is Verdict.DENIED
        sentence = not_allowed(caller.arn, "sts:AssumeRole", role_arn, "resource-based policy", denied=denied)
        raise RefusedError(Reason.NOT_ALLOWED, sentence)


def _action(handler: Any) -> str:
    action = handler._get_action()  # noqa: SLF001 - moto's own name for the call
    return action[0] if isinstance(action, list) else str(action)


def _bucket_permission(bucket: Any, action: str, resource: str) -> PermissionResult:
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    verdict = judge([bucket.policy.decode()], action, resource, CONTEXT)
    return {
        Verdict.ALLOWED: PermissionResult.PERMITTED,
        Verdict.DENIED: PermissionResult.DENIED,
        Verdict.SILENT: PermissionResult.NEUTRAL,
    }[verdict]
