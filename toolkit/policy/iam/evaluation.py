"""Evaluate the statements of policies for a request, as IAM does: an explicit Deny wins, and the default is a Deny.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any, Protocol

from toolkit.policy.iam import principals
from toolkit.policy.iam.conditions import Condition, UnknownOperatorError
from toolkit.policy.iam.principals import Match, Principal
from toolkit.policy.iam.wildcards import Context, compile_pattern

log = logging.getLogger(__name__)

IDENTITY, BOUNDARY, SESSION = "identity-based policy", "permissions boundary", "session policy"
RESOURCE = "resource-based policy"
_WITH_VARIABLES = "2012-10-17"
"""The only policy version with variables:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html"""

Element = tuple[tuple[str, ...], bool]
"""The patterns of an element, and whether the statement is on all others (NotAction, NotResource)."""


class EvaluableStatement(Protocol):
    """A statement of a policy: of a document, or of a resource of a stack whose values may be unknown."""

    @property
    def allows(self) -> bool:
        """Return whether the effect is Allow."""

    @property
    def denies(self) -> bool:
        """Return whether the effect is Deny."""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Return the conditions."""

    @property
    def variables(self) -> bool:
        """Return whether `${...}` is replaced by a value of the request."""

    def element(self, name: str) -> Element:
        """Return the element Action or Resource."""


@dataclass(frozen=True)
class Call:
    """One call: an action on a resource, with the keys of its context in lower case."""

    action: str
    resource: str | None
    """The ARN; None where it is not known, so that each statement is on it."""
    context: Context = field(default_factory=dict, hash=False)
    is_partial: bool = False
    """Whether the request may have more keys than the context."""

    def leaves_open(self, condition: Condition) -> bool:
        """Return whether a condition is on a key, or by an operator, that only a real request decides."""
        return not condition.compares_texts or (self.is_partial and condition.key not in self.context)


def permits(statements: Iterable[EvaluableStatement], call: Call) -> bool:
    """Return whether some statement may allow an expected call, and none denies it for certain."""
    allowed = False
    for statement in statements:
        if not _matches(statement, call):
            continue
        if statement.denies and _conditions_hold(statement, call, left_open=False):
            return False
        allowed = allowed or (statement.allows and _conditions_hold(statement, call, left_open=True))
    return allowed


def _conditions_hold(statement: EvaluableStatement, call: Call, *, left_open: bool) -> bool:
    return all(
        left_open if call.leaves_open(each) else each.holds(call.context, variables=statement.variables)
        for each in statement.conditions
    )


def _matches(statement: EvaluableStatement, call: Call) -> bool:
    """Return whether the statement is on the action and the resource of the call."""
    actions, excluded = statement.element("Action")
    if (_any_case(actions).fullmatch(call.action) is None) is not excluded:
        return False
    if call.resource is None:
        return True
    texts, excluded = statement.element("Resource")
    patterns = (compile_pattern(text, call.context, variables=statement.variables) for text in texts)
    return any(pattern is not None and pattern.fullmatch(call.resource) for pattern in patterns) is not excluded


@lru_cache(maxsize=1024)
def _any_case(actions: tuple[str, ...]) -> re.Pattern[str]:
    """Return one pattern for the actions, whose case does not count and which have no variables."""
    patterns = (compile_pattern(text, {}, variables=False) for text in actions)
    return re.compile("|".join(pattern.pattern for pattern in patterns if pattern), re.IGNORECASE | re.DOTALL)


class PolicyResult(Enum):
    """The result of evaluating policies for one action on one resource."""

    ALLOWED = "allowed"
    DENIED = "denied"
    SILENT = "silent"


@dataclass(frozen=True)
class DocumentStatement:
    """One statement of a policy document."""

    allows: bool
    elements: Mapping[str, Element]
    conditions: tuple[Condition, ...]
    principal: Any
    not_principal: Any
    variables: bool

    @property
    def denies(self) -> bool:
        """Return whether the effect is Deny."""
        return not self.allows

    def element(self, name: str) -> Element:
        """Return the element Action or Resource."""
        return self.elements[name]

    def match(self, principal: Principal) -> Match:
        """Return how closely a statement of a resource-based policy matches a principal."""
        if self.principal is not None:
            return principals.match(self.principal, principal)
        if self.not_principal is None:
            return Match.NONE
        if self.allows:
            named = principals.match(self.not_principal, principal) is not Match.NONE
        else:
            named = principals.excepts(self.not_principal, principal)
        return Match.NONE if named else Match.EVERYONE


def evaluate_policies(documents: Iterable[str], action: str, resource: str, context: Context) -> PolicyResult:
    """Evaluate policy documents (JSON), without their principals, for an action on a resource.

    A document that cannot be evaluated denies the call; the log has the reason.
    """
    verdict = PolicyResult.SILENT
    for document in documents:
        for statement in _applicable(document, Call(action, resource, context)):
            if statement is None or not statement.allows:
                return PolicyResult.DENIED
            verdict = PolicyResult.ALLOWED
    return verdict


def evaluate_resource_policy(
    document: str, principal: Principal, action: str, resource: str, context: Context
) -> tuple[PolicyResult, Match]:
    """Evaluate a resource-based policy for a principal; with the closest match of the statements that allow."""
    closest = Match.NONE
    for statement in _applicable(document, Call(action, resource, context)):
        if statement is None:
            return PolicyResult.DENIED, Match.NONE
        named = statement.match(principal)
        if named is not Match.NONE and not statement.allows:
            return PolicyResult.DENIED, Match.NONE
        closest = max(closest, named)
    return (PolicyResult.SILENT if closest is Match.NONE else PolicyResult.ALLOWED), closest


def _applicable(document: str, call: Call) -> Iterator[DocumentStatement | None]:
    """Yield the statements that apply, whatever their principals; None where the document cannot be evaluated."""
    try:
        for statement in _statements(document):
            if _matches(statement, call):
                # Each condition is evaluated, so that an unknown operator denies in any place.
                held = [each.holds(call.context, variables=statement.variables) for each in statement.conditions]
                if all(held):
                    yield statement
    except UnknownOperatorError as error:
        log.warning(
            "%s on %s is denied: a policy has the unknown condition operator %s", call.action, call.resource, error
        )
        yield None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("%s on %s is denied: a policy document cannot be read: %s", call.action, call.resource, error)
        yield None


@lru_cache(maxsize=256)
def _statements(document: str) -> tuple[DocumentStatement, ...]:
    """Return a document's statements. Raises ValueError, TypeError, KeyError or AttributeError where it is none."""
    parsed = json.loads(document)
    listed, variables = parsed["Statement"], parsed.get("Version") == _WITH_VARIABLES
    return tuple(_statement(entry, variables) for entry in (listed if isinstance(listed, list) else [listed]))


def _statement(entry: Mapping[str, Any], variables: bool) -> DocumentStatement:
    if entry["Effect"] not in {"Allow", "Deny"}:
        raise ValueError(f"the Effect {entry['Effect']!r} is neither Allow nor Deny")
    return DocumentStatement(
        allows=entry["Effect"] == "Allow",
        elements={
            "Action": (_texts(entry["Action"] if "Action" in entry else entry["NotAction"]), "Action" not in entry),
            "Resource": (_texts(entry.get("Resource", entry.get("NotResource", "*"))), "NotResource" in entry),
        },
        conditions=tuple(
            Condition.parse(operator, key, _texts(values))
            for operator, keys in (entry.get("Condition") or {}).items()
            for key, values in keys.items()
        ),
        principal=entry.get("Principal"),
        not_principal=entry.get("NotPrincipal"),
        variables=variables,
    )


def _texts(values: Any) -> tuple[str, ...]:
    """Return the values of an element as texts; IAM reads numbers and true as text."""
    listed = values if isinstance(values, list) else [values]
    return tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in listed)


def services_in(document: str) -> Iterator[str]:
    """Yield the AWS services that the principals of a document name; none where it cannot be read."""
    try:
        for statement in _statements(document):
            yield from principals.services(statement.principal)
    except (ValueError, TypeError, KeyError, AttributeError):
        return


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


def decide(
    principal: Principal, action: str, resource: str, context: Context, policies: AppliedPolicies
) -> Denial | None:
    """Return why a request within one account is denied, None where it is allowed."""
    documents = {IDENTITY: policies.identity, **policies.limits}
    found = {kind: evaluate_policies(each, action, resource, context) for kind, each in documents.items()}
    granted, closest = PolicyResult.SILENT, Match.NONE
    if policies.resource is not None:
        granted, closest = evaluate_resource_policy(policies.resource, principal, action, resource, context)
    for kind, verdict in (*found.items(), (RESOURCE, granted)):
        if verdict is PolicyResult.DENIED:
            return Denial(kind, explicit=True)
    allowed = {kind for kind, verdict in found.items() if verdict is PolicyResult.ALLOWED}
    if _is_granted(principal, closest, set(policies.limits) <= allowed):
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
