"""The inputs of a resource, read by type: each read raises for an unknown value, and for one of another kind."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from toolkit.stacks import Resource, ResourceGraph, reveal
from toolkit.stacks.errors import FileError
from toolkit.stacks.graph import PROVIDER_TYPE
from toolkit.stacks.json_documents import parse_json
from toolkit.stacks.marks import UNKNOWN as UNKNOWN  # imported by readers of inputs
from toolkit.stacks.urns import provider_urn

T = TypeVar("T")


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_LARGEST = 2**63  # no API of AWS takes a larger number


class UnknownPropertyError(Exception):
    """A rule read a property whose value is not known yet; its text is the property's path."""

    def __init__(self, path: str, inputs: "Inputs") -> None:
        super().__init__(path)
        self.inputs = inputs


class MalformedPropertyError(Exception):
    """A rule read a property of another kind than AWS takes; its text names both."""


@dataclass(frozen=True)
class Inputs:
    """The inputs of a resource, or of a part of one.

    Paths are dotted (`tracingConfig.mode`). Every reader raises UnknownPropertyError where the value, or something on
    the way to it, is not known yet, and MalformedPropertyError where it has another kind.
    """

    resource: Resource
    properties: Mapping[str, Any] = field(hash=False)
    provider: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """The inputs of the provider that makes the resource; nested ones are JSON, as the engine passes them."""
    place: str = ""
    """Where in the resource this part is; empty for the whole."""

    @property
    def urn(self) -> str:
        """The resource's URN."""
        return self.resource.urn

    def has(self, path: str) -> bool:
        """Return whether the property is there at all."""
        return self._find(path) is not None

    def text(self, path: str, default: str = "") -> str:
        """Return a string."""
        return self._read(path, default, lambda value: isinstance(value, str), "a text")

    def number(self, path: str, default: float) -> float:
        """Return a number; a numeric string counts, as in the AWS provider."""
        return float(self._read(path, default, _is_number, "a number"))

    def flag(self, path: str, default: bool = False) -> bool:
        """Return a boolean."""
        value = self._read(path, default, lambda found: found in (True, False, "true", "false"), "true or false")
        return value in (True, "true")

    def texts(self, path: str) -> tuple[str, ...]:
        """Return a list of strings; a single string counts as a list of one."""
        values = _listed(self._find(path))
        if any(value is UNKNOWN for value in values):
            raise UnknownPropertyError(self._at(path), self)
        return tuple(self._as(path, value, lambda item: isinstance(item, str), "a list of texts") for value in values)

    def entries(self, path: str) -> tuple["Inputs", ...]:
        """Return the values of a list, each as a part with an empty path; a single value counts as a list of one."""
        return tuple(
            Inputs(self.resource, {"": value}, self.provider, f"{self._at(path)}[{number}]")
            for number, value in enumerate(_listed(self._find(path)))
        )

    def keys(self, path: str) -> tuple[str, ...]:
        """Return the keys of a map, whose values may be unknown."""
        return tuple(self._map(path))

    def part(self, path: str) -> "Inputs":
        """Return the part at the path; one without properties where there is none."""
        return Inputs(self.resource, self._map(path), self.provider, self._at(path))

    def leaf(self, path: str, name: str) -> "Inputs":
        """Return the place of a map's entry, for a finding; the value is not read."""
        return Inputs(self.resource, {}, self.provider, f"{self._at(path)}.{name}")

    def parts(self, path: str) -> tuple["Inputs", ...]:
        """Return the parts in a list; a single part counts as a list of one."""
        values = _listed(self._find(path))
        places = [f"{self._at(path)}[{number}]" for number in range(len(values))]
        for value, place in zip(values, places, strict=True):
            if value is not UNKNOWN and not _is_map(value):
                raise MalformedPropertyError(f"{place} is not a map")
        return tuple(
            Inputs(self.resource, {"": UNKNOWN} if value is UNKNOWN else value, self.provider, place)
            for value, place in zip(values, places, strict=True)
        )

    def json(self, path: str) -> "Inputs":
        """Return a JSON document, given as a text or as a map."""
        found = self._find(path)
        if isinstance(found, str):
            try:
                found = parse_json(found, path)
            except FileError:
                raise MalformedPropertyError(f"{self._at(path)} is not JSON") from None
        return Inputs(
            self.resource,
            self._as(path, {} if found is None else found, _is_map, "a JSON object"),
            self.provider,
            self._at(path),
        )

    def depends_on(self, path: str) -> tuple[str, ...]:
        """Return the URNs that the property depends on; they are known also while the value is not."""
        return self.resource.property_dependencies.get(path, ())

    def _find(self, path: str) -> Any:
        value: Any = self.properties
        for step in path.split("."):
            block = _block(value)
            if block is UNKNOWN or (_is_map(block) and block.get("") is UNKNOWN):
                raise UnknownPropertyError(self._at(path) if block is UNKNOWN else self.place, self)
            value = self._as(path, block, _is_map, "where it should be: what holds it is no map").get(step)
            if value is UNKNOWN:
                raise UnknownPropertyError(self._at(path), self)
            if value is None:
                return None
        return value

    def _map(self, path: str) -> Mapping[str, Any]:
        found = _block(self._find(path))
        if found is UNKNOWN:
            raise UnknownPropertyError(self._at(path), self)
        mapping: Mapping[str, Any] = self._as(path, {} if found is None else found, _is_map, "a map")
        return mapping

    def _read(self, path: str, default: T, fits: Callable[[Any], bool], kind: str) -> T:
        found = self._find(path)
        return default if found is None else self._as(path, found, fits, kind)

    def _as(self, path: str, value: Any, fits: Callable[[Any], bool], kind: str) -> Any:
        if not fits(value):
            raise MalformedPropertyError(f"{self._at(path)} is not {kind}")
        return value

    def _at(self, path: str) -> str:
        return ".".join(filter(None, (self.place, path)))


def inputs_of(graph: ResourceGraph) -> "StackInputs":
    """Return the inputs of the resources of a stack."""
    providers = {resource.urn: reveal(resource.inputs) for resource in graph.resources if _provides(resource)}
    return StackInputs(
        tuple(
            Inputs(resource, reveal(resource.inputs), providers.get(provider_urn(resource.provider), {}))
            for resource in graph.resources
            if resource.custom and not _provides(resource)
        ),
        tuple(HiddenResources(Inputs(graph[gap.urn], {}), gap.why) for gap in graph.gaps if gap.hides_resources),
    )


@dataclass(frozen=True)
class HiddenResources:
    """A component or a stack with resources that an evaluation without an engine does not see."""

    behind: Inputs
    """The component or the stack that has them."""
    why: str


@dataclass(frozen=True)
class StackInputs:
    """The inputs of the resources of one stack, components and providers left out."""

    resources: tuple[Inputs, ...]
    hidden: tuple[HiddenResources, ...] = ()

    def of(self, *types: str) -> tuple[Inputs, ...]:
        """Return the resources of these types."""
        return tuple(inputs for inputs in self.resources if inputs.resource.type in types)

    def using(self, used: Inputs, *types: str, by: str) -> tuple[Inputs, ...]:
        """Return the resources of these types whose property depends on this one."""
        return tuple(inputs for inputs in self.of(*types) if used.urn in inputs.depends_on(by))

    def behind(self, user: Inputs, path: str, *types: str) -> tuple[Inputs, ...]:
        """Return the resources of these types that the property depends on."""
        return tuple(inputs for inputs in self.of(*types) if inputs.urn in user.depends_on(path))


class Violations(tuple[Inputs, ...]):
    """The resources or parts for which something does not hold."""

    __slots__ = ()


def every(parts: Iterable[Inputs], holds: Callable[[Inputs], bool]) -> bool | Violations:
    """Return True, or the parts for which it does not hold; an unknown value is raised if no known one breaks it."""
    broken: list[Inputs] = []
    unknown: UnknownPropertyError | None = None
    for part in parts:
        try:
            if not holds(part):
                broken.append(part)
        except UnknownPropertyError as error:
            unknown = unknown or error
        except MalformedPropertyError:
            broken.append(part)
    if broken:
        return Violations(broken)
    if unknown:
        raise unknown
    return True


def _provides(resource: Resource) -> bool:
    return resource.type.startswith(PROVIDER_TYPE)


def _is_map(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return _NUMBER.fullmatch(value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [] if value is None else [value]


def _block(value: Any) -> Any:
    """Return a block that may be given as a list of one, or of none."""
    if not isinstance(value, list | tuple):
        return value
    return value[0] if len(value) == 1 else value or {}
