"""What a program registered so far: resources by URN with parent and provider, and gaps.

The engine makes one default provider per package and version, from the stack's configuration. It is named
`default_7_51_1` after the version that the program's SDK asks for
(https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/providers/registry.go, read 2026-11-30).
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from threading import RLock
from typing import Any

from toolkit.stacks.graph import PROVIDER_TYPE, STACK_TYPE, Gap, Resource
from toolkit.stacks.marks import Secret, reveal
from toolkit.stacks.stack_files import config_text
from toolkit.stacks.urns import Urn, provider_urn

_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")
_BUILT_IN = {"pulumi", "pulumi-python"}
"""Packages of the engine itself."""


class Recording:
    """The resources of one stack in the order of their registration."""

    def __init__(self, project: str, stack: str, config: Mapping[str, Any]) -> None:
        self.project = project
        self.stack = stack
        self.config = config
        self._prefix = f"urn:pulumi:{stack}::{project}::"
        self._resources: dict[str, Resource] = {}
        self._providers_of_component: dict[str, Mapping[str, str]] = {}
        self._gaps: dict[Gap, None] = {}
        self._lock = RLock()

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Return what was registered so far, the stack first: a function call may precede it."""
        return tuple(sorted(self._resources.values(), key=lambda resource: resource.type != STACK_TYPE))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Return what could not be evaluated, each once."""
        return tuple(self._gaps)

    def __contains__(self, urn: str) -> bool:
        return urn in self._resources

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """Return the URN as the engine makes it: the types of all parents but the stack's, then the resource's own."""
        parents = Urn.parse(parent).qualified_type if parent else STACK_TYPE
        qualified = type_ if parents == STACK_TYPE else f"{parents}${type_}"
        return f"{self._prefix}{qualified}::{name}"

    def parent_of(self, urn: str) -> str | None:
        """Return the parent of a resource; None for the stack, and for a resource of another owner."""
        return self._resources[urn].parent if urn in self._resources else None

    def name_of(self, urn: str) -> str:
        """Return the name of a resource."""
        return self._resources[urn].name

    def add(self, resource: Resource) -> None:
        """Record a new resource."""
        self._resources[resource.urn] = resource

    def write(self, urn: str, **changes: Any) -> None:
        """Record outputs or the id of a resource."""
        self._resources[urn] = replace(self._resources[urn], **changes)

    def add_gap(self, gap: Gap) -> None:
        """Record what cannot be evaluated."""
        self._gaps[gap] = None

    def keep_providers(self, urn: str, request: Any) -> None:
        """Record the providers of a component for its children."""
        if not request.custom:
            above = self._providers_of_component.get(request.parent, {})
            self._providers_of_component[urn] = {**above, **request.providers}

    def provider_of(self, request: Any) -> str | None:
        """Return the provider of a registration or a function call: its own, its component's, or the default one.

        A default provider is written down when it is first needed. Providers have none, nor has what the engine does
        itself.
        """
        type_ = getattr(request, "type", "") or request.tok
        package = type_.partition(":")[0]
        if request.provider or package in _BUILT_IN or type_.startswith(PROVIDER_TYPE):
            return request.provider or None
        if inherited := self._providers_of_component.get(getattr(request, "parent", ""), {}).get(package):
            return inherited
        provider_type = f"{PROVIDER_TYPE}{package}"
        name = f"default_{_NOT_ALPHANUMERIC.sub('_', request.version)}" if request.version else "default"
        urn = self.make_urn("", provider_type, name)
        with self._lock:
            if urn not in self._resources:
                inputs = self._default_inputs(package, request.version)
                identity = str(uuid.uuid5(uuid.NAMESPACE_URL, urn))
                self.add(Resource(urn, provider_type, name, True, identity, None, inputs, inputs))
            return f"{urn}::{self._resources[urn].id}"

    def inputs_of(self, provider: str | None) -> Mapping[str, Any]:
        """Return the inputs of a provider, with secrets revealed."""
        resource = self._resources.get(provider_urn(provider))
        found: Mapping[str, Any] = reveal(resource.inputs) if resource else {}
        return found

    def _default_inputs(self, package: str, version: str) -> dict[str, Any]:
        """Return the stack's configuration of a package's provider; nested values are JSON."""
        prefix = f"{package}:"
        inputs = {
            key.removeprefix(prefix): Secret(config_text(value.reveal()))
            if isinstance(value, Secret)
            else config_text(value)
            for key, value in self.config.items()
            if key.startswith(prefix)
        }
        return {**inputs, "version": version} if version else inputs
