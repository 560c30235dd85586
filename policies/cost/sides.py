"""Where the stacks to be priced come from: the program as it is, a git ref's program, or a file."""

import io
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from stackgraph import EvaluationError, ResourceGraph, evaluate


class RefError(Exception):
    """One sentence on a git ref that cannot be priced."""


def evaluate_at(ref: str, stack: str, root: Path) -> ResourceGraph:
    """The resources of the stack as the program of a git ref makes them.

    The ref's files are written to a temporary folder, which goes afterwards. Raises RefError, one sentence.
    """
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if commit is None:
        raise RefError(f"There is no git ref {ref!r} here: name a branch, a tag or a commit, such as main.")
    archive = _git(root, "archive", "--format=tar", commit.decode().strip())
    if archive is None:
        raise RefError(f"git cannot write out the files of {ref!r}; fetch the whole history and try again.")
    with TemporaryDirectory(prefix="cost-against-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        try:
            return evaluate(stack, root=Path(folder))
        except EvaluationError as error:
            raise RefError(f"At {ref}: {error}") from None


def _git(root: Path, *arguments: str) -> bytes | None:
    """What git says, or None where it refuses."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)  # noqa: S603, S607 - no shell
    except OSError:
        raise RefError("git is not on PATH, so no other version can be read; install it.") from None
    return done.stdout if done.returncode == 0 else None
