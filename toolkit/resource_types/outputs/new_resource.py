"""A resource that a preview shows, and how the identifiers that AWS would generate are made."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from toolkit.resource_types.automatic_names import DEFAULT_NAMES, NameForm, NamePattern
from toolkit.resource_types.outputs.place import Place


@dataclass(frozen=True)
class PreviewOutputs:
    """The id of a resource, and the outputs that are not among its inputs."""

    id: str
    outputs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NewResource:
    """A resource that a preview shows."""

    place: Place
    type: str
    name: str
    inputs: Mapping[str, Any]
    name_pattern: NamePattern = DEFAULT_NAMES.pattern
    name_form: NameForm | None = None

    @property
    def region(self) -> str:
        """The region of the resource."""
        return self.place.region

    @property
    def account(self) -> str:
        """The account of the resource."""
        return self.place.account

    def token(self, length: int, salt: str = "") -> str:
        """Return letters and digits that no other resource has, the same in each run."""
        return hashlib.sha256(f"{self.account}{self.region}{self.type}{self.name}{salt}".encode()).hexdigest()[:length]

    def uuid(self) -> str:
        """Return an identifier in the form of a UUID."""
        token = self.token(32)
        return "-".join((token[:8], token[8:12], token[12:16], token[16:20], token[20:]))

    def named(self, key: str = "name") -> str:
        """Return the physical name: the program's, one with the program's prefix, or Pulumi's automatic name."""
        if prefix := self.inputs.get(f"{key}Prefix"):
            return f"{prefix}{self.token(26)}"
        if given := self.inputs.get(key):
            return str(given)
        same = Random(f"{self.account}{self.region}{self.type}{self.name}")  # noqa: S311 - the same in each run
        if self.name_form:
            return self.name_form.automatic(self.name, self.name_pattern, same)
        return self.name_pattern.name(self.name, same)

    def arn(self, service: str, resource: str, *, region: bool = True, account: bool = True) -> str:
        """Return an ARN in the resource's region and account."""
        where = f"{self.region if region else ''}:{self.account if account else ''}"
        return f"arn:{self.place.partition}:{service}:{where}:{resource}"


Preview = Callable[[NewResource], PreviewOutputs]


def generated_id(new: NewResource) -> PreviewOutputs:
    """Return an id only: AWS computes nothing else for a setting of another resource."""
    return PreviewOutputs(new.token(20))


def id_is_name(service: str, resource: str, *, region: bool = True) -> Preview:
    """Return the preview of a type with the name as its id and an ARN made of it."""

    def preview(new: NewResource) -> PreviewOutputs:
        name = new.named()
        return PreviewOutputs(name, {"name": name, "arn": new.arn(service, resource + name, region=region)})

    return preview


def id_is_arn(service: str, resource: str, *, region: bool = True) -> Preview:
    """Return the preview of a type with its ARN as its id."""

    def preview(new: NewResource) -> PreviewOutputs:
        name = new.named()
        arn = new.arn(service, resource + name, region=region)
        return PreviewOutputs(arn, {"name": name, "arn": arn})

    return preview
