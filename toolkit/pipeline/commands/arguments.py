"""Arguments that several commands take, each validated before the command begins."""

from typing import Any

import typer

from toolkit.stacks import StackFileError
from toolkit.stacks.names import stack_name


def stack_option(words: str) -> Any:
    """Return the option --stack, which takes nothing but a name that a stack can have."""
    return typer.Option(help=words, metavar="STACK", parser=_stack)


def _stack(text: str) -> str:
    try:
        return stack_name(text)
    except StackFileError as error:
        raise typer.BadParameter(str(error).removesuffix(".")) from None
