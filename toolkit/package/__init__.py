"""The Lambda package: the service and its dependencies as one reproducible zip."""

from toolkit.stacks.errors import RefusedError


class PackageError(RefusedError):
    """The package cannot be built."""
