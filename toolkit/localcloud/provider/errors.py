"""The errors of the resource provider."""

from collections.abc import Collection

from toolkit.stacks.errors import RefusedError


class ProviderError(RefusedError):
    """An operation on a resource failed; one sentence names it and holds the error of AWS."""


class ReplacementNeeded(Exception):  # noqa: N818 - a result for the caller, not a failure
    """A changed property that AWS cannot change in place.

    `same_name` means that the old resource has the name of the new one, so it is deleted first.
    """

    def __init__(self, type: str, id: str, properties: Collection[str], *, same_name: bool) -> None:
        super().__init__(f"{type} {id} must be replaced: {', '.join(sorted(properties))} cannot be changed in place.")
        self.properties = tuple(sorted(properties))
        self.same_name = same_name
