"""The marks of secret and unknown values, and the signatures that the engine's protocol has for them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, final

from toolkit.resource_types.data_loss.values import Hidden


@final
class Secret(Hidden):
    """A value that prints as `[secret]`; `reveal` returns it."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = reveal(value)

    def reveal(self) -> Any:
        """The value itself."""
        return self._value

    def __repr__(self) -> str:
        return "[secret]"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(Secret)


KIND: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a signature of the protocol, not a password
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


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


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return the value with each part changed that is neither a mapping nor a list."""
    if isinstance(value, Mapping):
        return {key: mapped(inner, change) for key, inner in value.items()}
    return [mapped(inner, change) for inner in value] if isinstance(value, list | tuple) else change(value)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each part that is neither a mapping nor a list, with its dotted path; entries of a list have the list's."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from leaves(inner, path)
    else:
        yield path, value


def reveal(value: Any) -> Any:
    """Return the value without the marks of secrets inside it."""
    return mapped(value, lambda leaf: leaf.reveal() if isinstance(leaf, Secret) else leaf)


def holds_secret(value: Any) -> bool:
    """Return whether the value, or anything inside it, is a secret."""
    return any(isinstance(leaf, Secret) for _, leaf in leaves(value))


def secret_texts(value: Any) -> Iterator[str]:
    """Return every string inside a secret."""
    for _, secret in leaves(value):
        if isinstance(secret, Secret):
            yield from (leaf for _, leaf in leaves(secret.reveal()) if isinstance(leaf, str))


def unknown_paths(value: Any, path: str = "") -> Iterator[str]:
    """Yield the dotted path of everything unknown inside the value."""
    for place, leaf in leaves(value, path):
        if leaf is UNKNOWN:
            yield place
        elif isinstance(leaf, Secret):
            yield from unknown_paths(leaf.reveal(), place)


def with_placeholders(value: Any) -> Any:
    """Return the value with the text PLACEHOLDER for everything unknown."""
    return mapped(value, lambda leaf: PLACEHOLDER if leaf is UNKNOWN else leaf)


def without_placeholders(value: Any) -> Any:
    """Return the value with everything unknown that holds the text PLACEHOLDER."""
    return mapped(value, lambda leaf: UNKNOWN if isinstance(leaf, str) and PLACEHOLDER in leaf else leaf)
