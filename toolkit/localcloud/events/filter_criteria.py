"""The filter patterns of event source mappings.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

import json
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_NUMERIC: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ABSENT = object()


def matches(patterns: Sequence[str], record: Mapping[str, Any]) -> bool:
    """Return whether a record matches one of the patterns (JSON); each matches where there are none.

    A body of a message is compared as JSON where the pattern is, and does not match where it is no JSON.
    """
    return not patterns or any(_matches(json.loads(pattern), _with_parsed_body(record)) for pattern in patterns)


def _with_parsed_body(record: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return {**record, "body": json.loads(record["body"])}
    except (KeyError, ValueError):
        return record


def _matches(pattern: Mapping[str, Any], value: Any) -> bool:
    alternatives = pattern.get("$or")
    if isinstance(alternatives, list) and not any(_matches(each, value) for each in alternatives):
        return False
    found = value if isinstance(value, dict) else {}
    return all(_matches_field(rule, found.get(name, _ABSENT)) for name, rule in pattern.items() if name != "$or")


def _matches_field(rule: Any, value: Any) -> bool:
    if isinstance(rule, dict):
        return _matches(rule, value)
    values = value if isinstance(value, list) else [value]
    return any(_matches_condition(condition, each) for condition in rule for each in values)


def _matches_condition(condition: Any, value: Any) -> bool:
    if not isinstance(condition, dict):
        return bool(value == condition) and isinstance(value, bool) == isinstance(condition, bool)
    ((kind, operand),) = condition.items()
    if kind == "exists":
        return (value is not _ABSENT) is bool(operand)
    if kind == "anything-but":
        return value is not _ABSENT and value not in (operand if isinstance(operand, list) else [operand])
    if kind == "numeric":
        number = isinstance(value, int | float) and not isinstance(value, bool)
        pairs = zip(operand[::2], operand[1::2], strict=True)
        return number and all(_NUMERIC[sign](value, limit) for sign, limit in pairs)
    if not isinstance(value, str):
        return False
    if kind == "prefix":
        return value.startswith(operand)
    if kind == "suffix":
        return value.endswith(operand)
    return kind == "equals-ignore-case" and value.lower() == str(operand).lower()
