"""How the identifiers of an imagined resource are made, and the answers that most types share."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.resource_types.preview.place import Place
from toolkit.stacks.provider import Created


@dataclass(frozen=True)
class New:
    """A resource to be imagined, and how its identifiers are made."""

    place: Place
    type: str
    name: str
    inputs: Mapping[str, Any]

    @property
    def region(self) -> str:
        """The region that it is made in."""
        return self.place.region

    @property
    def account(self) -> str:
        """The account that it is made in."""
        return self.place.account

    def token(self, length: int, salt: str = "") -> str:
        """Letters and digits that belong to this resource alone."""
        return hashlib.sha256(f"{self.account}{self.region}{self.type}{self.name}{salt}".encode()).hexdigest()[:length]

    def uuid(self) -> str:
        """An identifier in the form of a UUID."""
        token = self.token(32)
        return "-".join((token[:8], token[8:12], token[12:16], token[16:20], token[20:]))

    def named(self, key: str = "name") -> str:
        """The physical name: the program's, the program's beginning of one, or the logical one with a suffix."""
        if prefix := self.inputs.get(f"{key}Prefix"):
            return f"{prefix}{self.token(26)}"
        return str(self.inputs.get(key) or f"{self.name}-{self.token(7)}")

    def arn(self, service: str, resource: str, *, region: bool = True, account: bool = True) -> str:
        """An ARN in the resource's place."""
        where = f"{self.region if region else ''}:{self.account if account else ''}"
        return f"arn:{self.place.partition}:{service}:{where}:{resource}"


Imagine = Callable[[New], Created]


def part(new: New) -> Created:
    """A resource that only sets something on another: its id is all that AWS adds."""
    return Created(new.token(20))


def named(service: str, resource: str) -> Imagine:
    """A resource whose id is its name and whose ARN is made of it."""

    def imagine(new: New) -> Created:
        name = new.named()
        return Created(name, {"name": name, "arn": new.arn(service, resource + name)})

    return imagine
