"""How a command says no: one sentence on stderr, and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from toolkit.stacks import terminal
from toolkit.stacks.errors import FileError, RefusedError

console = terminal.console(error=True)


@contextmanager
def refusals() -> Iterator[None]:
    """Exit 1 for what is refused, 2 for input that cannot be."""
    try:
        yield
    except FileError as error:
        say(f"error: {error}", "red")
        raise typer.Exit(2) from None
    except RefusedError as error:
        say(f"error: {error}", "red")
        raise typer.Exit(1) from None


def say(line: str, style: str = "dim") -> None:
    """A line for whoever watches."""
    console.print(line, style=style, soft_wrap=True)
