"""Why a package could not be built, in one sentence."""

from toolkit.stacks.errors import RefusedError


class PackageError(RefusedError):
    """The package could not be built; the message names the value, what was wanted and what to do."""
