"""The mark of secret values."""

from collections.abc import Iterator, Mapping
from typing import Any, final

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


def reveal(value: Any) -> Any:
    """Return the value without the marks inside it."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, Mapping):
        return {key: reveal(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [reveal(inner) for inner in value]
    return value


def holds_secret(value: Any) -> bool:
    """Return whether the value, or anything inside it, is marked."""
    if isinstance(value, Secret):
        return True
    if isinstance(value, Mapping):
        return any(map(holds_secret, value.values()))
    if isinstance(value, list | tuple):
        return any(map(holds_secret, value))
    return False


def secret_texts(value: Any, *, marked: bool = False) -> Iterator[str]:
    """Return every string inside a mark."""
    if isinstance(value, Secret):
        yield from secret_texts(value.reveal(), marked=True)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from secret_texts(inner, marked=marked)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from secret_texts(inner, marked=marked)
    elif marked and isinstance(value, str):
        yield value
