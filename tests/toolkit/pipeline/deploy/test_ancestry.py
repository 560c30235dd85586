"""An older commit does not replace a newer one: real git repositories, and a CLI that answers with a history."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolkit.engine.runs import StackRun
from toolkit.pipeline.deploy.ancestry import refuse_older
from toolkit.stacks.errors import RefusedError

GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
History = Callable[..., None]


def git(root: Path, *words: str) -> str:
    return subprocess.run([*GIT, *words], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def commit(root: Path) -> str:
    git(root, "commit", "--quiet", "--allow-empty", "--message", "a change")
    return git(root, "rev-parse", "HEAD")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A clone with one commit."""
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    return folder


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    """Makes the CLI answer with updates, the newest first, in pages of twenty."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "pulumi").write_text(
        '#!/bin/bash\n[[ $1 == stack && $2 == history ]] || exit 3\nfor word; do case $word in --page=*) cat "'
        f'{tmp_path}/page-${{word#--page=}}" 2>/dev/null || echo "[]" ;; esac; done\n'
    )
    (programs / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")

    def answer(*entries: dict[str, Any]) -> None:
        for page in range(len(entries) // 20 + 1):
            (tmp_path / f"page-{page + 1}").write_text(json.dumps(entries[page * 20 : page * 20 + 20]))

    return answer


def entry(head: str | None, kind: str = "update", result: str = "succeeded") -> dict[str, Any]:
    return {"kind": kind, "result": result, "environment": {} if head is None else {"git.head": head}}


def refuse(root: Path) -> None:
    refuse_older(StackRun("dev", root))


def test_first_deployment_is_accepted(root: Path, history: History) -> None:
    refuse(root)


def test_same_commit_is_accepted_again(root: Path, history: History) -> None:
    history(entry(git(root, "rev-parse", "HEAD")))
    refuse(root)


def test_newer_commit_is_accepted(root: Path, history: History) -> None:
    history(entry(git(root, "rev-parse", "HEAD")))
    commit(root)
    refuse(root)


def test_older_commit_is_refused(root: Path, history: History) -> None:
    older = git(root, "rev-parse", "HEAD")
    history(entry(commit(root)))
    git(root, "checkout", "--quiet", "--detach", older)
    with pytest.raises(RefusedError, match=rf"and {older[:12]} is older: .*revert the commits since.*--allow-older"):
        refuse(root)


def test_older_commit_with_local_changes_is_refused(root: Path, history: History) -> None:
    (root / "file").write_text("one")
    git(root, "add", ".")
    older = commit(root)
    history(entry(commit(root)))
    git(root, "checkout", "--quiet", "--detach", older)
    (root / "file").write_text("two")
    with pytest.raises(RefusedError, match="is older"):
        refuse(root)


def test_commit_of_another_branch_is_accepted(root: Path, history: History) -> None:
    start = git(root, "rev-parse", "HEAD")
    history(entry(commit(root)))
    git(root, "checkout", "--quiet", "-b", "other", start)
    (root / "file").write_text("other")
    git(root, "add", ".")
    commit(root)
    refuse(root)


@pytest.mark.parametrize("kind", ["refresh", "preview", "import", "rename"])
def test_only_updates_count_as_deployments(kind: str, root: Path, history: History) -> None:
    older = git(root, "rev-parse", "HEAD")
    history(entry(commit(root), kind), entry(older))
    git(root, "checkout", "--quiet", "--detach", older)
    refuse(root)


def test_failed_update_does_not_count_as_a_deployment(root: Path, history: History) -> None:
    older = git(root, "rev-parse", "HEAD")
    history(entry(commit(root), result="failed"), entry(older))
    git(root, "checkout", "--quiet", "--detach", older)
    refuse(root)


def test_destroyed_stack_accepts_any_commit(root: Path, history: History) -> None:
    older, newer = git(root, "rev-parse", "HEAD"), commit(root)
    history(entry(newer, "destroy"), entry(newer))
    git(root, "checkout", "--quiet", "--detach", older)
    refuse(root)


def test_deployment_behind_many_other_entries_is_found(root: Path, history: History) -> None:
    older, newer = git(root, "rev-parse", "HEAD"), commit(root)
    history(*[entry(newer, "refresh")] * 45, entry(newer))
    git(root, "checkout", "--quiet", "--detach", older)
    with pytest.raises(RefusedError, match="is older"):
        refuse(root)


def test_unknown_commit_is_refused(root: Path, history: History) -> None:
    history(entry("0123456789" * 4))
    with pytest.raises(RefusedError, match=r"which this clone does not have: fetch it \(git fetch origin 0123456789"):
        refuse(root)


@pytest.mark.parametrize("head", [None, "", "--output=file", "main"])
def test_update_that_recorded_no_commit_is_refused(head: str | None, root: Path, history: History) -> None:
    history(entry(head))
    with pytest.raises(RefusedError, match="its update was not made in a git clone"):
        refuse(root)


def test_shallow_clone_is_refused_with_the_command_that_fetches_the_history(
    root: Path, history: History, tmp_path: Path
) -> None:
    """As a workflow's runner has one: detached, and with one commit only."""
    older = git(root, "rev-parse", "HEAD")
    newer = commit(root)
    runner = tmp_path / "runner"
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{root}", str(runner))
    git(runner, "checkout", "--quiet", "--detach", "HEAD")
    history(entry(older))
    with pytest.raises(RefusedError, match=r"this clone is shallow: .*git fetch --unshallow.*fetch-depth: 0"):
        refuse(runner)
    git(runner, "fetch", "--quiet", "--unshallow")
    refuse(runner)
    history(entry(newer))
    refuse(runner)
