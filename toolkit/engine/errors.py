"""What a command of the pipeline refuses."""


class RefusedError(Exception):
    """The pipeline will not, or could not, do it; the message is one sentence that names the value and the fix."""


class EngineError(RefusedError):
    """The engine could not be asked; the message is one sentence that says why."""
