"""`dossier` and `drift publish`, on the real program in a repository of its own, and GitHub on this machine."""

import json
from pathlib import Path

import pytest

from tests.support.changed_program import edit, git, leave_only, run
from tests.support.github_fake import REPOSITORY, Failure, Repository

HEAD = "a" * 40


def test_dossier_has_all_stacks_and_is_published_once(clone: Path, repository: Repository) -> None:
    edit(clone, "Pulumi.dev.yaml", "memory-mb: 512", "memory-mb: 256")
    code, out, _ = run("dossier")
    assert (code, "dev: ready" in out) == (0, True)
    for _ in range(2):
        assert run("publish-dossier", "--pull-request", "7")[0] == 0
    (comment,) = repository.comments
    others = ("prod", "staging", "local", "bootstrap/prod", "bootstrap/staging", "bootstrap/dev")
    assert "| 🟢 | **dev** | ready | ~1 |" in comment["body"]
    assert f"No change: {', '.join(f'**{stack}**' for stack in others)}" in comment["body"]
    assert "`memorySize`: `512` → `256`" in (clone / "summary.md").read_text()


def test_blocked_dossier_is_published(clone: Path, repository: Repository) -> None:
    leave_only(clone, "dev")
    edit(clone, "Pulumi.dev.yaml", "memory-mb: 512", "memory-mb: 3008")
    assert run("dossier")[0] == 1
    assert run("publish-dossier", "--pull-request", "7")[0] == 0
    assert "🔴 items-api: do not merge: 1 policy violation blocks dev" in repository.comments[0]["body"]


def test_engine_preview_counts_for_its_own_commit_only(clone: Path) -> None:
    leave_only(clone, "dev", "prod")
    folder = clone / "build" / "preview"
    folder.mkdir(parents=True)
    for stack, commit in (("dev", git(clone, "rev-parse", "HEAD")), ("prod", "0" * 40)):
        record = {"stack": stack, "source": "engine", "status": "failed", "commit": commit, "error": "no access"}
        (folder / f"{stack}.json").write_text(json.dumps(record))
    code, out, _ = run("dossier")
    assert code == 1
    assert "dev: cannot be evaluated" in out
    assert "No change: prod" in out


def test_offline_preview_is_repeated_after_a_file_changes(clone: Path) -> None:
    leave_only(clone, "dev")
    git(clone, "commit", "--quiet", "-am", "one stack")
    run("dossier", "--base", "HEAD")
    file = clone / "build" / "preview" / "dev.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "notes": ["kept"]}))
    run("dossier", "--base", "HEAD")
    assert "kept" in (clone / "build" / "dossier" / "comment.md").read_text()
    edit(clone, "Pulumi.dev.yaml", "memory-mb: 512", "memory-mb: 256")
    run("dossier", "--base", "HEAD")
    assert "kept" not in (clone / "build" / "dossier" / "comment.md").read_text()


def test_comment_without_a_dossier_says_so(clone: Path, repository: Repository) -> None:
    assert run("publish-dossier", "--pull-request", "7")[0] == 0
    assert "there is no dossier" in repository.comments[0]["body"]


def event_of(clone: Path, monkeypatch: pytest.MonkeyPatch, head: str | None) -> None:
    """The event of a pull request whose branch is in this repository; None where that was deleted."""
    branch = {"sha": HEAD, "repo": head and {"full_name": head}}
    event = {"pull_request": {"head": branch, "base": {"sha": HEAD, "repo": {"full_name": REPOSITORY}}}}
    (clone / "event.json").write_text(json.dumps(event))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(clone / "event.json"))


@pytest.mark.parametrize(("head", "actor"), [("fork/items-api", "ana"), (None, "ana"), (REPOSITORY, "dependabot[bot]")])
def test_read_only_token_writes_the_summary_and_exits_0(
    clone: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch, head: str | None, actor: str
) -> None:
    repository.reads_only = True
    event_of(clone, monkeypatch, head)
    monkeypatch.setenv("GITHUB_ACTOR", actor)
    code, out, _ = run("publish-dossier", "--pull-request", "7")
    assert (code, repository.comments) == (0, [])
    assert out == "The token is read-only, so the dossier is in the job's summary only.\n"
    assert "there is no dossier" in (clone / "summary.md").read_text()


@pytest.mark.parametrize(
    "message",
    [
        "Resource not accessible by integration",
        "Unable to create comment because issue is locked.",
        "Resource protected by organization SAML enforcement.",
    ],
)
def test_unexpected_refusal_fails_the_job(
    clone: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    event_of(clone, monkeypatch, REPOSITORY)
    repository.failures.append(Failure("POST", "/comments", 403, message=message))
    code, _, err = run("publish-dossier", "--pull-request", "7")
    assert code == 1
    assert err.startswith("error: ")


def test_locked_conversation_of_a_fork_fails_the_job(
    clone: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    event_of(clone, monkeypatch, "fork/items-api")
    repository.failures.append(Failure("POST", "/comments", 403, message="issue is locked"))
    assert run("publish-dossier", "--pull-request", "7")[0] == 1


def test_dry_run_writes_nothing(clone: Path, repository: Repository) -> None:
    code, out, _ = run("publish-dossier", "--pull-request", "7", "--dry-run")
    assert (code, repository.requests) == (0, [])
    assert "there is no dossier" in out


def test_failing_github_is_reported_in_one_sentence(clone: Path, repository: Repository) -> None:
    repository.failures.append(Failure("GET", "/pulls", 404))
    code, _, err = run("publish-dossier", "--pull-request", "7")
    assert code == 1
    assert "was not found, or the token may not read it." in err


def test_commit_is_that_of_the_event_instead_of_the_merge(
    clone: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = clone / "event.json"
    event.write_text(json.dumps({"pull_request": {"head": {"sha": "e" * 40}}}))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    repository.pulls[7] = "e" * 40
    run("publish-dossier", "--pull-request", "7")
    assert f"<!-- commit {'e' * 40} -->" in repository.comments[0]["body"]
    assert "Stale" not in repository.comments[0]["body"]


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_publish_drift_without_files_changes_no_issue(
    clone: Path, repository: Repository, options: tuple[str, ...]
) -> None:
    """As on a repository from which nothing was deployed yet: no job left a file."""
    assert run("publish-drift", *options)[:2] == (0, "No stack was compared, so no issue changes.\n")
    assert repository.requests == []


def test_damaged_drift_file_changes_no_issue(clone: Path, repository: Repository) -> None:
    folder = clone / "build" / "drift"
    folder.mkdir(parents=True)
    (folder / "dev.json").write_text(json.dumps({"stack": "dev", "clean": False, "findings": []}))
    assert run("publish-drift")[0] == 0
    assert len(repository.issues) == 1
    (folder / "a.json").write_text("{")
    repository.requests.clear()
    code, _, err = run("publish-drift")
    assert (code, repository.requests) == (2, [])
    assert "holds no findings of a drift check" in err


def commit_only(clone: Path, *stacks: str) -> None:
    """Take the other stacks out of the base, too."""
    leave_only(clone, *stacks)
    git(clone, "commit", "--quiet", "-am", "fewer stacks")


def test_dossier_of_a_typo_is_ready_in_two_lines(clone: Path) -> None:
    commit_only(clone, "dev")
    (clone / "README.md").write_text("tyop")
    code, out, _ = run("dossier", "--base", "HEAD")
    assert code == 0
    assert "READY items-api: ready to merge, no stack changes" in out
    marker, title, line = (clone / "build" / "dossier" / "comment.md").read_text().splitlines()
    assert title == "## 🟢 items-api: ready to merge, no stack changes"
    assert line.endswith("**Next**: `gh pr review --approve`")
    assert marker.startswith("<!--")


def test_removed_route_added_permission_and_removed_stack_need_a_review(clone: Path) -> None:
    commit_only(clone, "dev", "prod")
    (clone / "Pulumi.prod.yaml").unlink()
    edit(clone, "api/definition.py", '        Route(f"GET {CALLER}"),\n', "")
    edit(
        clone,
        "api/definition.py",
        'Table("sessions", _READ_AND_UPDATE)',
        'Table("sessions", (*_READ_AND_UPDATE, _MORE))',
    )
    edit(clone, "api/definition.py", "_READ_AND_UPDATE = (", '_MORE = "dynamodb:DeleteItem"\n_READ_AND_UPDATE = (')
    code, out, _ = run("dossier", "--base", "HEAD")
    assert code == 0
    assert "REVIEW items-api: review before merging: GET /api/v1/me: the route is removed" in out
    text = (clone / "build" / "dossier" / "comment.md").read_text()
    order = ("Breaking for callers: GET /api/v1/me", "1 permission added: api-role may", "file is removed")
    assert sorted(order, key=text.index) == list(order)
    assert "| **+ added** | `api-role` | `dynamodb:DeleteItem` | `sessions-table` | **dev** |" in text
