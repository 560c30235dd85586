"""The condition operators of policy documents.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

import base64
import binascii
import operator as compare
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address, ip_network
from typing import Any

from toolkit.localcloud.aws.authorization.patterns import Context, Form, find_pattern

Test = Callable[[str, str], bool]
"""Whether a value of the request (first) fits a value of the policy (second)."""
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": compare.eq,
    "LessThan": compare.lt,
    "LessThanEquals": compare.le,
    "GreaterThan": compare.gt,
    "GreaterThanEquals": compare.ge,
}
_EXACT = Form(wildcards=False)
_ARN = Form(by_segment=True)
_TEXTS: Mapping[str, Form] = {
    "StringEquals": _EXACT,
    "StringEqualsIgnoreCase": Form(wildcards=False, ignore_case=True),
    "StringLike": Form(),
    "ArnEquals": _ARN,
    "ArnLike": _ARN,
}
"""The operators that take policy variables."""
_NEGATIVE: Mapping[str, str] = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
}
_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?")
_SETS = ("ForAllValues", "ForAnyValue")


class UnknownOperatorError(ValueError):
    """A condition operator that IAM does not have."""


def conditions_hold(conditions: Mapping[str, Mapping[str, Any]], context: Context, *, variables: bool) -> bool:
    """Return whether all conditions of a statement hold. Raises UnknownOperatorError."""
    found = [
        _holds(operator, context.get(key.lower()), expected, context, variables=variables)
        for operator, keys in conditions.items()
        for key, expected in keys.items()
    ]
    return all(found)


def _holds(
    operator: str, actual: str | tuple[str, ...] | None, expected: Any, context: Context, *, variables: bool
) -> bool:
    quantifier, _, name = operator.rpartition(":")
    if quantifier and quantifier not in _SETS:
        raise UnknownOperatorError(operator)
    plain, if_exists = name.removesuffix("IfExists"), name.endswith("IfExists")
    wanted = [_text(value) for value in (expected if isinstance(expected, list) else [expected])]
    values = () if actual is None else (actual,) if isinstance(actual, str) else actual
    if name == "Null":
        return str(not values).lower() in {value.lower() for value in wanted}
    if _NEGATIVE.get(plain, plain) not in {*_TEXTS, *_VALUES}:
        raise UnknownOperatorError(operator)
    positive, test = _test(plain, context, variables=variables)
    if quantifier:  # an empty value counts as none in a set
        values = tuple(value for value in values if value)
    if not values:
        return quantifier == "ForAllValues" or (quantifier != "ForAnyValue" and not positive) or if_exists
    found = [any(test(value, each) for each in wanted) == positive for value in values]
    if quantifier == "ForAllValues" or not (quantifier or positive):
        return all(found)
    return any(found)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _test(name: str, context: Context, *, variables: bool) -> tuple[bool, Test]:
    """Return whether an operator asks for a match (or for none), and its test."""
    positive = name not in _NEGATIVE
    kind = _NEGATIVE.get(name, name)
    if kind in _TEXTS:
        form = _TEXTS[kind]

        def test(value: str, text: str) -> bool:
            pattern = find_pattern(text, context, form, variables=variables)
            return pattern is not None and pattern.fullmatch(value) is not None

        return positive, test
    return positive, _VALUES[kind]


def _ordered(order: Callable[[Any, Any], bool], read: Callable[[str], Any]) -> Test:
    def test(value: str, text: str) -> bool:
        left, right = read(value), read(text)
        return left is not None and right is not None and order(left, right)

    return test


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _instant(text: str) -> datetime | None:
    """A date in a W3C form of ISO 8601, or in seconds since 1970; UTC where it names no zone."""
    try:
        if (short := _YEAR_OR_MONTH.fullmatch(text)) is not None:
            return datetime(int(short[1]), int(short[2] or 1), 1, tzinfo=UTC)
        number = _number(text)
        if number is not None:
            return datetime.fromtimestamp(float(number), UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _in_network(value: str, text: str) -> bool:
    try:
        return ip_address(value) in ip_network(text, strict=False)
    except ValueError:
        return False


def _same_bytes(value: str, text: str) -> bool:
    try:
        return base64.b64decode(value, validate=True) == base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False


_VALUES: Mapping[str, Test] = {
    "Bool": lambda value, text: value.lower() == text.lower(),
    "BinaryEquals": _same_bytes,
    "IpAddress": _in_network,
    **{f"Numeric{name}": _ordered(order, _number) for name, order in _ORDERS.items()},
    **{f"Date{name}": _ordered(order, _instant) for name, order in _ORDERS.items()},
}
