"""What can be wrong with a stack, each said in one sentence."""

_SHOWN = 80


def shown(value: object) -> str:
    """Return a value as an error names it: quoted, and cut where it is long."""
    try:
        text = repr(value)
    except ValueError:
        return "a number with thousands of digits"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class RefusedError(Exception):
    """A command cannot do what was asked; the message is one sentence for its user."""


class FileError(RefusedError):
    """A file cannot be read or written, or does not hold what it should."""


class StackFileError(FileError):
    """A stack or its file does not exist or cannot be understood."""


class EvaluationError(RefusedError):
    """The program of a stack could not be evaluated."""
