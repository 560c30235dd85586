"""The commit that a change is compared with."""

from pathlib import Path

from toolkit.configuration import configuration
from toolkit.pipeline.preview.model import PreviewError
from toolkit.stacks.git import changed_files, commit_of_reference, git_or_none

_TRUNKS = ("refs/remotes/origin/main", "refs/heads/main")


def base_commit(root: Path, reference: str | None = None) -> str:
    """Return the commit of the reference; without one the merge base with origin/main or main."""
    if reference is not None:
        return _resolved(root, reference)
    for trunk in _TRUNKS:
        if found := git_or_none(root, "merge-base", "HEAD", trunk):
            return found
    raise PreviewError("There is neither origin/main nor main to compare with; name a commit: --base REF.")


def head_commit(root: Path) -> str:
    """Return the checked-out commit."""
    return _resolved(root, "HEAD")


def code_changed(root: Path, base: str) -> bool:
    """Return whether the source files of the package differ between the commit and the working tree."""
    rules = configuration().package
    return bool(changed_files(root, base, rules.sources, rules.requirements))


def _resolved(root: Path, reference: str) -> str:
    found = commit_of_reference(root, reference)
    if not found:
        raise PreviewError(f"{reference!r} is no commit here; name a fetched branch, tag or commit: --base main.")
    return found
