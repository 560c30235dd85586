"""The error of the package build."""

from toolkit.stacks.errors import RefusedError


class PackageError(RefusedError):
    """The package cannot be built."""
