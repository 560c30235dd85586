"""Authorizes a call: evaluates every action and resource that it requires against the policies of its caller."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from toolkit.localcloud.aws.administrator import administrator_arn
from toolkit.localcloud.aws.authorization.authentication import UNSIGNED_OPERATIONS, current_identity
from toolkit.localcloud.aws.authorization.callers import PARTITION, Caller
from toolkit.localcloud.aws.authorization.errors import (
    AccessDeniedError,
    Reason,
    S3AccessDeniedError,
    access_denied_message,
)
from toolkit.localcloud.aws.authorization.post_policy import authenticate_post
from toolkit.localcloud.aws.authorization.request_context import of_service, request_context, resource_tags
from toolkit.localcloud.aws.authorization.requirements import Requirement
from toolkit.localcloud.aws.authorization.resource_policies import MUST_ALLOW, resource_policy, trust_policy
from toolkit.localcloud.aws.authorization.s3_requirements import lower_case, s3_requirements
from toolkit.localcloud.aws.authorization.service_requirements import requirements_of
from toolkit.policy.iam.evaluation import AppliedPolicies, Denial, decide, services_in
from toolkit.policy.iam.principals import Principal
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.core.responses:BaseResponse._get_action",
)

ALWAYS_ALLOWED = {"sts:GetCallerIdentity"}
ASSUME_ROLE = "sts:AssumeRole"
_DELETING: ContextVar["AccessEvaluation | None"] = ContextVar("deleting", default=None)
"""The caller of DeleteObjects in this thread: S3 evaluates s3:DeleteObject for each key."""


class AccessEvaluation:
    """Evaluates what one caller may do in one call to moto."""

    def __init__(
        self, handler: Any, caller: Caller, error: type[AccessDeniedError] | type[S3AccessDeniedError]
    ) -> None:
        self._account_id = str(handler.current_account)
        self._region = str(handler.region)
        self._caller = caller
        self._error = error
        self._context = request_context(handler, caller)

    def require(self, requirement: Requirement) -> None:
        """Raise an error where a requirement is denied."""
        denial = self.denial(requirement)
        if denial is None:
            return
        sentence = access_denied_message(
            self._caller.arn, requirement.action, requirement.resource, denial.kind, denied=denial.explicit
        )
        raise self._error(Reason.NOT_ALLOWED, sentence)

    def denial(self, requirement: Requirement) -> Denial | None:
        """Return why a requirement (its action with the prefix of the service) is denied, None where it is allowed."""
        if requirement.action == ASSUME_ROLE:
            return self._denial_of_role(requirement)
        document = resource_policy(requirement.resource, self._account_id, self._region)
        service = requirement.action.partition(":")[0]
        policies = AppliedPolicies(
            self._caller.documents,
            self._caller.limits,
            resource=document,
            resource_must_allow=service in MUST_ALLOW and document is not None,
        )
        return self._decide(requirement, self._caller.principal, policies)

    def _denial_of_role(self, requirement: Requirement) -> Denial | None:
        """Evaluate a role's trust policy. The administrator of a local stack also acts for AWS's services."""
        trust = trust_policy(requirement.resource, self._account_id)
        policies = AppliedPolicies(
            self._caller.documents, self._caller.limits, resource=trust, resource_must_allow=True
        )
        denial = self._decide(requirement, self._caller.principal, policies)
        if denial is None or self._caller.arn != administrator_arn(self._account_id):
            return denial
        trust_only = AppliedPolicies(resource=trust, resource_must_allow=True)
        for service in services_in(trust):
            by_service = replace(requirement, keys={**requirement.keys, **of_service(service, self._account_id)})
            if self._decide(by_service, Principal(service=service), trust_only) is None:
                return None
        return denial

    def _decide(self, requirement: Requirement, principal: Principal, policies: AppliedPolicies) -> Denial | None:
        limits = (document for documents in policies.limits.values() for document in documents)
        documents = (*policies.identity, *limits, policies.resource or "")
        tags = resource_tags(requirement.resource, self._account_id, self._region, documents)
        context = {**self._context, **tags, **requirement.keys}
        return decide(principal, requirement.action, requirement.resource, context, policies)


def authorize_call(handler: Any, _request_class: type, resource: str = "*") -> None:
    """Authorize a call to moto. Raises AccessDeniedError, S3AccessDeniedError."""
    if resource.startswith(f"arn:{PARTITION}:s3:::"):
        _authorize_s3(handler, resource)
        return
    if current_identity().service == "cognito-idp" and _action(handler) in UNSIGNED_OPERATIONS:
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
    identity = current_identity()
    if identity.caller is None:
        raise denied(Reason.UNSIGNED)
    return identity.caller, identity.service


def _action(handler: Any) -> str:
    action = handler._get_action()  # noqa: SLF001 - moto's name of the call
    return action[0] if isinstance(action, list) else str(action)
