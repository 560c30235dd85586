"""The errors of stacks and files, and those of pydantic as sentences: the place, the value and the accepted form."""

import re
from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_SHOWN = 80
_CREDENTIALS = re.compile(r"//[^/\s]*@")
_SECRET = re.compile(r"(?:password|passphrase|secret|token|credentials?)$", re.IGNORECASE)


def shown(value: object) -> str:
    """Return a value for an error message: quoted, and truncated where it is long."""
    try:
        text = repr(value)
    except ValueError:
        return "a number with thousands of digits"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class RefusedError(Exception):
    """A command cannot continue; the message is one sentence for its user."""


class FileError(RefusedError):
    """A file cannot be read or written, or has another content than expected."""


class StackFileError(FileError):
    """A stack or its file does not exist or cannot be understood."""


class EvaluationError(RefusedError):
    """The program of a stack could not be evaluated."""


def sentence(file: str, error: ValidationError) -> str:
    """Return the first mistake in a file as a sentence."""
    return sentences(file, error)[0]


def sentences(file: str, error: ValidationError, *, key: str = "it", schema: str = "") -> list[str]:
    """Return each mistake in a file as a sentence.

    `key` names the value that was validated; `schema` is the file that lists the known keys.
    """
    return [f"{file}: {mistake}." for mistake in mistakes(error, key=key, schema=schema)]


def mistakes(error: ValidationError, *, key: str = "it", schema: str = "", values: bool = True) -> list[str]:
    """Return each mistake without the file; without the values where one may be a secret."""
    found = error.errors(include_url=False)
    inside = {mistake["loc"][:-1] for mistake in found}
    # A list is also too short because of what was rejected in it.
    kept = [mistake for mistake in found if not (mistake["type"] == "too_short" and mistake["loc"] in inside)]
    return [line for mistake in kept for line in _lines(mistake, key, schema, values)]


def _lines(mistake: ErrorDetails, key: str, schema: str, values: bool) -> Iterator[str]:
    where = ".".join(map(str, mistake["loc"]))
    reason = mistake["msg"].removeprefix("Value error, ")
    for subject in ("Input", "String", "Tuple", "List"):
        reason = reason.replace(f"{subject} should", "it should")
    if mistake["type"] == "extra_forbidden":
        fix = f"{schema} lists the known ones" if schema else "remove it or correct its spelling"
        yield f"unknown key {where}; {fix}"
    elif mistake["type"] == "missing":
        yield f"{where} is missing"
    elif mistake["type"] == "value_error" and isinstance(mistake["input"], dict):
        yield from (f"{where}: {line}" if where else line for line in reason.splitlines())
    elif not values or (isinstance(mistake["input"], str) and _SECRET.search(where)):
        yield f"{where or key}: {reason}"
    else:
        yield f"{where or key} is {_CREDENTIALS.sub('//***@', shown(mistake['input']))}: {reason}"
