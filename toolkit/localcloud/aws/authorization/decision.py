"""The decision on a request from all policies that apply to it, within one account.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.localcloud.aws.authorization.patterns import Context
from toolkit.localcloud.aws.authorization.policy import PolicyResult, evaluate_policies, evaluate_resource_policy
from toolkit.localcloud.aws.authorization.principals import Match, Principal

IDENTITY, BOUNDARY, SESSION = "identity-based policy", "permissions boundary", "session policy"
RESOURCE = "resource-based policy"


@dataclass(frozen=True)
class AccessRequest:
    """An action on a resource, by a principal, with the values of its condition keys."""

    principal: Principal
    action: str
    resource: str
    context: Context


@dataclass(frozen=True)
class AppliedPolicies:
    """The documents that apply to a request."""

    identity: tuple[str, ...] = ()
    limits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Documents that must also allow, by kind: BOUNDARY, SESSION."""
    resource: str | None = None
    resource_must_allow: bool = False
    """Whether an identity-based policy is not enough: for a KMS key's policy and a role's trust policy."""


@dataclass(frozen=True)
class Denial:
    """Why a request is denied: the kind of policy, and whether one of its statements is a Deny."""

    kind: str
    explicit: bool


def decide(request: AccessRequest, policies: AppliedPolicies) -> Denial | None:
    """Return why a request is denied, None where it is allowed."""
    action, resource, context = request.action, request.resource, request.context
    documents = {IDENTITY: policies.identity, **policies.limits}
    found = {kind: evaluate_policies(each, action, resource, context) for kind, each in documents.items()}
    granted, closest = PolicyResult.SILENT, Match.NONE
    if policies.resource is not None:
        granted, closest = evaluate_resource_policy(policies.resource, request.principal, action, resource, context)
    for kind, verdict in (*found.items(), (RESOURCE, granted)):
        if verdict is PolicyResult.DENIED:
            return Denial(kind, explicit=True)
    allowed = {kind for kind, verdict in found.items() if verdict is PolicyResult.ALLOWED}
    if _is_granted(request.principal, closest, set(policies.limits) <= allowed):
        return None
    if policies.resource_must_allow and closest is Match.NONE:
        return Denial(RESOURCE, explicit=False)
    needed = policies.limits if closest >= Match.EVERYONE else documents
    return next((Denial(kind, explicit=False) for kind in needed if kind not in allowed), None)


def _is_granted(principal: Principal, closest: Match, within_limits: bool) -> bool:
    """Return whether a resource-based policy alone allows the request.

    An implicit deny of a permissions boundary or a session policy does not limit a user or a session that the policy
    names. It limits a role that the policy names. A policy that names the account needs the account's own policies.
    """
    if not principal.role_arn:
        return closest >= Match.EVERYONE
    return closest is Match.ITSELF or (closest >= Match.EVERYONE and within_limits)
