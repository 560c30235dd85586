"""The value of a workflow's expression, by GitHub's rules.

https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.workflows.expressions import named, tokens
from tests.workflows.workflow_files import EXPRESSION

STATUS_FUNCTIONS = {"success", "failure", "cancelled", "always"}
WORDS = {"true": True, "false": False, "null": None}


class _Reader:
    """Reads one expression from left to right."""

    def __init__(self, expression: str, contexts: Mapping[str, Any], status: str) -> None:
        self._tokens = [*tokens(expression), ("end", "")]
        self._contexts = contexts
        self._status = status

    def whole(self) -> Any:
        """The value of all of it."""
        value = self._either()
        self._take("")
        return value

    def _next(self) -> str:
        return self._tokens[0][1]

    def _take(self, words: str) -> None:
        _, found = self._tokens.pop(0)
        if found != words:
            raise ValueError(f"{found!r} stands where {words!r} is expected")

    def _either(self) -> Any:
        value = self._both()
        while self._next() == "||":
            self._take("||")
            other = self._both()
            value = value if _true(value) else other
        return value

    def _both(self) -> Any:
        value = self._compared()
        while self._next() == "&&":
            self._take("&&")
            other = self._compared()
            value = other if _true(value) else value
        return value

    def _compared(self) -> Any:
        value = self._single()
        while (operator := self._next()) in {"==", "!="}:
            self._take(operator)
            value = _equal(value, self._single()) == (operator == "==")
        return value

    def _single(self) -> Any:
        if self._next() == "!":
            self._take("!")
            return not _true(self._single())
        if self._next() == "(":
            self._take("(")
            value = self._either()
            self._take(")")
            return value
        kind, words = self._tokens.pop(0)
        if kind == "text":
            return words[1:-1].replace("''", "'")
        if kind == "number":
            return int(words)
        if kind != "name":
            raise ValueError(f"{words!r} is no value")
        if words in WORDS:
            return WORDS[words]
        if self._next() == "(":
            return self._called(words)
        value = _looked_up(self._contexts, words.split("."))
        while self._next() == "[":
            self._take("[")
            value = _looked_up(value, [str(self._either())])
            self._take("]")
        return value

    def _called(self, function: str) -> Any:
        self._take("(")
        given = []
        while self._next() != ")":
            given.append(self._either())
            if self._next() == ",":
                self._take(",")
        self._take(")")
        if function in STATUS_FUNCTIONS:
            return function == "always" or self._status == function
        if function == "contains":
            where, what = given
            if isinstance(where, list):
                return any(_equal(each, what) for each in where)
            return str(what).lower() in _text(where).lower()
        if function == "format":
            return re.sub(r"\{(\d+)\}", lambda place: _text(given[int(place[1]) + 1]), given[0])
        if function == "fromJSON":
            return json.loads(given[0])
        raise ValueError(f"{function} is not known here")


def evaluated(expression: str, contexts: Mapping[str, Any], status: str = "success") -> Any:
    """The value of an expression; `status` is the name of the status function that holds for the job now."""
    return _Reader(expression, contexts, status).whole()


def condition_holds(written: str | None, contexts: Mapping[str, Any], status: str) -> bool:
    """Return whether a step with this `if` runs: without a status function in it only after success."""
    if written is None:
        return status == "success"
    inside = EXPRESSION.fullmatch(written.strip())
    expression = inside[1] if inside else written
    if not named(expression)[0] & STATUS_FUNCTIONS and status != "success":
        return False
    return _true(evaluated(expression, contexts, status))


def filled_in(text: str, contexts: Mapping[str, Any]) -> str:
    """A text with the values of its expressions."""
    return EXPRESSION.sub(lambda found: _text(evaluated(found[1], contexts)), text)


def _looked_up(value: Any, path: list[str]) -> Any:
    for at, name in enumerate(path):
        if name == "*":
            return [_looked_up(each, path[at + 1 :]) for each in value or ()]
        # Names are the same in capitals, so that a stack's name finds its variables.
        known = {key.lower(): each for key, each in value.items()} if isinstance(value, Mapping) else {}
        value = known.get(name.lower())
    return value


def _true(value: Any) -> bool:
    return value not in (None, False, 0, "")


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    if type(left) is type(right):
        return bool(left == right)
    return _number(left) == _number(right)


def _number(value: Any) -> float | None:
    """What a value is compared as where the other one is of another type; NaN, which equals nothing, is None."""
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        return None


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
