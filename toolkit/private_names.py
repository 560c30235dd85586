"""Checks that private names of other libraries exist, when the module that uses them is imported."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from types import CodeType
from typing import Any


class PrivateNameError(ImportError):
    """A library no longer has a private name that this project uses."""


def require_private_names(library: str, *names: str) -> tuple[str, ...]:
    """Check that a library has these names, and return them. Raises PrivateNameError.

    A name is `module`, `module:attribute` or `module:Class.attribute`. An attribute of instances counts where the
    code of the class names it. `library` is the name of the distribution.
    """
    for name in names:
        if not _exists(name):
            raise PrivateNameError(
                f"{library} {version(library)} has no {name}, which this project uses although it is private. "
                f"Adapt the code that uses it, or pin {library} to the minor version that has it."
            )
    return names


def _exists(name: str) -> bool:
    module, _, path = name.partition(":")
    try:
        owner: Any = import_module(module)
    except ImportError:
        return False
    *parents, last = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent, None)
    return not last or hasattr(owner, last) or (isinstance(owner, type) and last in set(_attributes(owner)))


def _attributes(owner: type) -> Iterator[str]:
    """Yield the attributes that a class and its bases declare or name in their code."""
    for base in owner.__mro__:
        yield from inspect.get_annotations(base)
        for member in vars(base).values():
            code = getattr(inspect.unwrap(member) if callable(member) else member, "__code__", None)
            if isinstance(code, CodeType):
                yield from code.co_names
