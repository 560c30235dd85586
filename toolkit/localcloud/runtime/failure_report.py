"""Reports a function's failures in the terminal: reason, file and line, once per location."""

import json
import logging
import re
from pathlib import Path

log = logging.getLogger("toolkit.localcloud")

ROOT = Path(__file__).parents[3]
MAX_LOCATIONS = 30
"""How many different failures a run reports; the function's log has all of them."""
_COLUMNS = 100
_AWS_ERROR = re.compile(r"An error occurred \(\w+\) when calling the (\w+) operation")
_FRAME = re.compile(r'File "(?P<file>[^"\n]+)", line (?P<line>\d+)')
_UNPACKED = re.compile(r".*/code/[0-9a-f]{64}/")
_PRIVATE = re.compile(r"[^\s'\"<>@]+@[^\s'\"<>]+|(?=[\w+/=.~-]*\d)[\w+/=.~-]{24,}|\b\d{6,}\b|(?<=input_value=).*")
"""An email address, a token or key, a long number, and the input that pydantic quotes."""


class FailureReport:
    """Reads a function's log and responses, and reports each new failure in one or two lines."""

    def __init__(self) -> None:
        self._reported: set[str] = set()

    def read_output(self, lines: str) -> None:
        """Report the exceptions among the JSON lines that a function logged at level ERROR or above."""
        for line in lines.split("\n"):
            if '"exception"' not in line or not ('"ERROR"' in line or '"CRITICAL"' in line):
                continue
            entry = _parse_object(line)
            traceback = str(entry.get("exception", "")).rstrip()
            if traceback:
                self._report(_request(entry), _last_exception(traceback), traceback)

    def read_failure(self, payload: bytes) -> None:
        """Report the error of a failed invocation."""
        entry = _parse_object(payload.decode("utf-8", "replace"))
        stack = entry.get("stackTrace")
        traceback = "\n".join(map(str, stack)) if isinstance(stack, list) else ""
        reason = f"{entry.get('errorType', 'Error')}: {entry.get('errorMessage', '')}"
        self._report("The function failed", re.sub(r"RequestId: \S+ (Error: )?", "", reason), traceback)

    def _report(self, request: str, reason: str, traceback: str) -> None:
        location = _location(traceback)
        key = location or reason
        if key in self._reported or len(self._reported) >= MAX_LOCATIONS:
            return
        self._reported.add(key)
        log.error("%s", _printable(_shorten(f"✗ {request}: {reason}")))
        if location:
            log.error("%s", _printable(f"  {location} (reported once; the function's log has all of them)"))


def _parse_object(text: str) -> dict[str, object]:
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return entry if isinstance(entry, dict) else {}


def _request(entry: dict[str, object]) -> str:
    if not entry.get("path"):
        return "The function logged an exception"
    return f"{entry.get('method', '')} {str(entry['path'])[:60]} gets 500"


def _last_exception(traceback: str) -> str:
    """Return type and message of the exception: the lines below its last frame, without the type's module."""
    start = max((frame.end() for frame in _FRAME.finditer(traceback)), default=0)
    rows = [row for row in traceback[start:].split("\n")[1:] if row and not row.startswith(" ")]
    kind, colon, message = (rows or traceback.split("\n"))[0].partition(":")
    return f"{kind.rpartition('.')[2]}{colon}{message}"


def _location(traceback: str) -> str:
    """Return file and line of the last frame in this checkout, else of the last frame; empty without a frame."""
    frames = [(_UNPACKED.sub("", frame["file"]), frame["line"]) for frame in _FRAME.finditer(traceback)]
    own = [(file, line) for file, line in frames if not file.startswith("/") and (ROOT / file).is_file()]
    for file, line in (own or frames)[-1:]:
        return f"{file}:{line}"
    return ""


def _shorten(text: str) -> str:
    """Return the first line without private values, cut to the width of a terminal."""
    line = _PRIVATE.sub("...", _AWS_ERROR.sub(r"\1", text.split("\n")[0]))
    return line if len(line) <= _COLUMNS else f"{line[: _COLUMNS - 3]}..."


def _printable(text: str) -> str:
    """Return the text without control characters, which a terminal would interpret."""
    return "".join(character if character.isprintable() else "?" for character in text)
