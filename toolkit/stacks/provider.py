"""Who answers the registrations of a program."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Created:
    """What a provider says of a resource that it made: its id, and the outputs that the inputs do not say already."""

    id: str
    outputs: dict[str, Any] = field(default_factory=dict)


class Cloud(Protocol):
    """Answers the registrations of an evaluation; the monitor knows no other side."""

    @property
    def dry_run_only(self) -> bool:
        """Whether it makes nothing, so that inputs, outputs and answers may be unknown."""
        ...

    def create(self, type: str, name: str, inputs: Mapping[str, Any], provider: Mapping[str, Any], /) -> Created:
        """Make one resource in the region and account of its provider, whose inputs these are."""
        ...

    def invoke(self, token: str, args: Mapping[str, Any], provider: Mapping[str, Any], /) -> Mapping[str, Any] | None:
        """Answer a function call; None where only the real cloud can."""
        ...


class ResourceProvider(Protocol):
    """Makes the resources of a program; several threads may call it at once, and what it raises ends the evaluation."""

    def create(self, type: str, name: str, inputs: Mapping[str, Any]) -> Created:
        """Make one resource; inputs are plain (secrets revealed) and carry the camelCase names of the wire."""
        ...

    def invoke(self, token: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answer a function call such as `aws:index/getCallerIdentity:getCallerIdentity`."""
        ...


@dataclass(frozen=True)
class GivenCloud:
    """Has a caller's provider make everything, whatever region it is for."""

    provider: ResourceProvider
    dry_run_only: bool = False

    def create(self, type: str, name: str, inputs: Mapping[str, Any], _provider: Mapping[str, Any], /) -> Created:
        """Make one resource."""
        return self.provider.create(type, name, inputs)

    def invoke(self, token: str, args: Mapping[str, Any], _provider: Mapping[str, Any], /) -> Mapping[str, Any]:
        """Answer a function call."""
        return self.provider.invoke(token, args)
