"""What a row of the table says: the AWS calls behind one type of resource, and the ARNs that they are about."""

from collections.abc import Iterator
from dataclasses import dataclass

HERE = "{region}:{account}"


@dataclass(frozen=True, kw_only=True)
class Actions:
    """The calls behind one type, named without the service where it is the type's own.

    ARNs hold {account}, {region}, {project} and {stack}. What AWS accepts on no resource but * stands apart, because it
    reaches everything of its kind in the account; of that, `delete_anywhere` is what a deletion calls. `also` holds
    calls that AWS authorizes on ARNs of another kind.
    """

    service: str
    on: tuple[str, ...]
    create: str = ""
    update: str = ""
    delete: str = ""
    read: str = ""
    change_anywhere: str = ""
    delete_anywhere: str = ""
    read_anywhere: str = ""
    also: "Actions | None" = None

    def each(self) -> Iterator["Actions"]:
        """Yield this row and those beside it."""
        yield self
        if self.also:
            yield from self.also.each()

    @property
    def changing(self) -> frozenset[str]:
        """The calls on the type's own ARNs that make, change and remove."""
        return self._full(f"{self.create} {self.update} {self.delete}")

    @property
    def deleting(self) -> frozenset[str]:
        """The calls on the type's own ARNs that remove."""
        return self._full(self.delete)

    @property
    def reading(self) -> frozenset[str]:
        """The calls on the type's own ARNs that only look."""
        return self._full(self.read)

    @property
    def changing_anywhere(self) -> frozenset[str]:
        """The calls that make, change and remove, and that AWS accepts on * only."""
        return self._full(self.change_anywhere) | self.deleting_anywhere

    @property
    def deleting_anywhere(self) -> frozenset[str]:
        """The calls that remove, and that AWS accepts on * only."""
        return self._full(self.delete_anywhere)

    @property
    def reading_anywhere(self) -> frozenset[str]:
        """The calls that only look, and that AWS accepts on * only."""
        return self._full(self.read_anywhere)

    def _full(self, calls: str) -> frozenset[str]:
        return frozenset(call if ":" in call else f"{self.service}:{call}" for call in calls.split())
