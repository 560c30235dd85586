"""The errors of stacks and files; each message is one sentence."""

_SHOWN = 80


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
