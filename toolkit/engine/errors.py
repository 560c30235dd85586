"""Why the Pulumi engine could not do what a command asked."""

from toolkit.stacks.errors import RefusedError


class EngineError(RefusedError):
    """The Pulumi CLI failed; the message is one sentence."""
