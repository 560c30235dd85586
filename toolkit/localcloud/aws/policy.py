"""IAM's evaluation of policy documents: a Deny wins over an Allow, and without a statement the answer is no."""

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from toolkit.localcloud.aws import policy_principals
from toolkit.localcloud.aws.policy_conditions import UnknownOperatorError, conditions_hold
from toolkit.localcloud.aws.policy_patterns import WITH_VARIABLES, Context, find_pattern
from toolkit.localcloud.aws.policy_principals import Match, Principal

log = logging.getLogger("embedded-aws")


class Verdict(Enum):
    """The result of evaluating policies for one action on one resource."""

    ALLOWED = "allowed"
    DENIED = "denied"
    SILENT = "silent"


@dataclass(frozen=True)
class Statement:
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
    """Whether `${...}` stands for a value of the request."""

    def concerns(self, action: str, resource: str, context: Context) -> bool:
        """Whether the statement applies to an action on a resource in a context. Raises UnknownOperatorError."""
        return (
            (self.actions.fullmatch(action) is None) == self.actions_excluded
            and self._names(resource, context) != self.resources_excluded
            and conditions_hold(self.conditions, context, variables=self.variables)
        )

    def names(self, principal: Principal) -> Match:
        """How closely the statement of a resource-based policy names a principal."""
        if self.principal is not None:
            return policy_principals.match(self.principal, principal)
        if self.not_principal is None:
            return Match.NONE
        if self.allows:
            named = policy_principals.match(self.not_principal, principal) is not Match.NONE
        else:
            named = policy_principals.excepts(self.not_principal, principal)
        return Match.NONE if named else Match.EVERYONE

    def _names(self, resource: str, context: Context) -> bool:
        patterns = (find_pattern(text, context, variables=self.variables) for text in self.resources)
        return any(pattern is not None and pattern.fullmatch(resource) is not None for pattern in patterns)


def judge(documents: Iterable[str], action: str, resource: str, context: Context) -> Verdict:
    """Evaluate policy documents (JSON), without their principals, for an action on a resource.

    A document that cannot be evaluated denies: the embedded AWS fails closed, and its log has the reason.
    """
    verdict = Verdict.SILENT
    for document in documents:
        for statement in applicable(document, action, resource, context):
            if statement is None or not statement.allows:
                return Verdict.DENIED
            verdict = Verdict.ALLOWED
    return verdict


def grant(document: str, principal: Principal, action: str, resource: str, context: Context) -> tuple[Verdict, Match]:
    """Evaluate a resource-based policy for a principal; with the closest match of the statements that allow."""
    closest = Match.NONE
    for statement in applicable(document, action, resource, context):
        if statement is None:
            return Verdict.DENIED, Match.NONE
        named = statement.names(principal)
        if named is not Match.NONE and not statement.allows:
            return Verdict.DENIED, Match.NONE
        closest = max(closest, named)
    return (Verdict.SILENT if closest is Match.NONE else Verdict.ALLOWED), closest


def applicable(document: str, action: str, resource: str, context: Context) -> Iterator[Statement | None]:
    """Yield the statements that apply, whatever their principals; None where the document cannot be evaluated."""
    try:
        for statement in statements(document):
            if statement.concerns(action, resource, context):
                yield statement
    except UnknownOperatorError as error:
        log.warning("%s on %s is denied: a policy has the unknown condition operator %s", action, resource, error)
        yield None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("%s on %s is denied: a policy document cannot be read: %s", action, resource, error)
        yield None


@lru_cache(maxsize=256)
def statements(document: str) -> tuple[Statement, ...]:
    """Return a document's statements. Raises ValueError, TypeError, KeyError or AttributeError where it is none."""
    parsed = json.loads(document)
    listed, variables = parsed["Statement"], parsed.get("Version") == WITH_VARIABLES
    return tuple(_statement(entry, variables) for entry in (listed if isinstance(listed, list) else [listed]))


def _statement(entry: Mapping[str, Any], variables: bool) -> Statement:
    if entry["Effect"] not in {"Allow", "Deny"}:
        raise ValueError(f"the Effect {entry['Effect']!r} is neither Allow nor Deny")
    return Statement(
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
            yield from policy_principals.services(statement.principal)
    except (ValueError, TypeError, KeyError, AttributeError):
        return
