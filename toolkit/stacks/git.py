"""Runs git.

The results depend on the clone alone: not on a variable or setting of the caller, not on replaced objects or grafts.
Files of a commit are written as the commit has them, whatever `.gitattributes` says of archives, line ends and filters.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from toolkit.stacks.errors import RefusedError

_SETTINGS = (
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.excludesFile=/dev/null"),
    *("-c", "log.showSignature=false"),
)
_REMOVED = {
    *("GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_REPLACE_REF_BASE", "GIT_ATTR_SOURCE"),
    *("GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_EXTERNAL_DIFF"),
    *(f"GIT_{kind}_PATHSPECS" for kind in ("LITERAL", "GLOB", "NOGLOB", "ICASE")),
}
"""The variables that choose another repository, other files or objects: https://git-scm.com/docs/git

A hook of git has some of them set.
"""
_SET = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
_EXECUTABLE, _LINK, _SUBMODULE = "100755", "120000", "160000"


class GitError(RefusedError):
    """Git is not installed, or it refuses a command."""


def git(root: Path, *arguments: str, typed: bytes = b"") -> str:
    """Return what a git command prints in a folder, without the last line end. Raises GitError."""
    return os.fsdecode(_printed(root, arguments, typed).removesuffix(b"\n"))


def git_or_none(root: Path, *arguments: str) -> str | None:
    """Return what a git command prints; None where it fails. Raises GitError where git is not installed."""
    done = _run(root, arguments)
    return None if done.returncode else os.fsdecode(done.stdout.removesuffix(b"\n"))


def commit_of_reference(root: Path, reference: str) -> str | None:
    """Return the id of the commit that a branch, tag or abbreviated id names; None where there is none."""
    # A branch's name is its author's choice: after this option nothing is read as an option.
    return git_or_none(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}")


def file_at(root: Path, commit: str, path: str) -> str | None:
    """Return the text of a file in a commit; None where it has none."""
    done = _run(root, ("cat-file", "blob", f"{commit}:{path}"))
    return None if done.returncode else done.stdout.decode(errors="replace")


def changed_files(root: Path, commit: str, *paths: str) -> tuple[str, ...]:
    """Return the files below these paths that differ between a commit and the working tree, or are new in it."""
    plain = ("--no-ext-diff", "--no-textconv", "--no-renames", "--no-relative", "--ignore-submodules=none")
    known = git_or_none(root, "diff", "--name-only", "-z", *plain, commit, "--", *paths)
    new = git_or_none(root, "ls-files", "--others", "--exclude-standard", "-z", "--", *paths)
    return tuple(sorted({name for text in (known, new) for name in (text or "").split("\0") if name}))


def is_clean(root: Path) -> bool:
    """Return whether the working tree is the commit that is checked out."""
    return git_or_none(root, "status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=none") == ""


@contextmanager
def checkout(root: Path, commit: str) -> Iterator[Path]:
    """Write the files of a commit to a folder that is removed afterwards. Raises GitError.

    No index, hook, filter or attribute takes part. Submodules are left out.
    """
    with TemporaryDirectory(prefix="commit-") as folder:
        files = Path(folder).resolve()
        try:
            _write(root, commit, files)
        except (GitError, OSError, ValueError) as error:
            raise GitError(
                f"The files of commit {commit[:12]} cannot be read ({error}); fetch it: git fetch origin {commit}."
            ) from None
        _refuse_links_outside(files, commit)
        yield files


def _write(root: Path, commit: str, files: Path) -> None:
    listed = git(root, "ls-tree", "-r", "-z", "--full-tree", commit).split("\0")
    entries = [(*about.split(), name) for about, _, name in (line.partition("\t") for line in listed if line)]
    kept = [(mode, id, name) for mode, _kind, id, name in entries if mode != _SUBMODULE]
    links = []
    for (mode, _, name), content in zip(kept, _blobs(root, [id for _, id, _ in kept]), strict=True):
        path = files / name
        if not path.is_relative_to(files) or {"..", ".git"} & set(Path(name).parts):
            raise ValueError(f"{name!r} is not a name of a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        if mode == _LINK:
            links.append((path, content))
            continue
        path.write_bytes(content)
        path.chmod(0o755 if mode == _EXECUTABLE else 0o644)
    for path, content in links:  # the last, so that no file is written through one
        path.symlink_to(os.fsdecode(content))


def _blobs(root: Path, ids: list[str]) -> Iterator[bytes]:
    """Yield the content of each blob. Raises ValueError where one is missing."""
    printed = _printed(root, ("cat-file", "--batch"), "".join(f"{id}\n" for id in ids).encode())
    start = 0
    for id in ids:
        end = printed.index(b"\n", start)
        about = printed[start:end].decode().split()
        if about[:2] != [id, "blob"]:
            raise ValueError(f"object {id} is missing")
        start, size = end + 1, int(about[2])
        yield printed[start : start + size]
        start += size + 1


def _refuse_links_outside(files: Path, commit: str) -> None:
    """Raise GitError for a symbolic link that leads out of the commit: its target is not the commit's."""
    for folder, folders, names in os.walk(files):
        for path in (Path(folder, name) for name in (*folders, *names)):
            if path.is_symlink() and not _points_inside(path, files):
                name = path.relative_to(files)
                raise GitError(f"{name} in commit {commit[:12]} is a link out of the repository: replace it by a file.")


def _points_inside(link: Path, files: Path) -> bool:
    try:
        return link.resolve().is_relative_to(files)
    except (OSError, RuntimeError):  # a link that leads in a circle leads to nothing
        return True


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in _REMOVED} | _SET


def _printed(root: Path, arguments: Sequence[str], typed: bytes = b"") -> bytes:
    done = _run(root, arguments, typed)
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().partition("\n")[0] or "it printed no reason"
        raise GitError(f"`git {arguments[0]}` failed in {root} ({reason}): run this in a clone with a commit.")
    return done.stdout


def _run(root: Path, arguments: Sequence[str], typed: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    command, environment = ["git", *_SETTINGS, *arguments], _environment(os.environ)
    try:
        return subprocess.run(command, cwd=root, env=environment, input=typed, capture_output=True, check=False)  # noqa: S603 - no shell
    except OSError as error:
        raise GitError(f"git cannot be run in {root} ({error.strerror}): install git.") from None
