"""Texts for Markdown and Mermaid: values that are escaped, counted, and grouped by their stacks."""

import re
from collections.abc import Hashable, Iterable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

_MARKDOWN = re.compile(r"[&<>\\`*_{}\[\]#!|~$@]")
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]+"
)
_REFERENCE = re.compile(r"(@|#|\bGH-)(?=\w)", re.IGNORECASE)
_LINK = re.compile(r"(https?|ftp)(?=://)|(www)(?=\.)", re.IGNORECASE)
_NOT_FOR_MERMAID = re.compile(r"[^\w ./-]")
_GAP = "\u200b"
"""An invisible character that keeps GitHub from linking a name, a number or an address."""


def plain(value: object, longest: int = 300) -> str:
    """Return plain text in one line: no markup, no mention, no reference, no link."""
    shown = _one_line(value, longest)
    shown = _LINK.sub(lambda match: match[0] + _GAP, _REFERENCE.sub(lambda match: match[0] + _GAP, shown))
    return _MARKDOWN.sub(_entity, shown)


def code(value: object, longest: int = 160) -> str:
    """Return a value as code, in which GitHub links no mentions and references."""
    shown = _one_line(value, longest)
    if "`" not in shown and "|" not in shown:
        return f"`{shown}`" if shown else ""
    return f"<code>{_MARKDOWN.sub(_entity, shown)}</code>"


def label(value: object, longest: int = 48) -> str:
    """Return a label of a Mermaid node, to be put in quotes."""
    return _NOT_FOR_MERMAID.sub("·", _one_line(value, longest))


def _one_line(value: object, longest: int) -> str:
    shown = " ".join(_UNSEEN.sub(" ", str(value)).split())
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def shared(entries: Iterable[tuple[Key, str]]) -> list[tuple[Key, tuple[str, ...]]]:
    """Return each value once, with all its stacks."""
    stacks_by_value: dict[Key, dict[str, None]] = {}
    for words, stack in entries:
        stacks_by_value.setdefault(words, {})[stack] = None
    return [(words, tuple(names)) for words, names in stacks_by_value.items()]


def named_together(entries: Iterable[tuple[str, Key, str]]) -> list[tuple[tuple[str, ...], Key, tuple[str, ...]]]:
    """Group names with the same value and the same stacks."""
    by_name = shared(((name, what), stack) for name, what, stack in entries)
    groups: dict[tuple[Key, tuple[str, ...]], list[str]] = {}
    for (name, what), stacks in by_name:
        groups.setdefault((what, stacks), []).append(name)
    return [(tuple(names), what, stacks) for (what, stacks), names in groups.items()]


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def some(texts: Iterable[str], most: int = 3) -> str:
    """Return the first few texts, and how many more there are."""
    distinct = list(dict.fromkeys(texts))
    left = len(distinct) - most
    return "; ".join(distinct[:most]) + (f"; and {left:,} more" if left > 0 else "")
