"""Patches of moto: one module per AWS service, each with the private names that it uses."""

from collections.abc import Callable
from functools import wraps
from typing import Any


def wrap(owner: Any, name: str, replacement: Callable[..., Any]) -> None:
    """Replace a method of a class by a function that takes the original method before the method's arguments."""
    original = getattr(owner, name)

    @wraps(original)
    def method(*values: Any, **named: Any) -> Any:
        return replacement(original, *values, **named)

    setattr(owner, name, method)
