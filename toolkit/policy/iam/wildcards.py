"""Patterns in which `*` stands for any characters and `?` for one, as IAM and CloudFront use them."""

import re
from collections.abc import Iterator
from functools import lru_cache


def matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Return whether the pattern takes the whole text."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, re.IGNORECASE | re.DOTALL if ignore_case else re.DOTALL) is not None


@lru_cache(maxsize=4096)
def overlap(one: str, other: str) -> bool:
    """Return whether a text exists that both patterns take: one text must lead to the end of both."""
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
