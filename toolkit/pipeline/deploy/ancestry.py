"""Refuse to deploy an older commit over a newer one.

The state's own history says which commit was deployed last: the CLI writes the commit of every update there, also of
one made at a terminal. Deployment records on GitHub do not count: each account with write access can create one.
"""

import re
from collections.abc import Iterator

from toolkit.engine.answers import UPDATES, Update, read_answer
from toolkit.engine.runs import StackRun
from toolkit.pipeline.deploy.manifest import commit_of, short
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.git import git_or_none

CHANGING = {"update", "destroy"}
"""The kinds of history entries that change a stack."""
_PAGE = 20
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def refuse_older(run: StackRun) -> None:
    """Raise RefusedError where the checked-out commit is an ancestor of the one that was deployed last.

    Also where the history does not show which one is newer.
    """
    before, now = _last_deployed_commit(run), commit_of(run.root).partition("+")[0]
    if before is None or before == now:
        return
    anyway = "Deploy it anyway with --allow-older (in a workflow: -f allow-older=true)."
    last = f"{run.stack} was deployed last from commit {short(before) or 'unknown'}"
    if not before:
        raise RefusedError(f"{last}: its update was not made in a git clone, so it may be newer. {anyway}")
    if git_or_none(run.root, "rev-parse", "--is-shallow-repository") != "false":
        raise RefusedError(
            f"{last}, and this clone is shallow: fetch its history (git fetch --unshallow; in a workflow: "
            f"fetch-depth: 0), so that it shows which commit is newer."
        )
    if git_or_none(run.root, "cat-file", "-t", before) != "commit":
        raise RefusedError(
            f"{last}, which this clone does not have: fetch it (git fetch origin {before}) and try again. {anyway}"
        )
    # An error of git is refused, too.
    if not git_or_none(run.root, "rev-list", "--max-count=1", f"{before}..{now}"):
        raise RefusedError(
            f"{last}, and {short(now)} is older: nothing is newer there. To go back, revert the commits since, or "
            f"roll back: ./stack rollback {run.stack}. {anyway}"
        )


def _last_deployed_commit(run: StackRun) -> str | None:
    """Return the commit of the last successful update; empty where that recorded none, None where none is in force."""
    for entry in _history(run):
        if entry.kind in CHANGING and entry.result == "succeeded":
            head = entry.environment.get("git.head", "")
            return None if entry.kind == "destroy" else head if _COMMIT.fullmatch(head) else ""
    return None


def _history(run: StackRun) -> Iterator[Update]:
    """Yield the stack's updates, the newest first, page by page."""
    page = 1
    name = "What `pulumi stack history` prints"
    while True:
        printed = run.ask("stack", "history", "--json", f"--page-size={_PAGE}", f"--page={page}")
        entries, _ = read_answer(UPDATES, printed, name)
        yield from entries
        if len(entries) < _PAGE:
            return
        page += 1
