"""Who answers the registrations of a program."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Created:
    """What a provider says of a resource that it made: its id, and the outputs that the inputs do not say already."""

    id: str
    outputs: dict[str, Any] = field(default_factory=dict)


class ResourceProvider(Protocol):
    """Makes the resources of a program; several threads may call it at once, and what it raises ends the evaluation."""

    def create(self, type: str, name: str, inputs: Mapping[str, Any]) -> Created:
        """Make one resource; inputs are plain (secrets revealed) and carry the camelCase names of the wire."""
        ...

    def invoke(self, token: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answer a function call such as `aws:index/getCallerIdentity:getCallerIdentity`."""
        ...
