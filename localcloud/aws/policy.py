"""IAM's evaluation of policy documents: a deny wins, then an allow, else nothing is said."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

OPERATORS = (
    "Bool",
    "Null",
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "ArnEquals",
    "ArnNotEquals",
    "ArnLike",
    "ArnNotLike",
)


class Verdict(Enum):
    """What policies say of one action on one resource."""

    ALLOWED = "allowed"
    DENIED = "denied"
    SILENT = "silent"


@dataclass(frozen=True)
class Statement:
    """One statement, its patterns compiled: documents are judged on every call and change rarely."""

    allows: bool
    actions: re.Pattern[str]
    actions_excluded: bool
    resources: re.Pattern[str]
    resources_excluded: bool
    conditions: Mapping[str, Mapping[str, Any]]

    def concerns(self, action: str, resource: str, context: Mapping[str, str]) -> bool:
        """Whether the statement speaks of this action on this resource under these circumstances."""
        return (
            (self.actions.fullmatch(action) is None) == self.actions_excluded
            and (self.resources.fullmatch(resource) is None) == self.resources_excluded
            and _holds(self.conditions, context)
        )


def judge(documents: Iterable[str], action: str, resource: str, context: Mapping[str, str]) -> Verdict:
    """What the policy documents (JSON) say of an action on a resource; context holds the condition keys' values."""
    verdict = Verdict.SILENT
    for document in documents:
        for statement in _statements(document):
            if not statement.concerns(action, resource, context):
                continue
            if not statement.allows:
                return Verdict.DENIED
            verdict = Verdict.ALLOWED
    return verdict


@lru_cache(maxsize=256)
def _statements(document: str) -> tuple[Statement, ...]:
    listed = json.loads(document)["Statement"]
    return tuple(_statement(entry) for entry in (listed if isinstance(listed, list) else [listed]))


def _statement(entry: Mapping[str, Any]) -> Statement:
    return Statement(
        allows=entry["Effect"] == "Allow",
        actions=_patterns(entry.get("Action", entry.get("NotAction")), re.IGNORECASE),
        actions_excluded="Action" not in entry,
        resources=_patterns(entry.get("Resource", entry.get("NotResource", "*")), re.NOFLAG),
        resources_excluded="NotResource" in entry,
        conditions=entry.get("Condition") or {},
    )


def _patterns(values: Any, flags: re.RegexFlag) -> re.Pattern[str]:
    listed = values if isinstance(values, list) else [values]
    return re.compile("|".join(_wildcards(str(value)) for value in listed), flags | re.DOTALL)


def _wildcards(text: str) -> str:
    return re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")


def _holds(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    return all(
        _condition_holds(operator, context.get(key.lower()), expected)
        for operator, keys in conditions.items()
        for key, expected in keys.items()
    )


def _condition_holds(operator: str, actual: str | None, expected: Any) -> bool:
    values = [str(value) for value in (expected if isinstance(expected, list) else [expected])]
    operator, if_exists = operator.removesuffix("IfExists"), operator.endswith("IfExists")
    if operator not in OPERATORS:
        raise NotImplementedError(f"The embedded AWS judges no condition {operator}; it knows {', '.join(OPERATORS)}.")
    if operator == "Null":
        return str(actual is None).lower() in {value.lower() for value in values}
    if actual is None:
        return if_exists or "Not" in operator
    if operator == "Bool":
        return actual.lower() in {value.lower() for value in values}
    like = operator in {"StringLike", "StringNotLike"} or operator.startswith("Arn")
    found = any(re.fullmatch(_wildcards(value) if like else re.escape(value), actual) for value in values)
    return found != ("Not" in operator)
