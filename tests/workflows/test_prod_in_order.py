"""What reaches prod, from its event to its last job: a deployment, a rollback, a destruction, and who approves them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.github_environments import Environment, reviewers
from tests.support.github_fake import Repository, github_fake
from tests.workflows.rehearsal import VARIABLES, Rehearsal

DEPLOYED = [
    "plan -- {0}",
    "deploy --plan build/plan/{0} -- {0}",
    "smoke -- {0}",
    "compliance --deployed -- {0}",
]
BUILT = ["package dev", "sbom dev"]
TO_STAGING = [*BUILT, *(call.format(stack) for stack in ("dev", "staging") for call in DEPLOYED)]
APPROVAL = "approval prod"
REQUIRED = "approval --required -- prod"
TO_PROD = [DEPLOYED[0].format("prod"), REQUIRED, *(call.format("prod") for call in DEPLOYED[1:])]
TYPED = {"event_name": "workflow_dispatch"}
BY_HAND: dict[str, tuple[str, dict[str, str], list[str]]] = {
    "a rollback": (
        "rollback",
        {"confirm": "roll back prod", "version": ""},
        ["rollback -- prod", "smoke -- prod"],
    ),
    "a destruction": ("destroy", {"confirm": "destroy prod"}, ["destroy --yes -- prod"]),
}


@pytest.fixture
def repository() -> Iterator[Repository]:
    """One whose environment prod has reviewers."""
    with github_fake() as found:
        found.environments["prod"] = Environment([reviewers("ben")])
        yield found


def test_push_deploys_one_package_to_staging_and_plans_prod(source: Path, tmp_path: Path) -> None:
    run = Rehearsal(source, tmp_path, {"event_name": "push"}, {**VARIABLES, "PROD_APPROVERS": '["ana"]'})
    status = run.run("deploy", {})
    assert status == "success", run.transcript
    assert run.calls == [*TO_STAGING, APPROVAL, "plan -- prod"]
    assert run.ended["prod/deploy-stack/plan"].summary.endswith("\n\n- create `urn:a`\n")


def test_run_of_an_approver_deploys_prod(source: Path, tmp_path: Path) -> None:
    run = Rehearsal(source, tmp_path, TYPED, {**VARIABLES, "PROD_APPROVERS": '["ana"]'})
    status = run.run("deploy", {})
    assert status == "success", run.transcript
    assert run.calls == [*TO_STAGING, APPROVAL, *TO_PROD]


def test_push_without_changes_in_prod_needs_no_approval(source: Path, tmp_path: Path, repository: Repository) -> None:
    github = {"event_name": "push", "api_url": repository.url}
    run = Rehearsal(source, tmp_path, github, {**VARIABLES, "PROD_REVIEWERS": "yes"}, changes="false")
    assert run.run("deploy", {}) == "success", run.transcript
    assert run.calls == [*TO_STAGING, APPROVAL, "plan -- prod"]
    assert "Nothing changes in prod" in run.ended["prod/deploy-stack/plan"].summary


def test_a_job_of_prod_that_is_run_again_asks_github_again_who_reviews(
    source: Path, tmp_path: Path, repository: Repository
) -> None:
    github = {"event_name": "push", "api_url": repository.url}
    run = Rehearsal(source, tmp_path, github, {**VARIABLES, "PROD_REVIEWERS": "yes"})
    assert run.run("deploy", {}) == "success", run.transcript
    assert run.calls == [*TO_STAGING, APPROVAL, *TO_PROD]
    before = len(run.calls)
    repository.environments["prod"] = Environment()
    deploy = run.run_again("prod/deploy-stack/deploy")
    assert deploy.outcomes["Take the role"] == "skipped", deploy.transcript
    assert "the environment prod has no required reviewers" in deploy["Check the approval"].output
    assert run.calls[before:] == [REQUIRED]


@pytest.mark.parametrize(("workflow", "inputs", "calls"), BY_HAND.values(), ids=BY_HAND)
@pytest.mark.parametrize("variables", [{"PROD_APPROVERS": '["ana"]'}, {"PROD_REVIEWERS": "yes"}])
def test_prod_is_changed_only_by_an_approver_or_with_reviewers(
    workflow: str,
    inputs: dict[str, Any],
    calls: list[str],
    variables: dict[str, str],
    source: Path,
    tmp_path: Path,
    repository: Repository,
) -> None:
    run = Rehearsal(source, tmp_path, {**TYPED, "api_url": repository.url}, {**VARIABLES, **variables})
    assert run.run(workflow, {"stack": "prod", **inputs}) == "success", run.transcript
    assert run.calls == [REQUIRED, *calls]


@pytest.mark.parametrize("deed", BY_HAND)
@pytest.mark.parametrize(
    "variables", [{}, {"PROD_APPROVERS": '["ben"]'}, {"PROD_REVIEWERS": "yes"}], ids=["unset", "unlisted", "untrue"]
)
def test_prod_is_not_changed_by_hand_without_approval(
    deed: str, variables: dict[str, str], source: Path, tmp_path: Path, repository: Repository
) -> None:
    repository.environments["prod"] = Environment()
    workflow, inputs, _ = BY_HAND[deed]
    run = Rehearsal(source, tmp_path, {**TYPED, "api_url": repository.url}, {**VARIABLES, **variables})
    assert run.run(workflow, {"stack": "prod", **inputs}) == "failure", run.transcript
    assert run.calls == [REQUIRED]
    (ended,) = run.ended.values()
    assert ended.outcomes["Take the role"] == "skipped", run.transcript
