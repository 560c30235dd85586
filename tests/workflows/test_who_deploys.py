"""Who deploys what, by the expressions of the workflows: evaluated for every kind of run."""

from typing import Any

import pytest

from tests.workflows.evaluation import condition_holds, evaluated
from tests.workflows.workflow_files import EXPRESSION, job_named

BY_HAND, PUSH = "workflow_dispatch", "push"
LIST = '["Ana", "ben"]'


def run(event: str, actor: str = "ana", visibility: str = "public", **variables: str) -> dict[str, Any]:
    github = {
        "event_name": event,
        "triggering_actor": actor,
        "repository": "example/items-api",
        "event": {"repository": {"visibility": visibility}},
    }
    return {"github": github, "vars": variables}


def applied(stack: str, contexts: dict[str, Any]) -> bool:
    written = job_named("deploy", stack).content["with"]["apply"]
    inside = EXPRESSION.fullmatch(written)
    return bool(evaluated(inside[1] if inside else written, contexts))


@pytest.mark.parametrize("event", [PUSH, BY_HAND])
@pytest.mark.parametrize("variables", [{}, {"PROD_REVIEWERS": "no"}, {"PROD_REVIEWERS": "true"}])
def test_prod_is_only_planned_by_default(event: str, variables: dict[str, str]) -> None:
    assert not applied("prod", run(event, **variables))


@pytest.mark.parametrize("event", [PUSH, BY_HAND])
def test_prod_waits_for_its_environment_where_reviewers_are_set_up(event: str) -> None:
    assert applied("prod", run(event, PROD_REVIEWERS="yes"))


@pytest.mark.parametrize("reviewers", ["", "yes"])
@pytest.mark.parametrize(
    ("event", "actor", "deploys"),
    [
        (BY_HAND, "ana", True),
        (BY_HAND, "ben", True),
        (BY_HAND, "eve", False),
        (BY_HAND, "be", False),
        (PUSH, "ana", False),
    ],
)
def test_list_of_approvers_decides_who_deploys_prod_by_hand(
    event: str, actor: str, deploys: bool, reviewers: str
) -> None:
    assert applied("prod", run(event, actor, PROD_REVIEWERS=reviewers, PROD_APPROVERS=LIST)) == deploys


@pytest.mark.parametrize("approvers", ["ana, ben", "[]", '"ana, ben"', "*"])
def test_list_that_is_no_list_deploys_prod_for_no_account(approvers: str) -> None:
    for actor in ("ana", "an", ""):
        assert not applied("prod", run(BY_HAND, actor, PROD_REVIEWERS="yes", PROD_APPROVERS=approvers))


@pytest.mark.parametrize("stack", ["dev", "staging"])
def test_stacks_before_prod_are_deployed_by_every_run(stack: str) -> None:
    assert job_named("deploy", stack).content["with"]["apply"] == "true"
    assert job_named("deploy", stack).content["with"]["skip-unchanged"] == "false"


@pytest.mark.parametrize(
    ("workflow", "job"), [("deploy-stack", "deploy"), ("destroy", "destroy"), ("rollback", "roll-back")]
)
@pytest.mark.parametrize(("stack", "asked"), [("dev", False), ("staging", False), ("prod", True)])
def test_approval_is_asked_for_prod_alone(workflow: str, job: str, stack: str, asked: bool) -> None:
    (step,) = (step for step in job_named(workflow, job).steps if step["name"] == "Check the approval")
    assert condition_holds(step["if"], {"inputs": {"stack": stack}}, "success") == asked


@pytest.mark.parametrize(
    ("apply", "skip", "changes", "deploys"),
    [
        (True, True, "true", True),
        (True, True, "false", False),
        (True, True, "", True),
        (True, False, "false", True),
        (False, False, "true", False),
    ],
)
def test_plan_without_changes_is_neither_approved_nor_deployed(
    apply: bool, skip: bool, changes: str, deploys: bool
) -> None:
    contexts = {
        "inputs": {"apply": apply, "skip-unchanged": skip},
        "needs": {"plan": {"outputs": {"changes": changes}}},
    }
    assert condition_holds(job_named("deploy-stack", "deploy").content["if"], contexts, "success") == deploys


@pytest.mark.parametrize(("event", "skips"), [(PUSH, True), (BY_HAND, False)])
def test_person_finishes_a_deployment_of_prod_that_stopped_half_way(event: str, skips: bool) -> None:
    inside = EXPRESSION.fullmatch(job_named("deploy", "prod").content["with"]["skip-unchanged"])
    assert inside
    assert evaluated(inside[1], run(event)) == skips


@pytest.mark.parametrize(
    ("visibility", "variable", "attests"),
    [
        ("public", "", True),
        ("internal", "", True),
        ("private", "", False),
        ("private", "yes", True),
        ("public", "no", False),
        ("private", "no", False),
        ("private", "true", False),
    ],
)
def test_package_is_attested_and_verified_where_the_repository_has_attestations(
    visibility: str, variable: str, attests: bool
) -> None:
    contexts = run(PUSH, visibility=visibility, ATTESTATIONS=variable)
    for job, name in (
        (job_named("deploy", "attest"), "Where it comes from"),
        (job_named("deploy", "attest"), "What it is made of"),
        (job_named("deploy-stack", "deploy"), "Verify the attestation of the package"),
    ):
        (step,) = (step for step in job.steps if step["name"] == name)
        assert condition_holds(step["if"], contexts, "success") == attests
    (step,) = (step for step in job_named("deploy", "build").steps if step["name"] == "Report missing attestations")
    assert condition_holds(step["if"], contexts, "success") != attests


@pytest.mark.parametrize(
    ("visibility", "variable", "event", "uploads"),
    [
        ("public", "", PUSH, True),
        ("public", "no", PUSH, False),
        ("private", "", PUSH, False),
        ("internal", "", PUSH, False),
        ("private", "yes", PUSH, True),
        ("public", "yes", "merge_group", False),
    ],
)
def test_findings_go_to_code_scanning_where_the_repository_has_it(
    visibility: str, variable: str, event: str, uploads: bool
) -> None:
    contexts = run(event, visibility=visibility, CODE_SCANNING=variable)
    assert condition_holds(job_named("security", "upload").content["if"], contexts, "success") == uploads


@pytest.mark.parametrize(("event", "role", "sweeps"), [("schedule", "", False), ("schedule", "arn", True)])
def test_sweep_runs_only_where_review_stacks_are_set_up(event: str, role: str, sweeps: bool) -> None:
    contexts = run(event, DESTROY_ROLE_REVIEW=role)
    assert condition_holds(job_named("review-cleanup", "sweep").content["if"], contexts, "success") == sweeps


@pytest.mark.parametrize(
    ("name", "runs"), [("checks", True), ("offline", True), ("preview", False), ("dossier", False)]
)
def test_merge_queue_runs_what_needs_neither_a_pull_request_nor_a_role(name: str, runs: bool) -> None:
    contexts = run("merge_group")
    assert condition_holds(job_named("pull-request", name).content.get("if"), contexts, "success") == runs


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"base": {"ref": {"from": "feature"}}}, True),
        ({"title": {"from": "a"}}, False),
        ({"body": {"from": ""}}, False),
    ],
)
def test_only_another_base_asks_for_new_checks(changes: dict[str, Any], says: bool) -> None:
    condition = job_named("retargeted", "another-base").content["if"]
    assert condition_holds(condition, {"github": {"event": {"changes": changes}}}, "success") == says
