"""Prod is deployed only with approval: by its environment's reviewers, or by a person on a list who starts the run."""

from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from pipeline.__main__ import app
from pipeline.approval import Run, decide
from pipeline.errors import RefusedError
from pipeline.github import GitHub
from tests.support.github_environments import Environment, reviewers
from tests.support.github_stand_in import REPOSITORY, Failure, Repository, github_stand_in

BY_HAND, PUSH = "workflow_dispatch", "push"
LIST = '["Ana", "ben"]'


@pytest.fixture
def repository() -> Iterator[Repository]:
    with github_stand_in() as found:
        found.environments["prod"] = Environment([reviewers("ana")])
        yield found


def said(repository: Repository, run: Run) -> str:
    return decide(run, "prod", GitHub(REPOSITORY, "token", repository.url, sleep=lambda _seconds: None))


@pytest.mark.parametrize("reviewers", ["", "no"])
@pytest.mark.parametrize("event", [PUSH, BY_HAND])
def test_prod_is_only_planned_where_no_approval_is_set_up(event: str, reviewers: str, repository: Repository) -> None:
    sentence = said(repository, Run(event, "ana", reviewers))
    assert sentence.startswith("prod is only planned, because no approval is set up: set PROD_REVIEWERS to yes")
    assert repository.requests == []


def test_reviewers_of_the_environment_are_asked(repository: Repository) -> None:
    assert (
        said(repository, Run(PUSH, "ana", "yes")) == "prod is deployed once a reviewer of the environment prod agrees."
    )


@pytest.mark.parametrize("rules", [[], [{"type": "wait_timer"}], [reviewers()]])
def test_claimed_reviewers_that_the_environment_does_not_ask_are_refused(
    rules: list[dict[str, object]], repository: Repository
) -> None:
    repository.environments["prod"].rules = rules
    with pytest.raises(RefusedError, match="the environment prod has no required reviewers, so prod would not wait"):
        said(repository, Run(PUSH, "ana", "yes"))


def test_claimed_reviewers_of_a_missing_environment_are_refused(repository: Repository) -> None:
    repository.environments.clear()
    with pytest.raises(RefusedError, match="there is no environment prod"):
        said(repository, Run(PUSH, "ana", "yes"))


def test_claimed_reviewers_that_cannot_be_read_are_refused(repository: Repository) -> None:
    repository.failures = [Failure("GET", "/environments/prod", 403)]
    with pytest.raises(RefusedError, match="The token may not do this"):
        said(repository, Run(PUSH, "ana", "yes"))


@pytest.mark.parametrize("value", ["true", "Yes", "ana"])
def test_another_value_of_the_variable_is_refused(value: str, repository: Repository) -> None:
    with pytest.raises(RefusedError, match=f"PROD_REVIEWERS is '{value}': write yes"):
        said(repository, Run(PUSH, "ana", value))


@pytest.mark.parametrize(
    ("event", "actor", "start"),
    [
        (BY_HAND, "ana", "prod is deployed: ana, who started this run, is on the list"),
        (BY_HAND, "BEN", "prod is deployed: BEN"),
        (BY_HAND, "be", "prod is only planned, until one of Ana, ben"),
        (BY_HAND, "eve", "prod is only planned"),
        (PUSH, "ana", "prod is only planned"),
    ],
)
@pytest.mark.parametrize("reviewers", ["", "yes"])
def test_list_of_approvers_decides_also_where_there_are_reviewers(
    event: str, actor: str, start: str, reviewers: str, repository: Repository
) -> None:
    assert said(repository, Run(event, actor, reviewers, LIST)).startswith(start)


@pytest.mark.parametrize("text", ["ana", '"ana"', '{"ana": 1}', "[1]", '[""]', "[", "[]"])
def test_list_of_approvers_that_is_no_list_of_names_is_refused(text: str, repository: Repository) -> None:
    with pytest.raises(RefusedError, match=r"write a JSON list of accounts on GitHub, such as \[\"ana\", \"ben\"\]"):
        said(repository, Run(BY_HAND, "ana", approvers=text))


def test_command_reads_what_the_workflow_sets(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"TOKEN": "t", "REPOSITORY": REPOSITORY, "API_URL": repository.url}
    for name, value in {**environment, "EVENT_NAME": BY_HAND, "TRIGGERING_ACTOR": "ben"}.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    monkeypatch.setenv("PROD_APPROVERS", LIST)
    ended = CliRunner().invoke(app, ["approval", "--stack", "prod"])
    assert (ended.exit_code, ended.output) == (
        0,
        "prod is deployed: ben, who started this run, is on the list PROD_APPROVERS.\n",
    )
    monkeypatch.setenv("PROD_APPROVERS", "ben")
    assert CliRunner().invoke(app, ["approval", "--stack", "prod"]).exit_code == 1
