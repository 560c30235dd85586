"""The AWS actions that manage one resource type, and the ARNs on which AWS authorizes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Permissions:
    """The actions that create, update, delete and read the resources of a type.

    An action is written without its service where that is the service of the ARNs. An ARN holds {account}, {region}
    and, where the resource's own name is part of it, {name}. The `anywhere` fields hold actions that AWS accepts on the
    resource `*` only, which therefore reach every resource of the account; `delete_anywhere` is the part that a
    deletion calls. `also` holds actions that AWS authorizes on ARNs of another kind.
    """

    on: tuple[str, ...]
    create: str = ""
    update: str = ""
    delete: str = ""
    read: str = ""
    change_anywhere: str = ""
    delete_anywhere: str = ""
    read_anywhere: str = ""
    also: "Permissions | None" = None

    def named(self, names: Sequence[str]) -> "Permissions":
        """Return the permissions on resources with these names; a name may hold * and placeholders."""
        arns = tuple(dict.fromkeys(arn.replace("{name}", name) for arn in self.on for name in names or ("{name}",)))
        return replace(self, on=arns, also=self.also.named(names) if self.also else None)

    def each(self) -> Iterator["Permissions"]:
        """Yield these permissions and those in `also`."""
        yield self
        if self.also:
            yield from self.also.each()

    @property
    def changing(self) -> frozenset[str]:
        """The actions on the type's own ARNs that create, update and delete."""
        return self._full(f"{self.create} {self.update} {self.delete}")

    @property
    def deleting(self) -> frozenset[str]:
        """The actions on the type's own ARNs that delete."""
        return self._full(self.delete)

    @property
    def reading(self) -> frozenset[str]:
        """The actions on the type's own ARNs that read."""
        return self._full(self.read)

    @property
    def changing_anywhere(self) -> frozenset[str]:
        """The actions on `*` that create, update and delete."""
        return self._full(self.change_anywhere) | self.deleting_anywhere

    @property
    def deleting_anywhere(self) -> frozenset[str]:
        """The actions on `*` that delete."""
        return self._full(self.delete_anywhere)

    @property
    def reading_anywhere(self) -> frozenset[str]:
        """The actions on `*` that read."""
        return self._full(self.read_anywhere)

    def _full(self, actions: str) -> frozenset[str]:
        service = self.on[0].split(":")[2]
        return frozenset(action if ":" in action else f"{service}:{action}" for action in actions.split())
