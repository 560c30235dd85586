"""What a plain YAML scalar means to the Pulumi engine.

The CLI 3.260 reads `Pulumi.yaml` and stack files with gopkg.in/yaml.v3 (sdk/go/common/encoding/marshal.go) and passes
configuration on as JSON. These are the forms of that package's resolve.go. `no`, `on` and `1:30` are text there,
`012345678901` and `1_000` are numbers, and a date becomes the text of Go's time.Time.
"""

import math
import re
from datetime import date
from decimal import Decimal

WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_INFINITY_OR_NAN = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_INTEGER = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]+)|(?P<dec>0|[1-9][0-9]*))"
)
_SIGNED_BASE = re.compile(r"0(?:b(?P<bin>[-+][01]+)|o(?P<oct>[-+][0-7]+))")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_FRACTION = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")
_DIGITS = re.compile(r"[-+0-9]")
_TIME = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:(?P<t>[Tt ])(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{1,2}):(?P<second>[0-9]{1,2})"
    r"(?:[.,](?P<fraction>[0-9]+))?(?P<zone>Z|[-+][0-9]{2}:[0-9]{2})?)?"
)
_PARTS = ("year", "month", "day", "hour", "minute", "second")
_LEAP_YEAR = 4
"""Stands for the year 0, a leap year that Go has and Python has not."""
_BASES = {"hex": 16, "bin": 2, "oct": 8, "dec": 10}
_LONGEST_INTEGER = 64
"""In digits: 64 binary ones are the largest number that Go takes for one."""
_LARGEST_PLAIN = 1e21
"""From here on Go writes a number in JSON with an exponent."""


class ScalarError(ValueError):
    """A scalar that no configuration can hold; the message ends a sentence that begins with the scalar."""


def plain_value(text: str, *, as_engine: bool) -> str | int | float | bool | None:
    """Return what a plain scalar means. Raises ScalarError for an infinite number.

    With `as_engine` a date becomes the text that the program is given, else it stays as it is written.
    """
    if text in WORDS:
        return WORDS[text]
    if _INFINITY_OR_NAN.fullmatch(text):
        raise ScalarError("is not a number that JSON has; write a finite number, or quote the text")
    if text[0] == ".":
        return _float(text.replace("_", ""), text) if _FRACTION.fullmatch(text) else text
    if not _DIGITS.match(text):
        return text
    time = engine_time(text)
    if time is not None:
        return time if as_engine else text
    return _number(text.replace("_", ""), text)


def _number(plain: str, text: str) -> str | int | float:
    if len(plain) <= _LONGEST_INTEGER + len("-0b"):
        for form in (_INTEGER, _SIGNED_BASE):
            if (found := form.fullmatch(plain)) and (number := _integer(found)) is not None:
                return number
    return _float(plain, text) if _FLOAT.fullmatch(plain) else text


def _integer(found: re.Match[str]) -> int | None:
    """Return the number; None where the CLI, which reads its own JSON with int64, makes a float of it."""
    parts = found.groupdict()
    base, digits = next((_BASES[name], value) for name, value in parts.items() if name in _BASES and value)
    number = int((parts.get("sign") or "") + digits, base)
    if 2**63 <= number < 2**64 and parts.get("sign") == "":  # Go's uint64, which JSON passes on as a float
        return int(Decimal(repr(float(number))))
    return number if -(2**63) <= number < 2**63 else None


def _float(plain: str, text: str) -> str | int | float:
    """Return the number as it arrives in JSON, where 1e3 is 1000; the text where Go has no number so large."""
    number = float(plain)
    if math.isinf(number):
        return text
    if number.is_integer() and abs(number) < _LARGEST_PLAIN:
        return int(Decimal(repr(number)))  # Go pads the shortest digits with zeros
    return number


def engine_time(text: str) -> str | None:
    """Return the text of Go's time.Time for a date or a time, on a machine in UTC; None for any other text."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(found[name] or 0) for name in _PARTS)
    zone = found["zone"]
    # With a T the zone has to be there, with a space it must not.
    if found["t"] and (zone is None) == (found["t"] in "Tt"):
        return None
    try:
        date(year or _LEAP_YEAR, month, day)
    except ValueError:
        return None
    if hour > 23 or minute > 59 or second > 59:
        return None
    offset = "+0000 UTC"
    if zone not in (None, "Z"):
        hours, minutes = int(zone[1:3]), int(zone[4:])
        if hours > 24 or minutes > 60:  # so Go has it
            return None
        digits = f"{zone[0]}{hours + minutes // 60:02}{minutes % 60:02}"
        offset = f"{digits} {digits}" if hours or minutes else offset
    fraction = (found["fraction"] or "")[:9].rstrip("0")
    moment = f"{hour:02}:{minute:02}:{second:02}" + (f".{fraction}" if fraction else "")
    return f"{year:04}-{month:02}-{day:02} {moment} {offset}"
