"""The form of a stack's name: validated once, before it becomes part of a path, a URN or a command."""

import re
from typing import Annotated

from pydantic import AfterValidator

from toolkit.stacks.errors import StackFileError, shown

STACK_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
FORM = "1 to 63 of a-z, 0-9 and -, beginning with a letter, such as dev"


def stack_name(text: str) -> str:
    """Return the name. Raises StackFileError for another form.

    Pulumi itself accepts more (up to 100 letters, digits, - _ and .); the names of AWS resources do not.
    """
    if not STACK_NAME.fullmatch(text):
        raise StackFileError(f"{shown(text)} is no name of a stack; write {FORM}.")
    return text


def _validated(text: str) -> str:
    try:
        return stack_name(text)
    except StackFileError as error:
        raise ValueError(str(error)) from None


StackName = Annotated[str, AfterValidator(_validated)]
"""The name of a stack in a file that another job or person wrote."""
