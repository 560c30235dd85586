"""The inputs of a resource before and after a change, and the values among them that a preview does not show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, final


class Hidden:
    """The base class of a value that no preview shows."""

    __slots__ = ()


@final
class _Unknown(Hidden):
    """The value that is not known yet, or a secret that changes."""

    def __repr__(self) -> str:
        return "a value that the preview does not know"


UNKNOWN: Final = _Unknown()
MASK: Final = "[secret]"
"""The text that the engine's events show for a secret."""


@dataclass(frozen=True)
class Values:
    """One resource's inputs; `before` is empty where it is created, `after` where it is deleted."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    changed: frozenset[str] = frozenset()
    """The top-level inputs that the engine names as changed: of a secret it shows nothing else."""

    def pair(self, *path: str) -> tuple[Any, Any]:
        """Return the value at a path before and after; UNKNOWN where it changes and is not shown."""
        was, now = at(self.before, path), at(self.after, path)
        if path[0] in self.changed and was == now and not is_known(now):
            return was, UNKNOWN
        return was, now


def at(value: Any, path: Iterable[str]) -> Any:
    """Return the value at a path, None where there is none; of a list the values of its entries, of one entry one."""
    for number, name in enumerate(path := tuple(path)):
        value = plain(value)
        if isinstance(value, list):
            found = [at(entry, path[number:]) for entry in value]
            return found[0] if len(found) == 1 else found or None
        if not is_known(value):
            return value
        value = value.get(name) if isinstance(value, Mapping) else None
    return plain(value)


def entries(value: Any) -> list[Any]:
    """Return the entries of a list; one value is a list of one, and nothing an empty list."""
    value = plain(value)
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    return [] if value is None else [value]


def plain(value: Any) -> Any:
    """Return a list for a tuple and a bool for its text."""
    if isinstance(value, tuple):
        return list(value)
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def is_known(value: Any) -> bool:
    """Return whether a value is shown: neither unknown nor a secret."""
    return not isinstance(value, Hidden) and value != MASK
