"""The commit that a change is measured against, as files in a temporary folder."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toolkit.configuration import configuration
from toolkit.pipeline.preview.model import PreviewError
from toolkit.stacks.git_environment import git_environment

_TRUNKS = ("refs/remotes/origin/main", "refs/heads/main")
_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.sparseCheckout=false")


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
    """The files of a commit, as a checkout by this clone would have them, in a folder that is removed afterwards.

    `git archive` would leave out what `export-ignore` names and rewrite `export-subst`. Filters and line ends are those
    of the clone, as in its working tree; no hook and no file monitor runs. Raises PreviewError.
    """
    with tempfile.TemporaryDirectory(prefix="base-") as folder:
        files = Path(folder).resolve() / "files"
        files.mkdir()
        repository = _git(root, "rev-parse", "--absolute-git-dir")
        places = {"GIT_DIR": repository, "GIT_WORK_TREE": str(files), "GIT_INDEX_FILE": f"{folder}/index"}
        for words in (["read-tree", commit], ["checkout-index", "--all"]):
            command, environment = ["git", *_QUIET, *words], {**git_environment(os.environ), **places}
            done = subprocess.run(command, cwd=files, env=environment, capture_output=True, text=True)  # noqa: S603 - no shell
            if done.returncode:
                reason = done.stderr.strip().partition("\n")[0] or "git gave no reason"
                raise PreviewError(
                    f"The files of commit {commit[:12]} cannot be had ({reason}); fetch it: git fetch origin {commit}."
                )
        _refuse_links_outside(files, commit)
        yield files


def _refuse_links_outside(files: Path, commit: str) -> None:
    """PreviewError for a symbolic link that leads out of the commit: what is behind it is not the commit's."""
    for folder, folders, names in os.walk(files):
        for path in (Path(folder, name) for name in (*folders, *names)):
            if path.is_symlink() and not _leads_inside(path, files):
                name = path.relative_to(files)
                raise PreviewError(
                    f"{name} in commit {commit[:12]} is a link out of the repository: replace it by a file."
                )


def _leads_inside(link: Path, files: Path) -> bool:
    try:
        return link.resolve().is_relative_to(files)
    except (OSError, RuntimeError):  # a link that leads in a circle leads to nothing
        return True


def code_moved(root: Path, base: str) -> bool:
    """Whether what goes into the package differs between the commit and the working tree."""
    rules = configuration().package
    return bool(changed_files(root, base, rules.sources, rules.requirements))


def changed_files(root: Path, base: str, *paths: str) -> tuple[str, ...]:
    """The files below these paths that differ between the commit and the working tree, or are new in it."""
    known = _git(root, "diff", "--name-only", "-z", base, "--", *paths)
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", *paths)
    return tuple(sorted({name for text in (known, new) for name in text.split("\0") if name}))


def is_clean(root: Path) -> bool:
    """Whether the working tree is the commit that is checked out."""
    return not _git(root, "status", "--porcelain")


def file_at(root: Path, commit: str, path: str) -> str | None:
    """The text of a file in a commit; None where it has none."""
    command = ["git", "cat-file", "blob", f"{commit}:{path}"]
    done = subprocess.run(command, cwd=root, env=git_environment(os.environ), capture_output=True)  # noqa: S603 - no shell
    return None if done.returncode else done.stdout.decode(errors="replace")


def _resolved(root: Path, ref: str) -> str:
    # What a branch is called is its author's choice: after this option nothing is taken for an option.
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if not found:
        raise PreviewError(f"{ref!r} is no commit here; name a branch, tag or commit that is fetched: --base main.")
    return found


def _git(root: Path, *words: str) -> str:
    command = ["git", *_QUIET, *words]
    done = subprocess.run(command, cwd=root, env=git_environment(os.environ), capture_output=True, text=True)  # noqa: S603 - no shell
    return done.stdout.strip() if done.returncode == 0 else ""
