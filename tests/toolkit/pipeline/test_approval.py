"""Prod is changed only with approval: by its environment's reviewers, or by a person on a list who starts the run."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.command_line import run_command
from tests.support.github_environments import Environment, reviewers
from tests.support.github_fake import REPOSITORY, Failure, Repository, github_fake
from toolkit.pipeline.approval import Decision, Run, approver_of, decide
from toolkit.pipeline.github.client import GitHub
from toolkit.pipeline.github.responses import EnvironmentReview
from toolkit.stacks.errors import RefusedError

BY_HAND, PUSH = "workflow_dispatch", "push"
LIST = '["Ana", "ben"]'


@pytest.fixture
def repository() -> Iterator[Repository]:
    with github_fake() as found:
        found.environments["prod"] = Environment([reviewers("ana")])
        yield found


def decided(repository: Repository, run: Run) -> Decision:
    return decide(run, "prod", GitHub(REPOSITORY, "token", repository.url, sleep=lambda _seconds: None))


@pytest.mark.parametrize("reviewers", ["", "no"])
@pytest.mark.parametrize("event", [PUSH, BY_HAND])
def test_prod_is_not_changed_where_no_approval_is_set_up(event: str, reviewers: str, repository: Repository) -> None:
    decision = decided(repository, Run(event, "ana", reviewers))
    assert not decision.approved
    assert decision.reason.startswith("prod is not changed, because no approval is set up: set PROD_REVIEWERS to yes")
    assert repository.requests == []


def test_prod_waits_for_a_reviewer_of_its_environment(repository: Repository) -> None:
    assert decided(repository, Run(PUSH, "ana", "yes")) == Decision(
        True, "prod waits for a reviewer of the environment prod."
    )


@pytest.mark.parametrize("rules", [[], [{"type": "wait_timer"}], [reviewers()]])
def test_claimed_reviewers_that_the_environment_does_not_have_are_refused(
    rules: list[dict[str, object]], repository: Repository
) -> None:
    repository.environments["prod"].rules = rules
    with pytest.raises(RefusedError, match="the environment prod has no required reviewers, so prod would not wait"):
        decided(repository, Run(PUSH, "ana", "yes"))


def test_claimed_reviewers_of_a_missing_environment_are_refused(repository: Repository) -> None:
    repository.environments.clear()
    with pytest.raises(RefusedError, match="there is no environment prod"):
        decided(repository, Run(PUSH, "ana", "yes"))


def test_claimed_reviewers_that_cannot_be_read_are_refused(repository: Repository) -> None:
    repository.failures = [Failure("GET", "/environments/prod", 403, message="Resource not accessible by integration")]
    with pytest.raises(RefusedError, match="The token may not do this"):
        decided(repository, Run(PUSH, "ana", "yes"))


@pytest.mark.parametrize("value", ["true", "Yes", "ana"])
def test_invalid_value_of_the_reviewers_variable_is_refused(value: str, repository: Repository) -> None:
    with pytest.raises(RefusedError, match=f"PROD_REVIEWERS is '{value}': write yes"):
        decided(repository, Run(PUSH, "ana", value))


@pytest.mark.parametrize(
    ("event", "actor", "approved", "start"),
    [
        (BY_HAND, "ana", True, "prod may be changed: ana, who started this run, is on the list PROD_APPROVERS."),
        (BY_HAND, "BEN", True, "prod may be changed: BEN"),
        (BY_HAND, "be", False, "prod is not changed: one of Ana, ben (PROD_APPROVERS) has to start this workflow"),
        (BY_HAND, "eve", False, "prod is not changed"),
        (PUSH, "ana", False, "prod is not changed"),
    ],
)
@pytest.mark.parametrize("reviewers", ["", "yes"])
def test_list_of_approvers_decides_also_where_there_are_reviewers(
    event: str, actor: str, approved: bool, start: str, reviewers: str, repository: Repository
) -> None:
    decision = decided(repository, Run(event, actor, reviewers, LIST))
    assert (decision.approved, decision.reason.startswith(start)) == (approved, True)


@pytest.mark.parametrize("text", ["ana", '"ana"', '{"ana": 1}', "[1]", '[""]', "[", "[]"])
def test_malformed_list_of_approvers_of_prod_is_refused(text: str, repository: Repository) -> None:
    with pytest.raises(RefusedError, match=r"write a JSON list of accounts on GitHub, such as \[\"ana\", \"ben\"\]"):
        decided(repository, Run(BY_HAND, "ana", approvers=text))


@pytest.fixture
def in_workflow(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The variables of a run that Ben started by hand."""
    environment = {"TOKEN": "t", "REPOSITORY": REPOSITORY, "API_URL": repository.url}
    for name, value in {**environment, "EVENT_NAME": BY_HAND, "TRIGGERING_ACTOR": "ben"}.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    return monkeypatch


@pytest.mark.parametrize("required", [[], ["--required"]])
def test_approval_command_reads_the_variables_of_the_workflow(
    required: list[str], in_workflow: pytest.MonkeyPatch
) -> None:
    in_workflow.setenv("PROD_APPROVERS", LIST)
    ended = run_command("approval", "prod", *required)
    assert (ended.exit_code, ended.output) == (
        0,
        "prod may be changed: ben, who started this run, is on the list PROD_APPROVERS.\n",
    )


@pytest.mark.parametrize("required", [[], ["--required"]])
def test_approval_command_refuses_a_malformed_list(required: list[str], in_workflow: pytest.MonkeyPatch) -> None:
    in_workflow.setenv("PROD_APPROVERS", "ben")
    assert run_command("approval", "prod", *required).exit_code == 1


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "prod is not changed, because no approval is set up: set PROD_REVIEWERS to yes"),
        ({"PROD_REVIEWERS": "no"}, "prod is not changed, because no approval is set up"),
        ({"PROD_APPROVERS": '["ana"]'}, "prod is not changed: one of ana (PROD_APPROVERS) has to start this workflow"),
    ],
)
def test_missing_required_approval_exits_with_1(
    variables: dict[str, str], said: str, in_workflow: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        in_workflow.setenv(name, value)
    asked = run_command("approval", "prod")
    assert (asked.exit_code, asked.stdout.startswith(said)) == (0, True)
    required = run_command("approval", "prod", "--required")
    assert (required.exit_code, required.stdout, required.stderr.startswith(f"error: {said}")) == (1, "", True)
    assert required.stderr.count("\n") == 1


def test_required_approval_is_refused_if_the_environment_has_no_reviewers(
    repository: Repository, in_workflow: pytest.MonkeyPatch
) -> None:
    in_workflow.setenv("PROD_REVIEWERS", "yes")
    assert run_command("approval", "prod", "--required").exit_code == 0
    repository.environments["prod"] = Environment()
    assert run_command("approval", "prod", "--required").exit_code == 1


STARTED_BY_ANA = Run("workflow_dispatch", "Ana")


@dataclass
class Reviewed:
    """A repository whose run has these reviews."""

    reviews: list[dict[str, Any]]

    def all(self, path: str, form: type[EnvironmentReview]) -> Iterator[EnvironmentReview]:
        assert path == "/actions/runs/7/approvals"
        return map(form.model_validate, self.reviews)


def review(login: str | None, state: str = "approved", environment: str = "prod") -> dict[str, Any]:
    return {"state": state, "environments": [{"name": environment}], "user": login and {"login": login}}


def approver(*reviews: dict[str, Any], run: Run = STARTED_BY_ANA) -> str:
    return approver_of(run, "7", "prod", Reviewed(list(reviews)))  # type: ignore[arg-type] # it reads lists alone


def test_reviewers_who_approved_are_named_once() -> None:
    assert approver(review("ben"), review("ben"), review("cy")) == "ben, cy"


def test_rejected_reviews_and_other_environments_do_not_count() -> None:
    others = (review("ben", state="rejected"), review("cy", environment="staging"))
    assert approver(*others) == "no person: prod requires no approval"


def test_deleted_account_of_a_reviewer_is_named_as_such() -> None:
    assert approver(review(None)) == "a deleted account"


def test_listed_person_who_started_the_run_is_the_approver() -> None:
    run = Run("workflow_dispatch", "Ana", approvers='["ana"]')
    assert approver(run=run) == "Ana, who started the run"


def test_malformed_list_of_approvers_is_refused() -> None:
    with pytest.raises(RefusedError):
        approver(run=Run("workflow_dispatch", "Ana", approvers="ana"))
