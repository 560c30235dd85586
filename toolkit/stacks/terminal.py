"""Prints external text literally, on any terminal.

No markup, no control character and no workflow command of GitHub takes effect in it. A style is given beside the text,
never inside.
"""

import os
import re
import sys
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for the tab and the end of a line
    "\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff"  # they reorder or hide what is beside them
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
# A runner takes `::name::` at the start of a line, and `##[name]` anywhere:
# https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#\[)", re.MULTILINE)
_WIDE_FILE = 200
"""Columns of a file or a pipe, so that no name is truncated."""
Part = str | tuple[object, str]
"""A text, alone or with its style."""
_SIZES = ("COLUMNS", "LINES", "TERMINAL_WIDTH")
_LARGEST_SIZE = 1000


def visible(text: object) -> str:
    """Return the text with every control and bidirectional character escaped.

    JSON of `json.dumps` stays JSON with the same content.
    """
    spelled = _HIDDEN.sub(_spelled, str(text))
    return _COMMAND.sub(lambda found: f"{found[1] or ''}\\u{ord(found[0][-1]):04x}", spelled)


def _spelled(found: re.Match[str]) -> str:
    return "\\u007f" if found[0] == "\x7f" else found[0].encode("unicode_escape").decode()


def echo(text: object, *, error: bool = False) -> None:
    """Print the text and end the line, on standard error where it is an error."""
    print(visible(text), file=sys.stderr if error else sys.stdout, flush=True)


def styled(*parts: Part) -> "Text":
    """Return a line made of texts, each alone or with its style."""
    from rich.text import Text

    return Text.assemble(*(visible(part) if isinstance(part, str) else (visible(part[0]), part[1]) for part in parts))


def console(*, error: bool = False, wide: bool = False) -> "Console":
    """Return a console that prints every string literally; `wide` where a file must not truncate names."""
    from rich.console import Console

    _remove_invalid_sizes()

    class Literal(Console):
        """Renders each string literally."""

        def render_str(self, text: str, **options: Any) -> "Text":
            """Return the string without markup, emoji codes and highlights."""
            return super().render_str(visible(text), **options | {"markup": False, "emoji": False, "highlight": False})

    made = Literal(stderr=error, markup=False, emoji=False, highlight=False)
    if wide and not made.is_terminal:
        made.width = _WIDE_FILE
    return made


def prepare_terminal() -> None:
    """Prepare printing on an ASCII terminal, a closed stream, and a terminal without a valid size.

    Warnings of libraries stay warnings, also where PYTHONWARNINGS turns them into errors.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            _open_null(number, name)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    _remove_invalid_sizes()
    if os.environ.pop("PYTHONWARNINGS", None):
        warnings.resetwarnings()
        warnings.simplefilter("ignore")


def _remove_invalid_sizes() -> None:
    """Remove an invalid size from the environment: rich uses COLUMNS=0."""
    for name in _SIZES:
        size = os.environ.get(name, "")
        if not re.fullmatch("[1-9][0-9]{0,3}", size) or int(size) > _LARGEST_SIZE:
            os.environ.pop(name, None)


def _open_null(number: int, name: str) -> None:
    """Open the null device for a closed stream, so that no file gets its descriptor."""
    null_device = os.open(os.devnull, os.O_RDWR)
    if null_device != number:
        os.dup2(null_device, number)
        os.close(null_device)
    setattr(sys, name, os.fdopen(number, "r" if name == "stdin" else "w"))
