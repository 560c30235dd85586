"""How commands speak: progress and refusals on stderr, one sentence each, and the exit codes."""

from typing import NoReturn

import typer
from rich.console import Console

REFUSED, BAD_INPUT = 1, 2
console = Console(stderr=True, highlight=False)


def refuse(sentence: object, code: int = REFUSED) -> NoReturn:
    """End the command with a sentence."""
    console.print(f"error: {sentence}", style="red", markup=False, soft_wrap=True)
    raise typer.Exit(code) from None
