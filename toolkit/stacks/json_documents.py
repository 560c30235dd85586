"""Reads JSON within limits; each error is one sentence."""

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from toolkit.stacks.errors import FileError
from toolkit.stacks.files import LARGEST, read_text, shown_path

MAX_DEPTH = 100
_SURROGATE = re.compile("[\ud800-\udfff]")


class _RefusedError(ValueError):
    """Valid JSON that is not accepted."""


def read_json(path: Path, *, largest: int = LARGEST) -> Any:
    """Return the document in the file. Raises FileError."""
    return parse_json(read_text(path, largest=largest), shown_path(path))


def read_json_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in the file. Raises FileError, also for another document."""
    document = read_json(path)
    if not isinstance(document, dict):
        raise FileError(f"{shown_path(path)} must hold a JSON object, not {_kind(document)}.")
    return document


def parse_json(text: str | bytes, name: str) -> Any:
    """Return the document in a text that came from outside.

    Raises FileError for a text that is no JSON, and for what readers disagree on: a key that is written twice, NaN and
    Infinity, numbers above 64 bits, lone surrogates, more than 100 levels.
    """
    try:
        document = json.loads(
            text, object_pairs_hook=_with_unique_keys, parse_constant=_refuse_constant, parse_int=_integer
        )
        _check(document)
    except _RefusedError as error:
        raise FileError(f"{name} is refused: {error}.") from None
    except RecursionError:
        raise FileError(f"{name} is refused: it is nested deeper than {MAX_DEPTH} levels.") from None
    except json.JSONDecodeError as error:
        raise FileError(f"{name} is not JSON, or only a part of it: line {error.lineno}, {error.msg}.") from None
    except ValueError:
        raise FileError(f"{name} is not JSON: it is not UTF-8 text.") from None
    return document


def _with_unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _RefusedError(f"{twice!r} is written twice, and only the last would count")
    return found


def _refuse_constant(word: str) -> NoReturn:
    raise _RefusedError(f"{word} is no number of JSON")


def _integer(digits: str) -> int:
    if len(digits) > len(str(-(2**63))):
        raise _RefusedError(f"a number has {len(digits)} digits, more than 64 bits hold")
    number = int(digits)
    if not -(2**63) <= number < 2**64:
        raise _RefusedError(f"the number {number} has more than 64 bits")
    return number


def _check(document: Any) -> None:
    """Check every value, level by level, so that deep nesting does not exhaust the stack."""
    level = [document]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                if _SURROGATE.search(value):
                    raise _RefusedError("a text holds half of a surrogate pair, which is no character")
            elif isinstance(value, Mapping):
                below += value.keys()
                below += value.values()
            elif isinstance(value, list):
                below += value
            elif isinstance(value, float) and math.isinf(value):
                raise _RefusedError("a number is too large")
        if not below:
            return
        level = below
    raise _RefusedError(f"it is nested deeper than {MAX_DEPTH} levels")


def _kind(value: Any) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "null")
