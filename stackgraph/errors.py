"""What can be wrong with a stack, each said in one sentence."""


class FileError(Exception):
    """A file cannot be read or written, or does not hold what it should."""


class StackFileError(FileError):
    """A stack or its file does not exist or cannot be understood."""


class EvaluationError(Exception):
    """The program of a stack could not be evaluated."""
