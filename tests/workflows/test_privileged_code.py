"""Attacks on the pipeline by a person who may push, label and write records: no code but main's runs with a role."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.accounts import ACCOUNTS
from tests.support.github_tokens import MAIN, Token, assumable_roles
from tests.workflows.evaluation import condition_holds
from tests.workflows.fake_actions import Others, calls_of, path_with, write_programs
from tests.workflows.rehearsal import COMMIT, VARIABLES, Rehearsal
from tests.workflows.runner import Runner
from tests.workflows.workflow_files import ACTION_JOBS, JOBS, WORKFLOWS, Job, job_named, texts

PRIVILEGED = [job for job in JOBS if "write" in job.permissions.values()]
OLDER, HOSTILE = "1" * 40, "feature;touch${IFS}pwned"
EVENTS = ("synchronize", "unlabeled", "closed", "labeled", "opened", "edited")
"""Events of a pull request, by any person."""


def checkouts(job: Job) -> list[dict[str, str]]:
    return [step["with"] for step in job.steps if step.get("uses", "").startswith("actions/checkout@")]


@pytest.mark.parametrize("job", PRIVILEGED, ids=str)
def test_job_with_a_role_or_a_write_token_checks_out_the_commit_of_its_event(job: Job) -> None:
    """Which main protects; a ref could come from a record, an input or a comment that any person can write."""
    for given in checkouts(job):
        assert given.keys() <= {"persist-credentials", "fetch-depth"}
    scripts = "\n".join(step.get("run", "") for step in job.steps)
    assert not re.search(r"git (fetch|pull|checkout|clone|worktree|archive)|gh (pr checkout|repo clone)", scripts)


@pytest.mark.parametrize("job", [job for job in PRIVILEGED if "id-token" in job.permissions], ids=str)
def test_job_with_a_role_asks_for_no_record_of_a_deployment(job: Job) -> None:
    assert "deployments" not in job.permissions
    assert not [
        text for text in texts(dict(job.content)) if re.search(r"deployments|github\.event\.(deployment|comment)", text)
    ]


def test_forged_record_of_a_deployment_changes_nothing_about_drift(source: Path, tmp_path: Path) -> None:
    """GitHub would answer with a commit of the attacker's; the job asks nothing and compares by main's code."""
    run = Rehearsal(source, tmp_path, {"event_name": "schedule"}, VARIABLES)
    (run.programs / "gh").write_text(f'#!/bin/bash\necho "gh $*" >> "$(dirname "$0")/calls"\necho {"6" * 40}\n')
    assert run.run("drift", {}) == "success", run.transcript

    assert [call for call in calls_of(run.programs) if call.startswith("gh ")] == []
    assert run.calls[:3] == [f"drift -- {stack}" for stack in ACCOUNTS]
    assert checkouts(job_named("drift", "drift")) == [{"persist-credentials": "false"}]


@pytest.mark.parametrize(
    ("variables", "runs"),
    [({}, False), ({"PLAN_ROLE_DEV": "a-role"}, True), ({"PLAN_ROLE_PROD": "a-role"}, True)],
)
def test_drift_of_a_repository_that_is_not_set_up_is_skipped_as_a_whole(variables: dict[str, str], runs: bool) -> None:
    """Where one stack is set up, the job of another one fails: none passes that compared nothing."""
    condition = job_named("drift", "drift").content["if"]
    assert condition_holds(condition, {"vars": variables}, "success") == runs


ENVIRONMENTS = (None, "dev", "staging", "prod", "review-cleanup", "a-new-one")
"""What a pull request's own workflow can name without a reviewer of the environment `review`."""


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("ref", ["refs/pull/7/merge", "refs/pull/7/head", "refs/heads/feature", "refs/tags/main"])
@pytest.mark.parametrize("immutable", [False, True], ids=["classic", "immutable"])
def test_workflow_that_a_pull_request_edits_takes_no_role_but_preview(
    environment: str | None, ref: str, immutable: bool
) -> None:
    merged = ref == "refs/pull/7/merge"
    context = f"environment:{environment}" if environment else "pull_request" if merged else f"ref:{ref}"
    token = Token(context, ref, environment)
    for stack in ACCOUNTS:
        taken = assumable_roles(token, stack, ("preview", "plan", f"deploy-{stack}"), immutable=immutable)
        assert taken == ({"preview"} if merged and environment is None else set())
    assert assumable_roles(token, "review", ("deploy-review", "destroy-review"), immutable=immutable) == set()


def test_label_alone_deploys_nothing() -> None:
    """With and without write access of the person: the job waits in the environment with reviewers."""
    job = job_named("review-stack", "up")
    assert WORKFLOWS["review-stack"]["on"] == {"pull_request": {"types": ["labeled"]}}
    assert job.environment == "review"
    token = Token("pull_request", "refs/pull/7/merge")
    assert assumable_roles(token, "review", ("deploy-review",), immutable=True) == set()


@pytest.mark.parametrize("action", EVENTS)
@pytest.mark.parametrize("label", ["review-stack", "other"])
def test_only_the_label_asks_for_a_stack(action: str, label: str) -> None:
    asked = action in WORKFLOWS["review-stack"]["on"]["pull_request"]["types"] and condition_holds(
        job_named("review-stack", "up").content["if"], contexts(action, label=label), "success"
    )
    assert asked == ((action, label) == ("labeled", "review-stack"))


def contexts(action: str, repository: str = "example/items-api", label: str = "review-stack") -> dict[str, Any]:
    head = {"repo": {"full_name": repository}, "ref": HOSTILE, "sha": COMMIT}
    request = {"number": 7, "head": head, "labels": [{"name": "review-stack"}]}
    event = {"action": action, "label": {"name": label}, "pull_request": request}
    github = {"event_name": "pull_request_target", "repository": "example/items-api", "event": event, "ref": MAIN}
    return {"github": github, "vars": VARIABLES}


@pytest.mark.parametrize("job", [job for job in JOBS if job.workflow == "review-cleanup"], ids=str)
def test_pull_request_of_a_fork_starts_no_job_of_the_cleanup(job: Job) -> None:
    for action in EVENTS:
        assert not condition_holds(job.content["if"], contexts(action, "ben/items-api"), "success")


def test_cleanup_runs_nothing_of_the_repository_with_a_token_that_writes() -> None:
    """And what runs with a role there is main's: a job for `pull_request_target` runs at the default branch."""
    job = job_named("review-cleanup", "withdraw")
    assert [step["uses"].partition("@")[0] for step in job.steps if "uses" in step] == ["step-security/harden-runner"]
    assert "id-token" not in job.permissions
    for other in (each for each in JOBS if each.workflow == "review-cleanup" and each.name != "withdraw"):
        assert other.permissions == {"contents": "read", "id-token": "write"}
        assert not [
            text for text in texts(dict(other.content)) if "pull_request.head.sha" in text or "head.ref" in text
        ]


def withdraw(action: str, tmp_path: Path, waiting: list[dict[str, str]]) -> list[str]:
    """The calls of `gh` when the event happens while these runs wait."""
    jq = f"jq -r \"${{@: -1}}\" <<< '{json.dumps({'workflow_runs': waiting})}'"
    programs = write_programs(tmp_path / "programs", gh=f'case "$*" in *" -f status=waiting "*) {jq} ;; esac\n')
    others = Others(tmp_path, tmp_path / "artifacts", {})
    runner = Runner(tmp_path / "machine", others.actions(), path_with(programs), contexts=contexts(action))
    ended = runner.run(job_named("review-cleanup", "withdraw"))
    assert ended.status == "success", ended.transcript
    assert not [file for file in tmp_path.rglob("*") if "pwned" in file.name]
    return [call for call in calls_of(programs) if call.startswith("gh ")]


WAITING = [
    {"id": "1", "head_sha": OLDER, "event": "pull_request"},
    {"id": "2", "head_sha": COMMIT, "event": "pull_request"},
    {"id": "3", "head_sha": OLDER, "event": "pull_request_review"},
    {"id": "4", "head_sha": OLDER, "event": "push"},
]
"""The last one waits for the approval of prod, which no pull request takes away."""


@pytest.mark.parametrize(
    ("action", "cancelled", "unlabelled"),
    [("synchronize", ["1", "3"], True), ("unlabeled", ["1", "2", "3"], False), ("closed", ["1", "2", "3"], False)],
)
def test_push_takes_label_and_waiting_approvals_of_older_commits_away(
    action: str, cancelled: list[str], unlabelled: bool, tmp_path: Path
) -> None:
    calls = withdraw(action, tmp_path, WAITING)
    runs = "gh api --method POST repos/example/items-api/actions/runs"
    assert [call for call in calls if "POST" in call] == [f"{runs}/{id}/cancel" for id in cancelled]
    label = "gh api --method DELETE repos/example/items-api/issues/7/labels/review-stack"
    assert (label in calls) == unlabelled
    assert any(f"-f branch={HOSTILE} " in call for call in calls)


def test_actions_of_the_repository_take_no_ref() -> None:
    assert [job for job in ACTION_JOBS if checkouts(job)] == []
