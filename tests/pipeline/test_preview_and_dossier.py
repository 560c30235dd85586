"""The commands in a repository of their own: the real program of every stack, changed by hand."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.__main__ import app
from tests.support.github_stand_in import REPOSITORY, Failure, Repository, github_stand_in
from tests.support.whole_program import ROOT

GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
KEPT = ("infrastructure", "docs/openapi.json", "requirements/lambda.txt", "api")


def git(root: Path, *words: str) -> str:
    return subprocess.run([*GIT, *words], cwd=root, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="session")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of this checkout, committed on main."""
    root = tmp_path_factory.mktemp("committed")
    for name in KEPT:
        source, target = ROOT / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for file in ROOT.glob("Pulumi*.yaml"):
        shutil.copy(file, root)
    (root / ".gitignore").write_text("build/\n__pycache__/\n")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "main")
    return root


@pytest.fixture
def root(committed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone to change; it is where the command runs."""
    git(tmp_path, "clone", "--quiet", str(committed), "clone")
    monkeypatch.chdir(tmp_path / "clone")
    return tmp_path / "clone"


@pytest.fixture
def repository(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """GitHub, with the clone's commit at the head of pull request 7."""
    with github_stand_in() as found:
        found.pulls[7] = git(root, "rev-parse", "HEAD")
        for name, value in {"TOKEN": "t", "REPOSITORY": REPOSITORY, "API_URL": found.url}.items():
            monkeypatch.setenv(f"GITHUB_{name}", value)
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(root / "summary.md"))
        monkeypatch.delenv("GITHUB_EVENT_PATH", raising=False)
        yield found


def leave_only(root: Path, *stacks: str) -> None:
    """Take the other stacks away, which costs a dossier its time."""
    for file in [*root.glob("Pulumi.*.yaml"), *root.glob("infrastructure/bootstrap/Pulumi.*.yaml")]:
        if file.parent != root or file.name.split(".")[1] not in stacks:
            file.unlink()


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [*words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text()
    assert old in text
    (root / file).write_text(text.replace(old, new))


def previewed(root: Path, stack: str, *words: str) -> tuple[int, dict[str, Any]]:
    code, _, _ = run("preview", "--stack", stack, "--offline", *words)
    return code, json.loads((root / "build" / "preview" / f"{stack.replace('/', '.')}.json").read_text())


def test_an_unchanged_stack_has_no_changes(root: Path) -> None:
    code, found = previewed(root, "dev")
    assert (code, found["status"], found["changes"], found["dangers"]) == (0, "ok", [], [])
    assert found["cost"]["expected"] > 0
    assert found["cost"]["expected_delta"] == 0


def test_a_setting_that_moves_is_told_with_what_it_costs(root: Path) -> None:
    edit(root, "Pulumi.dev.yaml", "memory-mb: 512", "memory-mb: 256")
    _, found = previewed(root, "dev")
    (change,) = found["changes"]
    assert change["properties"] == [{"path": "memorySize", "before": "512", "after": "256"}]
    assert found["cost"]["expected_delta"] < 0


def test_another_key_of_a_table_replaces_it_and_endangers_its_data(root: Path) -> None:
    edit(root, "infrastructure/components/table.py", 'hash_key="owner"', 'hash_key="tenant"')
    _, found = previewed(root, "dev")
    told = {change["name"]: change["operation"] for change in found["changes"]}
    assert told["items-table"] == "replace"
    assert {danger["lost"] for danger in found["dangers"]} == {"every record of the table"}


def test_what_a_rule_forbids_blocks_and_is_told_as_new(root: Path) -> None:
    edit(root, "Pulumi.dev.yaml", "memory-mb: 512", "memory-mb: 3008")
    code, found = previewed(root, "dev")
    assert (code, found["status"]) == (1, "blocked")
    (finding,) = [each for each in found["policies"] if each["blocks"]]
    assert (finding["rule"], finding["level"], finding["new"]) == ("lambda-memory-cap", "mandatory", True)


def test_a_program_that_fails_is_told_in_a_sentence(root: Path) -> None:
    edit(root, "Pulumi.dev.yaml", "memory-mb: 512", "memory-mb: lots")
    code, found = previewed(root, "dev")
    assert (code, found["status"]) == (1, "failed")
    assert "memory-mb" in found["error"]


def test_a_base_that_cannot_be_evaluated_hides_no_finding(root: Path) -> None:
    edit(root, "Pulumi.dev.yaml", "memory-mb: 512", "memory-mb: lots")
    git(root, "commit", "--quiet", "-am", "broken")
    edit(root, "Pulumi.dev.yaml", "memory-mb: lots", "memory-mb: 3008")
    code, found = previewed(root, "dev", "--base", "HEAD")
    assert (code, found["status"], found["changes"]) == (1, "blocked", [])
    assert "the base cannot be evaluated" in found["notes"][0]


def test_a_new_stack_is_created_whole(root: Path) -> None:
    git(root, "rm", "--quiet", "--cached", "Pulumi.dev.yaml")
    git(root, "commit", "--quiet", "-m", "without dev")
    _, found = previewed(root, "dev", "--base", "HEAD")
    assert {change["operation"] for change in found["changes"]} == {"create"}
    assert found["notes"] == ["This stack is new: everything in it is created."]


def test_what_a_role_of_an_accounts_foundation_gains_is_told(root: Path) -> None:
    file = "infrastructure/bootstrap/Pulumi.dev.yaml"
    edit(root, file, (root / file).read_text(), (root / file).read_text().replace("items-team", "other-team"))
    _, found = previewed(root, "bootstrap/dev")
    assert found["project"] == "items-api-bootstrap"
    assert found["changes"]


def test_code_that_moves_is_an_update_of_the_function(root: Path) -> None:
    (root / "api" / "__init__.py").write_text('"""Other words."""\n')
    _, found = previewed(root, "dev")
    assert [each["path"] for change in found["changes"] for each in change["properties"]] == ["code"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--stack", "nowhere"), "There is no stack 'nowhere': the stacks are dev,"),
        (("--stack", "dev", "--base", "$(touch gone)"), "is no commit here"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(root: Path, words: tuple[str, ...], sentence: str) -> None:
    code, out, err = run("preview", "--offline", *words)
    assert (code, out) == (2, "")
    assert sentence in err.replace("\n", " ")
    assert not (root / "gone").exists()


def test_a_dossier_is_built_of_all_stacks_and_published_once(root: Path, repository: Repository) -> None:
    edit(root, "Pulumi.dev.yaml", "memory-mb: 512", "memory-mb: 256")
    code, out, _ = run("dossier", "build")
    assert (code, "dev: ready" in out) == (0, True)
    for _ in range(2):
        assert run("dossier", "publish", "--pull-request", "7")[0] == 0
    (comment,) = repository.comments
    stacks = ("prod", "staging", "dev", "local", "bootstrap/prod", "bootstrap/staging", "bootstrap/dev")
    assert all(f"| **{stack}** |" in comment["body"] for stack in stacks)
    assert "`memorySize`: `512` → `256`" in (root / "summary.md").read_text()


def test_a_blocked_dossier_is_published_all_the_same(root: Path, repository: Repository) -> None:
    leave_only(root, "dev")
    edit(root, "Pulumi.dev.yaml", "memory-mb: 512", "memory-mb: 3008")
    assert run("dossier", "build")[0] == 1
    assert run("dossier", "publish", "--pull-request", "7")[0] == 0
    assert "🔴 items-api: 1 of 1 stacks blocked" in repository.comments[0]["body"]


def test_an_engines_preview_of_this_commit_is_taken_and_one_of_another_is_not(root: Path) -> None:
    leave_only(root, "dev", "prod")
    folder = root / "build" / "preview"
    folder.mkdir(parents=True)
    for stack, commit in (("dev", git(root, "rev-parse", "HEAD")), ("prod", "0" * 40)):
        told = {"stack": stack, "source": "engine", "status": "failed", "commit": commit, "error": "no access"}
        (folder / f"{stack}.json").write_text(json.dumps(told))
    code, out, _ = run("dossier", "build")
    assert code == 1
    assert "dev: the preview failed" in out
    assert "prod: nothing changes" in out


def test_without_a_dossier_the_comment_says_so(root: Path, repository: Repository) -> None:
    assert run("dossier", "publish", "--pull-request", "7")[0] == 0
    assert "there is no dossier" in repository.comments[0]["body"]


def test_a_token_that_only_reads_writes_the_summary_and_ends_well(root: Path, repository: Repository) -> None:
    repository.reads_only = True
    code, out, _ = run("dossier", "publish", "--pull-request", "7")
    assert (code, repository.comments) == (0, [])
    assert out == "The token may only read, so the dossier is in the job's summary and nowhere else.\n"
    assert "there is no dossier" in (root / "summary.md").read_text()


def test_a_dry_run_writes_nothing(root: Path, repository: Repository) -> None:
    code, out, _ = run("dossier", "publish", "--pull-request", "7", "--dry-run")
    assert (code, repository.requests) == (0, [])
    assert "there is no dossier" in out


def test_github_that_fails_is_told_in_a_sentence(root: Path, repository: Repository) -> None:
    repository.failures.append(Failure("GET", "/pulls", 404))
    code, _, err = run("dossier", "publish", "--pull-request", "7")
    assert code == 1
    assert "is not there, or the token may not see it." in err


def test_the_branchs_commit_is_the_events_and_not_the_merge_that_is_checked_out(
    root: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = root / "event.json"
    event.write_text(json.dumps({"pull_request": {"head": {"sha": "e" * 40}}}))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    repository.pulls[7] = "e" * 40
    run("dossier", "publish", "--pull-request", "7")
    assert f"<!-- commit {'e' * 40} -->" in repository.comments[0]["body"]
    assert "Stale" not in repository.comments[0]["body"]


def test_drift_is_published_and_damaged_files_leave_the_issues_alone(root: Path, repository: Repository) -> None:
    folder = root / "build" / "drift"
    folder.mkdir(parents=True)
    (folder / "dev.json").write_text(json.dumps({"stack": "dev", "clean": False, "findings": []}))
    assert run("drift", "publish")[0] == 0
    assert len(repository.issues) == 1
    (folder / "a.json").write_text("{")
    repository.requests.clear()
    code, _, err = run("drift", "publish")
    assert (code, repository.requests) == (2, [])
    assert "holds no drift" in err
