"""The inputs of a step as the engine writes them, in the form that the checks for data loss read."""

from collections.abc import Iterable, Mapping
from typing import Any

from toolkit.resource_types.data_loss.values import MASK, UNKNOWN
from toolkit.resource_types.data_loss.values import at as value_at
from toolkit.stacks.marks import KIND, SECRET, UNKNOWN_TEXT


def readable(value: Any) -> Any:
    """Return the value with UNKNOWN for each placeholder of the engine, and its mask for each secret."""
    if isinstance(value, str):
        return UNKNOWN if value == UNKNOWN_TEXT else value
    if isinstance(value, Mapping):
        return MASK if value.get(KIND) == SECRET else {key: readable(inner) for key, inner in value.items()}
    return [readable(inner) for inner in value] if isinstance(value, list | tuple) else value


def at(value: Any, path: Iterable[str]) -> Any:
    """Return the value at a path of the engine's inputs, None where there is none."""
    return value_at(readable(value), path)
