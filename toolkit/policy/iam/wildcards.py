"""Patterns in which `*` stands for any characters and `?` for one, as IAM and CloudFront use them.

Patterns of IAM may also have policy variables, with values of the request:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

Context = Mapping[str, str | tuple[str, ...]]
"""The values of a request's condition keys; the names of the keys are in lower case."""

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_SPECIAL = {"*", "?", "$"}
_ARN_COLONS = 5


@dataclass(frozen=True)
class Comparison:
    """How the text of a policy is compared."""

    wildcards: bool = True
    by_segment: bool = False
    """Whether a wildcard stays within its one of an ARN's six segments, as the Arn condition operators compare."""
    ignore_case: bool = False


PLAIN = Comparison()


def compile_pattern(
    text: str, context: Context, form: Comparison = PLAIN, *, variables: bool
) -> re.Pattern[str] | None:
    """Return the pattern of a policy's text, None where the request has no value for one of its variables."""
    if not variables or "${" not in text:
        return _compiled(((text, True),), form)
    parts = []
    for index, part in enumerate(_VARIABLE.split(text)):
        value = _value(part, context) if index % 2 else part
        if value is None:
            return None
        parts.append((value, not index % 2))
    return _compiled(tuple(parts), form)


def _value(variable: str, context: Context) -> str | None:
    """The value of `*`, `?`, `$`, `key` or `key, 'default'`; a key with several values has none."""
    if variable in _SPECIAL:
        return variable
    key, separator, default = variable.partition(",")
    found = context.get(key.strip().lower())
    if isinstance(found, str):
        return found
    return default.strip().strip("'") if separator else None


@lru_cache(maxsize=4096)
def _compiled(parts: tuple[tuple[str, bool], ...], form: Comparison) -> re.Pattern[str]:
    flags = re.DOTALL | (re.IGNORECASE if form.ignore_case else re.NOFLAG)
    first, *starred = _pieces(parts, form)
    # The first match of a piece suffices; without "(?>" a regular expression would also try the later ones.
    return re.compile(first + "".join(f"(?>{piece})" for piece in starred[:-1]) + "".join(starred[-1:]), flags)


def _pieces(parts: tuple[tuple[str, bool], ...], form: Comparison) -> list[str]:
    """Return the text before the first `*`, then each `*` with the text after it; adjacent ones count as one."""
    pieces = [""]
    for expression in _expressions(parts, form):
        if not expression.endswith("*?"):
            pieces[-1] += expression
        elif pieces[-1] != expression:
            pieces.append(expression)
    return pieces


def _expressions(parts: tuple[tuple[str, bool], ...], form: Comparison) -> Iterator[str]:
    colons = 0
    for text, of_policy in parts:
        for character in text:
            anything = "[^:]" if form.by_segment and colons < _ARN_COLONS else "."
            colons += character == ":"
            if form.wildcards and of_policy and character in "*?":
                yield f"{anything}*?" if character == "*" else anything
            else:
                yield re.escape(character)


@lru_cache(maxsize=4096)
def overlap(one: str, other: str) -> bool:
    """Return whether some text matches both patterns."""
    todo = [(0, 0)]
    seen = set(todo)
    while todo:
        here = todo.pop()
        if here == (len(one), len(other)):
            return True
        ahead = set(_steps(one, other, *here)) - seen
        seen |= ahead
        todo.extend(ahead)
    return False


def _steps(one: str, other: str, i: int, j: int) -> Iterator[tuple[int, int]]:
    """The places in both patterns to which the next character, or a wildcard's end, can lead."""
    first, second = one[i : i + 1], other[j : j + 1]
    if first == "*":
        yield i + 1, j
    if second == "*":
        yield i, j + 1
    if first == "*" and second:
        yield i, j + 1
    if second == "*" and first:
        yield i + 1, j
    if first and second and (first == second or "?" in (first, second)):
        yield i + 1, j + 1
