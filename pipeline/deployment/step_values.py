"""The inputs of a resource before and after a step of an update, and which of them a preview does not know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, final

from stackgraph.secret import Secret
from stackgraph.signatures import KIND, SECRET, UNKNOWN_TEXT


@final
class _Unknown:
    """A value that no preview shows: not yet known, or a secret that changes."""

    def __repr__(self) -> str:
        return "a value that the preview does not know"


UNKNOWN: Final = _Unknown()
_MASK = "[secret]"


@dataclass(frozen=True)
class Values:
    """One resource's inputs; `before` is empty where it is created, `after` where it is deleted."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    changed: frozenset[str] = frozenset()
    """The top-level inputs that the engine names as changed: of a secret it shows nothing else."""

    def pair(self, *path: str) -> tuple[Any, Any]:
        """Return the value at a path before and after; UNKNOWN where it cannot be told, and equal where it stays."""
        was, now = at(self.before, path), at(self.after, path)
        if path[0] in self.changed and was == now and _is_hidden(now):
            return was, UNKNOWN
        return was, now


def at(value: Any, path: Iterable[str]) -> Any:
    """Return the value at a path, None where there is none; of a list those of its entries, of one entry its own."""
    for number, name in enumerate(path := tuple(path)):
        value = plain(value)
        if isinstance(value, list):
            found = [at(entry, path[number:]) for entry in value]
            return found[0] if len(found) == 1 else found or None
        if _is_hidden(value):
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
    """Return UNKNOWN for the engine's placeholder, a mask for a secret in an event, a bool for its text."""
    if isinstance(value, Mapping) and value.get(KIND) == SECRET:
        return _MASK
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, str):
        return UNKNOWN if value == UNKNOWN_TEXT else {"true": True, "false": False}.get(value, value)
    return value


def is_known(value: Any) -> bool:
    """Whether a value is shown: neither unknown nor a secret."""
    return not _is_hidden(value)


def _is_hidden(value: Any) -> bool:
    return value is UNKNOWN or value == _MASK or isinstance(value, Secret)
