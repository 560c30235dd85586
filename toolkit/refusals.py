"""The refusal of a command: one sentence on standard error, and an exit code."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import typer

from toolkit.stacks import terminal
from toolkit.stacks.errors import EvaluationError, FileError, RefusedError

if TYPE_CHECKING:
    from rich.console import Console


@contextmanager
def refusals(*unusable: type[Exception]) -> Iterator[None]:
    """Exit 1 where a check refuses, and 2 for input that cannot be used, or for an error of these types."""
    unusable = (EvaluationError, FileError, *unusable)
    try:
        yield
    except unusable as error:
        say(f"error: {error}", "red")
        raise typer.Exit(2) from None
    except RefusedError as error:
        say(f"error: {error}", "red")
        raise typer.Exit(1) from None


def say(line: str, style: str = "dim") -> None:
    """Print a line of progress or an error, on standard error."""
    console().print(line, style=style, soft_wrap=True)


@contextmanager
def progress(text: str) -> Iterator[Callable[[str], None]]:
    """Show a line of progress on a terminal while the block runs; the yielded function changes its text."""
    if not sys.stderr.isatty():
        yield lambda _text: None
        return
    with console().status(terminal.styled(text)) as status:
        yield lambda new: status.update(terminal.styled(new))


@cache
def console() -> "Console":
    """Return the console of standard error."""
    return terminal.console(error=True)
