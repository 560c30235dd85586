"""The mark of a value that is unknown before an update."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, final

from toolkit.stacks.secret import Secret


@final
class Unknown:
    """The value of what is not known before the update; a singleton."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "[unknown]"

    def __copy__(self) -> "Unknown":
        return self

    def __deepcopy__(self, _memo: object) -> "Unknown":
        return self

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
PLACEHOLDER: Final = "known-after-update-7a8f3e51-2c64-4c8b-9d0e-5b1f6e2a9c37"
"""The text in the result of a function called in plain form; a text that contains it is unknown."""


def unknown_paths(value: Any, path: str = "") -> Iterator[str]:
    """Yield the dotted path of everything unknown inside the value."""
    if value is UNKNOWN:
        yield path
    elif isinstance(value, Secret):
        yield from unknown_paths(value.reveal(), path)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from unknown_paths(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from unknown_paths(inner, path)


def with_placeholders(value: Any) -> Any:
    """Return the value with the text PLACEHOLDER for everything unknown."""
    if value is UNKNOWN:
        return PLACEHOLDER
    if isinstance(value, Mapping):
        return {key: with_placeholders(inner) for key, inner in value.items()}
    return [with_placeholders(inner) for inner in value] if isinstance(value, list | tuple) else value


def without_placeholders(value: Any) -> Any:
    """Return the value with everything unknown that holds the text PLACEHOLDER."""
    if isinstance(value, str):
        return UNKNOWN if PLACEHOLDER in value else value
    if isinstance(value, Mapping):
        return {key: without_placeholders(inner) for key, inner in value.items()}
    return [without_placeholders(inner) for inner in value] if isinstance(value, list | tuple) else value
