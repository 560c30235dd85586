"""Evaluate policy statements for one call, as IAM does: an explicit Deny wins.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and, for the operators,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html, read 2026-11-30.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from toolkit.policy.iam.documents import Condition, Statement
from toolkit.policy.iam.wildcards import matches


@dataclass(frozen=True)
class Call:
    """One call: an action on a resource, with the keys of its context in lower case."""

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict, hash=False)


def permits(found: Iterable[Statement], call: Call) -> bool:
    """Return whether some statement allows the call and none denies it."""
    allowed = False
    for statement in found:
        if not _applies(statement, call):
            continue
        if statement.denies and _hold(statement, call, unknown=False):
            return False
        allowed = allowed or (statement.allows and _hold(statement, call, unknown=True))
    return allowed


def _applies(statement: Statement, call: Call) -> bool:
    return _named(statement, "Action", call.action, ignore_case=True) and _named(statement, "Resource", call.resource)


def _named(statement: Statement, element: str, value: str, *, ignore_case: bool = False) -> bool:
    inverted = statement.part.has(f"Not{element}")
    patterns = statement.part.texts(f"Not{element}" if inverted else element)
    return any(matches(pattern, value, ignore_case=ignore_case) for pattern in patterns) is not inverted


def _hold(statement: Statement, call: Call, *, unknown: bool) -> bool:
    return all(_holds(condition, call.context.get(condition.key), unknown) for condition in statement.conditions)


def _holds(condition: Condition, value: str | None, unknown: bool) -> bool:
    """Compare the value of the call; `unknown` is the answer of an operator that is not known here."""
    operator = condition.operator
    if operator == "null":
        return (value is None) is (condition.values == ("true",))
    negated = "not" in operator
    compare = _OPERATORS.get(operator.replace("not", ""))
    if compare is None:
        return unknown
    if value is None:
        return negated or condition.if_exists or condition.quantifier == "forallvalues"
    return any(compare(expected, value) for expected in condition.values) is not negated


_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "stringequals": lambda expected, value: expected == value,
    "stringequalsignorecase": lambda expected, value: expected.lower() == value.lower(),
    "stringlike": matches,
    "arnequals": matches,
    "arnlike": matches,
    "bool": lambda expected, value: expected.lower() == value.lower(),
}
