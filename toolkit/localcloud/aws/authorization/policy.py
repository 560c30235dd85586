"""IAM's evaluation of policy documents: an explicit deny overrides an allow, and the default is an implicit deny."""

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from toolkit.localcloud.aws.authorization import principals
from toolkit.localcloud.aws.authorization.conditions import UnknownOperatorError, conditions_hold
from toolkit.localcloud.aws.authorization.patterns import WITH_VARIABLES, Context, find_pattern
from toolkit.localcloud.aws.authorization.principals import Match, Principal

log = logging.getLogger("embedded-aws")


class PolicyResult(Enum):
    """The result of evaluating policies for one action on one resource."""

    ALLOWED = "allowed"
    DENIED = "denied"
    SILENT = "silent"


@dataclass(frozen=True)
class PolicyStatement:
    """One statement of a policy document."""

    allows: bool
    actions: re.Pattern[str]
    actions_excluded: bool
    resources: tuple[str, ...]
    resources_excluded: bool
    conditions: Mapping[str, Mapping[str, Any]]
    principal: Any
    not_principal: Any
    variables: bool
    """Whether `${...}` is replaced by a value of the request."""

    def applies_to(self, action: str, resource: str, context: Context) -> bool:
        """Return whether the statement applies to an action on a resource in a context. Raises UnknownOperatorError."""
        return (
            (self.actions.fullmatch(action) is None) == self.actions_excluded
            and self._names(resource, context) != self.resources_excluded
            and conditions_hold(self.conditions, context, variables=self.variables)
        )

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

    def _names(self, resource: str, context: Context) -> bool:
        patterns = (find_pattern(text, context, variables=self.variables) for text in self.resources)
        return any(pattern is not None and pattern.fullmatch(resource) is not None for pattern in patterns)


def evaluate_policies(documents: Iterable[str], action: str, resource: str, context: Context) -> PolicyResult:
    """Evaluate policy documents (JSON), without their principals, for an action on a resource.

    A document that cannot be evaluated denies the call; the log of the embedded AWS has the reason.
    """
    verdict = PolicyResult.SILENT
    for document in documents:
        for statement in applicable(document, action, resource, context):
            if statement is None or not statement.allows:
                return PolicyResult.DENIED
            verdict = PolicyResult.ALLOWED
    return verdict


def evaluate_resource_policy(
    document: str, principal: Principal, action: str, resource: str, context: Context
) -> tuple[PolicyResult, Match]:
    """Evaluate a resource-based policy for a principal; with the closest match of the statements that allow."""
    closest = Match.NONE
    for statement in applicable(document, action, resource, context):
        if statement is None:
            return PolicyResult.DENIED, Match.NONE
        named = statement.match(principal)
        if named is not Match.NONE and not statement.allows:
            return PolicyResult.DENIED, Match.NONE
        closest = max(closest, named)
    return (PolicyResult.SILENT if closest is Match.NONE else PolicyResult.ALLOWED), closest


def applicable(document: str, action: str, resource: str, context: Context) -> Iterator[PolicyStatement | None]:
    """Yield the statements that apply, whatever their principals; None where the document cannot be evaluated."""
    try:
        for statement in statements(document):
            if statement.applies_to(action, resource, context):
                yield statement
    except UnknownOperatorError as error:
        log.warning("%s on %s is denied: a policy has the unknown condition operator %s", action, resource, error)
        yield None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("%s on %s is denied: a policy document cannot be read: %s", action, resource, error)
        yield None


@lru_cache(maxsize=256)
def statements(document: str) -> tuple[PolicyStatement, ...]:
    """Return a document's statements. Raises ValueError, TypeError, KeyError or AttributeError where it is none."""
    parsed = json.loads(document)
    listed, variables = parsed["Statement"], parsed.get("Version") == WITH_VARIABLES
    return tuple(_statement(entry, variables) for entry in (listed if isinstance(listed, list) else [listed]))


def _statement(entry: Mapping[str, Any], variables: bool) -> PolicyStatement:
    if entry["Effect"] not in {"Allow", "Deny"}:
        raise ValueError(f"the Effect {entry['Effect']!r} is neither Allow nor Deny")
    return PolicyStatement(
        allows=entry["Effect"] == "Allow",
        actions=_actions(entry["Action"] if "Action" in entry else entry["NotAction"]),
        actions_excluded="Action" not in entry,
        resources=tuple(_listed(entry.get("Resource", entry.get("NotResource", "*")))),
        resources_excluded="NotResource" in entry,
        conditions=entry.get("Condition") or {},
        principal=entry.get("Principal"),
        not_principal=entry.get("NotPrincipal"),
        variables=variables,
    )


def _listed(values: Any) -> list[str]:
    return [str(value) for value in (values if isinstance(values, list) else [values])]


def _actions(values: Any) -> re.Pattern[str]:
    patterns = (find_pattern(text, {}, variables=False) for text in _listed(values))
    return re.compile("|".join(pattern.pattern for pattern in patterns if pattern), re.IGNORECASE | re.DOTALL)


def services_in(document: str) -> Iterator[str]:
    """Yield the AWS services that the principals of a document name; none where it cannot be read."""
    try:
        for statement in statements(document):
            yield from principals.services(statement.principal)
    except (ValueError, TypeError, KeyError, AttributeError):
        return
