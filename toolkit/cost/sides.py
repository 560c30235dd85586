"""Where the stacks to be priced come from: the program as it is, a git ref's program, or a file."""

import io
import os
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from toolkit.stacks import EvaluationError, ResourceGraph, evaluate
from toolkit.stacks.git_environment import git_environment


class RefError(Exception):
    """One sentence on a git ref that cannot be priced."""


def evaluate_at(ref: str, stack: str, root: Path) -> ResourceGraph:
    """The resources of the stack as the program of a git ref makes them; the root may be a folder of the repository.

    The ref's files are written to a temporary folder, which goes afterwards. Raises RefError, one sentence.
    """
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    prefix = _git(root, "rev-parse", "--show-prefix")
    top = _git(root, "rev-parse", "--show-toplevel")
    if commit is None or prefix is None or top is None:
        raise RefError(f"There is no git ref {ref!r} here: name a branch, a tag or a commit, such as main.")
    archive = _git(Path(os.fsdecode(top.rstrip(b"\n"))), "archive", "--format=tar", commit.decode().strip())
    if archive is None:
        raise RefError(f"git cannot write out the files of {ref!r}; fetch the whole history and try again.")
    with TemporaryDirectory(prefix="cost-against-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        try:
            return evaluate(stack, root=Path(folder) / os.fsdecode(prefix.rstrip(b"\n")))
        except EvaluationError as error:
            raise RefError(f"At {ref}: {error}") from None


def _git(root: Path, *arguments: str) -> bytes | None:
    """What git says, or None where it refuses."""
    command, environment = ["git", *arguments], git_environment(os.environ)
    try:
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False)  # noqa: S603 - no shell
    except OSError:
        raise RefError("git is not on PATH, so no other version can be read; install it.") from None
    return done.stdout if done.returncode == 0 else None
