"""Evaluates the program of a git reference, for `cost --against`."""

from pathlib import Path

from toolkit.stacks import EvaluationError, ResourceGraph, evaluate
from toolkit.stacks.git import GitError, checkout, commit_of_reference, git


def evaluate_at(reference: str, stack: str, root: Path) -> ResourceGraph:
    """Return the resources of a stack by the program of a git reference. Raises RefusedError.

    The root may be a folder of the repository. The reference's files are removed afterwards.
    """
    commit = commit_of_reference(root, reference)
    if commit is None:
        raise GitError(f"There is no git ref {reference!r} here: name a branch, a tag or a commit, such as main.")
    with checkout(root, commit) as files:
        try:
            return evaluate(stack, root=files / git(root, "rev-parse", "--show-prefix"))
        except EvaluationError as error:
            raise EvaluationError(f"At {reference}: {error}") from None
