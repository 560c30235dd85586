"""The error of the Pulumi CLI."""

from toolkit.stacks.errors import RefusedError


class EngineError(RefusedError):
    """The Pulumi CLI is missing, fails, or prints an unknown document."""
