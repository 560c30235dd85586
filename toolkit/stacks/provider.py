"""The providers that answer the registrations of a program."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from toolkit.resource_types.automatic_names import AutomaticNames


@dataclass(frozen=True)
class Created:
    """A created resource: its id, and the outputs that differ from the inputs."""

    id: str
    outputs: dict[str, Any] = field(default_factory=dict)


class Cloud(Protocol):
    """Answers the registrations of an evaluation for the monitor."""

    @property
    def dry_run_only(self) -> bool:
        """Return whether no resource is created, so that inputs, outputs and answers may be unknown."""
        ...

    def create(
        self,
        type: str,
        name: str,
        inputs: Mapping[str, Any],
        provider: Mapping[str, Any],
        names: AutomaticNames,
        /,
    ) -> Created:
        """Create a resource in the region and account of its provider; `provider` has the provider's inputs."""
        ...

    def invoke(self, token: str, args: Mapping[str, Any], provider: Mapping[str, Any], /) -> Mapping[str, Any] | None:
        """Answer a function call; None where only AWS can."""
        ...


class ResourceProvider(Protocol):
    """Creates the resources of a program. Several threads may call it at once; its errors end the evaluation."""

    def create(self, type: str, name: str, inputs: Mapping[str, Any], names: AutomaticNames, /) -> Created:
        """Create a resource; inputs are plain (secrets revealed) and have the camelCase names of the wire."""
        ...

    def invoke(self, token: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answer a function call such as `aws:index/getCallerIdentity:getCallerIdentity`."""
        ...


@dataclass(frozen=True)
class SingleProviderCloud:
    """Creates every resource with the caller's provider, in any region."""

    provider: ResourceProvider
    dry_run_only: bool = False

    def create(
        self,
        type: str,
        name: str,
        inputs: Mapping[str, Any],
        _provider: Mapping[str, Any],
        names: AutomaticNames,
        /,
    ) -> Created:
        """Make one resource."""
        return self.provider.create(type, name, inputs, names)

    def invoke(self, token: str, args: Mapping[str, Any], _provider: Mapping[str, Any], /) -> Mapping[str, Any]:
        """Answer a function call."""
        return self.provider.invoke(token, args)
