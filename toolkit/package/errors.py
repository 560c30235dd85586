"""Why a package could not be built, in one sentence."""


class PackageError(Exception):
    """The package could not be built; the message names the value, what was wanted and what to do."""
