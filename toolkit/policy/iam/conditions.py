"""The conditions of policy statements and their operators.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

import base64
import binascii
import operator as compare
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address, ip_network
from typing import Any

from toolkit.policy.iam.wildcards import PLAIN, Comparison, Context, compile_pattern

Test = Callable[[str, str], bool]
"""Whether a value of the request (first) fits a value of the policy (second)."""
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": compare.eq,
    "lessthan": compare.lt,
    "lessthanequals": compare.le,
    "greaterthan": compare.gt,
    "greaterthanequals": compare.ge,
}
_EXACT = Comparison(wildcards=False)
_ARN = Comparison(by_segment=True)
_TEXTS: Mapping[str, Comparison] = {
    "stringequals": _EXACT,
    "stringequalsignorecase": Comparison(wildcards=False, ignore_case=True),
    "stringlike": PLAIN,
    "arnequals": _ARN,
    "arnlike": _ARN,
}
"""The operators that take policy variables."""
_NEGATIVE: Mapping[str, str] = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
}
_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?")
_QUANTIFIERS = ("", "forallvalues", "foranyvalue")
_PRESENCE = "null"


class UnknownOperatorError(ValueError):
    """A condition operator that IAM does not have."""


@dataclass(frozen=True)
class Condition:
    """One key of a condition block, with the parts of the operator; names are in lower case, values as written."""

    written: str
    """The operator as the policy has it."""
    operator: str
    key: str
    values: tuple[str, ...]
    quantifier: str
    """`foranyvalue`, `forallvalues` or empty."""
    if_exists: bool

    @classmethod
    def parse(cls, written: str, key: str, values: tuple[str, ...]) -> "Condition":
        """Return the condition of an operator with its quantifier and IfExists."""
        quantifier, _, name = written.lower().rpartition(":")
        operator = name.removesuffix("ifexists")
        return cls(written, operator, key.lower(), values, quantifier, operator != name)

    @property
    def compares_texts(self) -> bool:
        """Return whether it tests a text, an ARN, a boolean or the presence of a key."""
        return _NEGATIVE.get(self.operator, self.operator) in {*_TEXTS, "bool", _PRESENCE}

    @property
    def restricts(self) -> bool:
        """Return whether it excludes calls without the key or with another value; ForAllValues holds for no value."""
        return self.operator in _TEXTS and not self.if_exists and self.quantifier != "forallvalues"

    def holds(self, context: Context, *, variables: bool) -> bool:
        """Return whether the condition holds in the context of a request. Raises UnknownOperatorError."""
        found = context.get(self.key)
        actual = () if found is None else (found,) if isinstance(found, str) else found
        kind = _NEGATIVE.get(self.operator, self.operator)
        presence = kind == _PRESENCE and not self.if_exists
        if self.quantifier not in _QUANTIFIERS or not (presence or kind in _TEXTS or kind in _VALUES):
            raise UnknownOperatorError(self.written)
        if presence:
            return str(not actual).lower() in {value.lower() for value in self.values}
        positive = kind == self.operator
        if self.quantifier:  # an empty value counts as none in a set
            actual = tuple(value for value in actual if value)
        if not actual:
            negative = not positive and self.quantifier != "foranyvalue"
            return self.quantifier == "forallvalues" or negative or self.if_exists
        test = _test(kind, context, variables=variables)
        fits = [any(test(value, each) for each in self.values) == positive for value in actual]
        if self.quantifier == "forallvalues" or not (self.quantifier or positive):
            return all(fits)
        return any(fits)


def _test(kind: str, context: Context, *, variables: bool) -> Test:
    if kind not in _TEXTS:
        return _VALUES[kind]
    form = _TEXTS[kind]

    def test(value: str, text: str) -> bool:
        pattern = compile_pattern(text, context, form, variables=variables)
        return pattern is not None and pattern.fullmatch(value) is not None

    return test


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
    "bool": lambda value, text: value.lower() == text.lower(),
    "binaryequals": _same_bytes,
    "ipaddress": _in_network,
    **{f"numeric{name}": _ordered(order, _number) for name, order in _ORDERS.items()},
    **{f"date{name}": _ordered(order, _instant) for name, order in _ORDERS.items()},
}
