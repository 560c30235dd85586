"""The Pulumi CLI: find or build it, run it, read what it writes."""

from toolkit.stacks.errors import RefusedError


class EngineError(RefusedError):
    """The Pulumi CLI is missing, fails, or prints an unknown document."""
