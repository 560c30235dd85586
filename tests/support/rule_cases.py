"""The cases of a rule: resources that pass and resources that violate it."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tests.support.policy_servicer import UNKNOWN, Subject, secret


@dataclass(frozen=True)
class ResourceCase:
    """Properties for one rule on single resources."""

    type: str
    good: Mapping[str, Any] | Subject
    """The properties, or a whole subject where the rule asks for more than those of its type."""
    bad: Mapping[str, Mapping[str, Any] | Subject]
    """By what is wrong; the whole of the properties, not a change of the good ones."""
    absent: Literal["pass", "fail"]
    """The result for a resource without properties, where AWS's defaults count."""
    also_good: Mapping[str, Mapping[str, Any] | Subject] = field(default_factory=dict)
    protect: bool = False

    def subject(self, properties: Mapping[str, Any] | Subject) -> Subject:
        """A resource with these properties."""
        return properties if isinstance(properties, Subject) else Subject(self.type, properties, protect=self.protect)

    def unknowns(self) -> Iterator[tuple[str, Subject]]:
        """The good subject, each time with another property unknown; with its path."""
        good = self.subject(self.good)
        for path in paths(good.properties):
            yield ".".join(map(str, path)), replace(good, properties=replaced(good.properties, path, UNKNOWN))


@dataclass(frozen=True)
class StackCase:
    """Small stacks for one rule between resources."""

    good: tuple[Subject, ...]
    bad: Mapping[str, tuple[Subject, ...]]
    also_good: Mapping[str, tuple[Subject, ...]] = field(default_factory=dict)


def as_secrets(value: Any) -> Any:
    """The same properties, every text in them a secret."""
    if isinstance(value, Mapping):
        return {key: as_secrets(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_secrets(inner) for inner in value]
    return secret(value) if isinstance(value, str) else value


def texts(value: Any) -> Iterator[str]:
    """Every text in the properties."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def paths(value: Any, start: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value in the properties."""
    entries: Any = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*start, key)
        yield from paths(inner, (*start, key))


def replaced(value: Mapping[str, Any], path: tuple[Any, ...], replacement: Any) -> dict[str, Any]:
    """The properties with another value at this path."""
    changed: Any = deepcopy(dict(value))
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = replacement
    result: dict[str, Any] = changed
    return result


def counted(type_: str, most: int) -> StackCase:
    """The case of a rule that allows so many resources of a type."""

    def some(count: int) -> tuple[Subject, ...]:
        return tuple(Subject(type_, {}, f"one-{number}") for number in range(count))

    return StackCase(good=some(most), bad={"one too many": some(most + 1)})
