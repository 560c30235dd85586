"""A stack as data: its resources, their properties and dependencies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

PROVIDER_TYPE = "pulumi:providers:"
"""The start of the type of a provider."""
STACK_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class Resource:
    """One registration of the program; inputs and outputs carry the camelCase names of the wire."""

    urn: str
    type: str
    name: str
    custom: bool
    """False for a component, which only groups others."""
    id: str
    parent: str | None
    inputs: Mapping[str, Any] = field(hash=False)
    outputs: Mapping[str, Any] = field(hash=False)
    protect: bool = False
    retain_on_delete: bool = False
    ignore_changes: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    provider: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gap:
    """A part of a stack that an evaluation without an engine cannot know."""

    subject: str
    """The resource or the function, by name and type."""
    why: str
    urn: str = ""
    """The resource that may have others outside the graph; empty where only values are unknown."""

    @property
    def hides_resources(self) -> bool:
        """Return whether resources may be missing, not only values."""
        return self.urn != ""

    def __str__(self) -> str:
        return f"{self.subject} {self.why}"


@dataclass(frozen=True)
class ResourceGraph:
    """The resources of one stack in the order of their registration, the stack itself first, and its outputs."""

    project: str
    stack: str
    resources: tuple[Resource, ...]
    outputs: Mapping[str, Any] = field(hash=False)
    gaps: tuple[Gap, ...] = ()
    """What could not be evaluated; none where an engine wrote the graph."""
    config: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)
    """The configuration of the evaluation, by full key; None where the graph was read from a file."""

    @cached_property
    def _by_urn(self) -> dict[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    def __getitem__(self, urn: str) -> Resource:
        return self._by_urn[urn]

    def __contains__(self, urn: object) -> bool:
        return urn in self._by_urn

    def of_type(self, type: str) -> tuple[Resource, ...]:
        """Return the resources with this type token."""
        return tuple(resource for resource in self.resources if resource.type == type)

    def children(self, urn: str) -> tuple[Resource, ...]:
        """Return the children of a resource."""
        return tuple(resource for resource in self.resources if resource.parent == urn)
