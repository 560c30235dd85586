"""Group equal findings of several stacks."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def shared(found: Iterable[tuple[Key, str]]) -> list[tuple[Key, tuple[str, ...]]]:
    """Return each value once, with all its stacks."""
    who: dict[Key, dict[str, None]] = {}
    for words, stack in found:
        who.setdefault(words, {})[stack] = None
    return [(words, tuple(names)) for words, names in who.items()]


def named_together(found: Iterable[tuple[str, Key, str]]) -> list[tuple[tuple[str, ...], Key, tuple[str, ...]]]:
    """Group names with the same value and the same stacks."""
    by_name = shared(((name, what), stack) for name, what, stack in found)
    groups: dict[tuple[Key, tuple[str, ...]], list[str]] = {}
    for (name, what), stacks in by_name:
        groups.setdefault((what, stacks), []).append(name)
    return [(tuple(names), what, stacks) for (what, stacks), names in groups.items()]


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def some(texts: Iterable[str], most: int = 3) -> str:
    """Return the first few texts, and how many more there are."""
    found = list(dict.fromkeys(texts))
    left = len(found) - most
    return "; ".join(found[:most]) + (f"; and {left:,} more" if left > 0 else "")
