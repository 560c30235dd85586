"""The commit that a change is measured against, as files in a temporary folder."""

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.preview.report import PreviewError

_TRUNKS = ("refs/remotes/origin/main", "refs/heads/main")
_PACKAGED = ("api", "requirements/lambda.txt")


def base_commit(root: Path, ref: str | None = None) -> str:
    """The commit that the reference names; without one, where this work left origin/main or main."""
    if ref is not None:
        return _resolved(root, ref)
    for trunk in _TRUNKS:
        if found := _git(root, "merge-base", "HEAD", trunk):
            return found
    raise PreviewError("There is neither origin/main nor main to compare with; name a commit: --base REF.")


def head_commit(root: Path) -> str:
    """The commit that is checked out."""
    return _resolved(root, "HEAD")


@contextmanager
def checkout_of(root: Path, commit: str) -> Iterator[Path]:
    """The files of a commit, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="base-") as folder:
        archive = subprocess.run(["git", "archive", "--format=tar", commit], cwd=root, capture_output=True)  # noqa: S603, S607 - no shell, and a commit's own name
        if archive.returncode:
            raise PreviewError(f"The files of commit {commit[:12]} are not there; fetch it: git fetch origin {commit}.")
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder).resolve()


def code_moved(root: Path, base: str) -> bool:
    """Whether what goes into the package differs between the commit and the working tree."""
    return bool(_git(root, "diff", "--name-only", base, "--", *_PACKAGED))


def is_clean(root: Path) -> bool:
    """Whether the working tree is the commit that is checked out."""
    return not _git(root, "status", "--porcelain")


def file_at(root: Path, commit: str, path: str) -> str | None:
    """The text of a file in a commit; None where it has none."""
    done = subprocess.run(["git", "cat-file", "blob", f"{commit}:{path}"], cwd=root, capture_output=True)  # noqa: S603, S607 - no shell
    return None if done.returncode else done.stdout.decode(errors="replace")


def _resolved(root: Path, ref: str) -> str:
    # What a branch is called is its author's choice: after this option nothing is taken for an option.
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if not found:
        raise PreviewError(f"{ref!r} is no commit here; name a branch, tag or commit that is fetched: --base main.")
    return found


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True)  # noqa: S603, S607 - no shell
    return done.stdout.strip() if done.returncode == 0 else ""
