"""Branch rules and environments of reviews that protect less than they should are named, each with its fix."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.github_environments import Environment, reviewers
from tests.support.github_fake import REPOSITORY, RULESET, Repository, github_fake
from toolkit.pipeline.doctor.model import CheckResult
from toolkit.pipeline.doctor.protection import VARIABLES, check_branch_rules, check_reviews
from toolkit.pipeline.github.client import GitHub

ROOT = RULESET.parents[1]
SET_UP = dict.fromkeys(VARIABLES, "set")


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """A repository whose main and whose reviews are protected."""
    with github_fake() as found:
        for name, value in (("API_URL", found.url), ("REPOSITORY", REPOSITORY), ("TOKEN", "a-token")):
            monkeypatch.setenv(f"GITHUB_{name}", value)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        found.ruleset = copy.deepcopy(found.ruleset)
        found.environments = {
            "review": Environment([reviewers("ana")], branches=None, admins_bypass=False),
            "review-cleanup": Environment(),
        }
        yield found


def rules() -> CheckResult:
    (check,) = check_branch_rules(GitHub.of_environment(), ROOT)
    assert bool(check.fix) != check.ok
    return check


def parameters(repository: Repository, kind: str) -> dict[str, Any]:
    (found,) = (rule["parameters"] for rule in repository.ruleset["rules"] if rule["type"] == kind)
    assert isinstance(found, dict)
    return found


def test_ruleset_of_the_repository_passes(repository: Repository) -> None:
    assert rules().ok


def test_stricter_ruleset_passes(repository: Repository) -> None:
    parameters(repository, "pull_request")["required_approving_review_count"] = 2
    repository.ruleset["rules"].append({"type": "required_signatures"})
    parameters(repository, "required_status_checks")["required_status_checks"].append({"context": "Other"})
    assert rules().ok


@pytest.mark.parametrize(
    "name",
    [
        *("dismiss_stale_reviews_on_push", "require_code_owner_review", "require_last_push_approval"),
        "required_review_thread_resolution",
    ],
)
def test_disabled_requirement_is_reported(repository: Repository, name: str) -> None:
    parameters(repository, "pull_request")[name] = False
    assert rules().detail == f"lack {name}"


def test_too_few_required_approvals_are_reported(repository: Repository) -> None:
    parameters(repository, "pull_request")["required_approving_review_count"] = 0
    assert rules().detail == "lack required_approving_review_count 1"


def test_missing_required_check_is_reported(repository: Repository) -> None:
    checks = parameters(repository, "required_status_checks")
    checks["required_status_checks"] = [
        each for each in checks["required_status_checks"] if each["context"] != "Engine"
    ]
    assert rules().detail == "lack the check Engine"


@pytest.mark.parametrize("kind", ["deletion", "non_fast_forward", "pull_request", "required_status_checks"])
def test_missing_rule_is_reported(repository: Repository, kind: str) -> None:
    repository.ruleset["rules"] = [rule for rule in repository.ruleset["rules"] if rule["type"] != kind]
    assert rules().detail == f"lack {kind}"


def test_repository_without_rules_is_reported_with_every_rule(repository: Repository) -> None:
    repository.ruleset["rules"] = []
    assert rules().detail == "lack deletion, non_fast_forward, pull_request, required_status_checks"


def test_bypass_is_reported(repository: Repository) -> None:
    repository.ruleset["bypass_actors"] = [{"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"}]
    assert rules().detail == "ruleset 5 has bypass actors"


def test_bypass_that_the_token_cannot_read_does_not_pass(repository: Repository) -> None:
    del repository.ruleset["bypass_actors"]
    assert rules().detail == "ruleset 5 does not show its bypass actors"


def failed_checks(variables: dict[str, str]) -> dict[str, str]:
    checks = list(check_reviews(GitHub.of_environment(), variables))
    assert checks
    assert all(bool(check.fix) != check.ok for check in checks)
    return {check.name: check.detail for check in checks if not check.ok}


def test_protected_review_environments_pass(repository: Repository) -> None:
    assert failed_checks(SET_UP) == {}


def test_review_environments_are_not_checked_before_they_are_set_up(repository: Repository) -> None:
    assert failed_checks({}) == {}
    assert repository.requests == []


def test_missing_variable_of_reviews_is_reported(repository: Repository) -> None:
    assert failed_checks({**SET_UP, "DESTROY_ROLE_REVIEW": ""}) == {"Variable DESTROY_ROLE_REVIEW": "is not set"}


def change(name: str, **values: Any) -> Callable[[Repository], None]:
    def changed(repository: Repository) -> None:
        for key, value in values.items():
            setattr(repository.environments[name], key, value)

    return changed


@pytest.mark.parametrize(
    ("weaken", "name", "said"),
    [
        (
            change("review", rules=[]),
            "review",
            "has no required reviewers, so every pull request takes the deploy role",
        ),
        (
            change("review", rules=[{**reviewers("ana"), "prevent_self_review": False}]),
            "review",
            "lets a reviewer approve a run of their own",
        ),
        (change("review", admins_bypass=True), "review", "lets administrators bypass its reviewers"),
        (
            lambda repository: repository.environments.pop("review"),
            "review",
            "is missing, so the first job that names it creates it without reviewers",
        ),
        (change("review-cleanup", branches=None), "review-cleanup", "allows other branches than main"),
        (change("review-cleanup", branches=["main", "*"]), "review-cleanup", "allows other branches than main"),
        (
            change("review-cleanup", rules=[reviewers("ana")]),
            "review-cleanup",
            "requires reviewers, so stacks remain until one approves",
        ),
        (
            lambda repository: repository.environments.pop("review-cleanup"),
            "review-cleanup",
            "is missing, so the first job that names it creates it for every branch",
        ),
    ],
)
def test_environment_with_less_protection_is_reported(
    repository: Repository, weaken: Callable[[Repository], None], name: str, said: str
) -> None:
    weaken(repository)
    assert failed_checks(SET_UP) == {f"Environment {name}": said}


def test_required_check_without_an_app_is_reported(repository: Repository) -> None:
    assert rules().ok
    (demanded,) = (each for each in repository.ruleset["rules"] if each["type"] == "required_status_checks")
    del demanded["parameters"]["required_status_checks"][0]["integration_id"]
    assert "the source of the check Checks (integration_id 15368)" in rules().detail
