"""The steps on GitHub: what is missing or of another repository is named, and undo removes what they set up."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.support import gh_fake
from tests.support.github_fake import REPOSITORY, RULESET, Failure, github_fake
from tests.support.github_set_up import SetUp
from tests.toolkit.pipeline.rehearsal.conftest import ACCOUNT, Desk
from toolkit.pipeline.doctor import command as doctor
from toolkit.pipeline.doctor.github import github
from toolkit.pipeline.rehearsal.context import read_fact
from toolkit.pipeline.rehearsal.model import Facts, Step
from toolkit.pipeline.rehearsal.runner import Rehearsal
from toolkit.pipeline.rehearsal.steps import STEPS
from toolkit.stacks.errors import RefusedError

FACTS = {
    "repository": REPOSITORY,
    "branch": "main",
    "STACK": "DEV",
    "region": "eu-central-1",
    "function_version": "1",
    **{f"{name}_role": f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("preview", "plan", "deploy")},
}


@pytest.fixture
def repository(desk: Desk, root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SetUp]:
    gh_fake.install(desk.root)
    (desk.root / "infrastructure").symlink_to(root / "infrastructure")  # the account's file names the repository
    monkeypatch.setenv("PATH", str(desk.root), prepend=":")
    monkeypatch.setattr(doctor, "CHECKS", (github,))
    with github_fake(SetUp()) as found:
        assert isinstance(found, SetUp)
        for name, value in {"TOKEN": "t", "REPOSITORY": REPOSITORY, "API_URL": found.url}.items():
            monkeypatch.setenv(f"GITHUB_{name}", value)
        yield found


@pytest.fixture
def rehearsal(desk: Desk, repository: SetUp, aws: None) -> Rehearsal:
    return begin(desk)


def begin(desk: Desk, **changed: str) -> Rehearsal:
    """A rehearsal that waits for no workflow."""
    found = desk.rehearsal()
    found.context.facts = Facts(
        {**found.context.facts, **FACTS, **changed}, lambda name: read_fact(found.context, name)
    )
    found.context.wait_seconds, found.context.pause_seconds = 0, 0
    return found


def named(*names: str) -> Sequence[Step]:
    return [step for step in STEPS if step.name in names]


def test_environment_and_variables_are_created_and_undone(rehearsal: Rehearsal, repository: SetUp) -> None:
    rehearsal.run(named("environment", "variables"))
    assert repository.made == {"dev": ["main"]}
    assert repository.values["STATE_DEV"] == "s3://state"
    assert repository.values.keys() == {
        *("AWS_REGION", "ATTESTATIONS", "CODE_SCANNING"),
        *(f"{name}_DEV" for name in ("STATE", "PLAN_ROLE", "DEPLOY_ROLE")),
    }
    assert rehearsal.undo(STEPS) == ["variables", "environment"]
    assert (repository.made, repository.values) == ({}, {})


def test_branch_is_protected_by_the_ruleset_of_the_file(rehearsal: Rehearsal, repository: SetUp, desk: Desk) -> None:
    (desk.root / ".github").mkdir(exist_ok=True)
    shutil.copy(RULESET, desk.root / ".github")
    rehearsal.run(named("branch-rules"))
    assert repository.ruleset == json.loads(RULESET.read_text())


def test_ruleset_that_github_does_not_apply_is_named(rehearsal: Rehearsal, repository: SetUp, desk: Desk) -> None:
    (desk.root / ".github").mkdir(exist_ok=True)
    shutil.copy(RULESET, desk.root / ".github")
    repository.failures = [Failure("POST", "/rulesets", 403)]
    with pytest.raises(RefusedError, match="Where it is forbidden: a private repository has rulesets"):
        rehearsal.run(named("branch-rules"))


@pytest.mark.parametrize(
    ("visibility", "bought", "before", "attestations", "code_scanning"),
    [
        ("public", {}, {}, "yes", "yes"),
        ("public", {}, {"ATTESTATIONS": "no", "CODE_SCANNING": "no"}, "yes", "yes"),
        ("private", {}, {}, "no", "no"),
        ("private", {}, {"ATTESTATIONS": "yes", "CODE_SCANNING": "yes"}, "yes", "no"),
        ("private", {"code_security": "enabled"}, {}, "no", "yes"),
        ("internal", {}, {}, "yes", "no"),
        ("internal", {"advanced_security": "enabled"}, {}, "yes", "yes"),
    ],
)
def test_two_variables_follow_the_plan_of_the_repository(
    visibility: str,
    bought: dict[str, str],
    before: dict[str, str],
    attestations: str,
    code_scanning: str,
    rehearsal: Rehearsal,
    repository: SetUp,
) -> None:
    repository.visibility, repository.features, repository.values = visibility, bought, before
    rehearsal.run(named("environment", "variables"))
    assert repository.values["ATTESTATIONS"] == attestations
    assert repository.values["CODE_SCANNING"] == code_scanning


def test_public_repository_without_both_variables_passes(rehearsal: Rehearsal, repository: SetUp) -> None:
    rehearsal.run(named("environment", "variables"))
    del repository.values["ATTESTATIONS"], repository.values["CODE_SCANNING"]
    rehearsal.run(named("variables"))
    assert {"ATTESTATIONS", "CODE_SCANNING"} & repository.values.keys() == set()


def test_repository_without_environments_is_named(rehearsal: Rehearsal, repository: SetUp) -> None:
    repository.has_environments = False
    with pytest.raises(RefusedError) as refused:
        rehearsal.run(named("environment", "variables"))
    assert str(refused.value).partition("\n")[0] == (
        "environment failed: `gh api -X` failed: gh: Not Found (HTTP 404). Where it is not found: a private repository "
        "has environments with Pro, Team or Enterprise only."
    )
    assert repository.values == {}


def test_token_for_another_repository_is_refused_before_any_change(desk: Desk, repository: SetUp) -> None:
    with pytest.raises(RefusedError, match="the roles trust that one only"):
        begin(desk, repository="acme/items-api").run(named("environment"))
    assert [method for method, _ in repository.requests if method != "GET"] == []


def test_missing_token_is_refused_before_any_change(
    desk: Desk, repository: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    with pytest.raises(RefusedError, match=r"GITHUB_TOKEN must be set, .*: export GITHUB_TOKEN="):
        begin(desk).run(named("environment"))
    assert repository.requests == []


def test_trust_step_rolls_back_to_the_serving_version(rehearsal: Rehearsal, repository: SetUp) -> None:
    rehearsal.run(named("trust"))
    assert repository.runs["rollback.yml"]["inputs"] == {"stack": "dev", "version": "1", "confirm": "roll back dev"}


def test_role_denied_to_a_workflow_is_a_difference(rehearsal: Rehearsal, repository: SetUp) -> None:
    repository.conclusion = "failure"
    with pytest.raises(RefusedError, match=r"Roll back: ended with failure \(fix: see https://github.example"):
        rehearsal.run(named("trust"))
    ((step, difference),) = rehearsal.progress.differences(["trust"])
    assert (step, difference.kind) == ("trust", "error")


def test_older_workflow_run_is_ignored(
    rehearsal: Rehearsal, repository: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.started("rollback.yml", created_at="2020-01-01T00:00:00Z")
    monkeypatch.setattr(repository, "started", lambda *_arguments, **_more: None)
    with pytest.raises(RefusedError, match=r"The workflow rollback\.yml has not begun after 0 s"):
        rehearsal.run(named("trust"))


@pytest.fixture
def committed(desk: Desk) -> Callable[..., None]:
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run([*git, "init", "--quiet"], cwd=desk.root, check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message", "a"], cwd=desk.root, check=True)
    return lambda: None


@pytest.mark.parametrize(
    ("conclusion", "problem"), [("success", ""), ("failure", "Deploy: failed: dev / Plan"), ("skipped", "")]
)
def test_deployment_counts_the_jobs_of_the_stack_only(
    rehearsal: Rehearsal, repository: SetUp, committed: object, conclusion: str, problem: str
) -> None:
    repository.started("deploy.yml")
    repository.jobs = [
        {"name": "Build once", "conclusion": "success"},
        {"name": "dev / Plan", "conclusion": conclusion},
        {"name": "staging / Plan", "conclusion": "failure"},
    ]
    if problem:
        with pytest.raises(RefusedError, match=re.escape(problem)):
            rehearsal.run(named("merge"))
    else:
        rehearsal.run(named("merge"))


def test_pull_request_with_failed_checks_is_named(rehearsal: Rehearsal, repository: SetUp) -> None:
    repository.conclusion = "failure"
    repository.started("pull-request.yml")
    with pytest.raises(RefusedError, match="Pull request: ended with failure"):
        rehearsal.run(named("pull-request"))


def test_variables_match_the_guide(root: Path) -> None:
    guide = (root / "docs" / "pipeline.md").read_text()
    (step,) = named("variables")
    ours = {command.argv[3].replace("{STACK}", "DEV") for command in step.commands}
    said = re.findall(r'gh variable set (\w+) --body (?:eu-central-1|yes|"\$\(pulumi stack output)', guide)
    reviews = {"STATE_REVIEW", "DEPLOY_ROLE_REVIEW", "DESTROY_ROLE_REVIEW"}
    assert ours == set(said) - {*reviews, "PREVIEW_ROLE_DEV", "PROD_REVIEWERS"}
