"""What the resource provider says when it cannot do what was asked."""

from collections.abc import Collection

from toolkit.stacks.errors import RefusedError


class ProviderError(RefusedError):
    """A resource could not be handled; one sentence names it and shows AWS's words."""


class ReplacementNeeded(Exception):  # noqa: N818 - a request to the caller, not a failure
    """A changed property that AWS cannot change in place.

    `in_the_way` says that the old resource has the name that the new one will have, so that it must go first.
    """

    def __init__(self, type: str, id: str, properties: Collection[str], *, in_the_way: bool) -> None:
        super().__init__(f"{type} {id} must be replaced: {', '.join(sorted(properties))} cannot be changed in place.")
        self.properties = tuple(sorted(properties))
        self.in_the_way = in_the_way
