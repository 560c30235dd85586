"""What can be wrong with a stack, each said in one sentence."""


class StackFileError(Exception):
    """A stack or its file does not exist or cannot be understood."""


class EvaluationError(Exception):
    """The program of a stack could not be evaluated."""
