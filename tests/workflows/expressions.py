"""The expressions of a workflow: which functions they call and which properties they name."""

import re
from collections.abc import Iterator

TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>\d+)|(?P<operator>&&|\|\||==|!=|[<>]=?|[!(),\[\]])"
    r"|(?P<name>[A-Za-z_][\w-]*(?:\.(?:[A-Za-z_][\w-]*|\*))*))"
)
WORDS = {"true", "false", "null"}


def tokens(expression: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of each token. Raises ValueError where there is none."""
    at = 0
    while expression[at:].strip():
        found = TOKEN.match(expression, at)
        if found is None or found.lastgroup is None:
            raise ValueError(f"{expression!r} cannot be read from {expression[at:]!r} on")
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


def named(expression: str) -> tuple[set[str], set[str]]:
    """The functions that an expression calls, and the properties that it reads; an index is written as [...]."""
    read = list(tokens(expression))
    functions: set[str] = set()
    properties: set[str] = set()
    for (kind, words), (_, following) in zip(read, [*read[1:], ("", "")], strict=True):
        if kind == "name" and words not in WORDS:
            (functions if following == "(" else properties).add(words)
    return functions, properties
