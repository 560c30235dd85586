"""What a repository on GitHub lacks is named with its fix; no answer holds the token."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.github_environments import Environment, reviewers
from tests.support.github_fake import REPOSITORY, RULESET, Failure, Repository, github_fake
from toolkit.pipeline.doctor.github import github
from toolkit.pipeline.doctor.model import CheckResult, Target

TOKEN = "a-secret-token"
BOOTSTRAP = """config:
  items-api-bootstrap:settings:
    repository: {owner: example, owner-id: 1000001, name: items-api, id: 2000002}
"""


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """A public repository that is set up for every stack."""
    with github_fake() as found:
        for name, value in (("API_URL", found.url), ("REPOSITORY", REPOSITORY), ("TOKEN", TOKEN)):
            monkeypatch.setenv(f"GITHUB_{name}", value)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        found.environments = {"dev": Environment(), "prod": Environment([reviewers("ana")])}
        for stack in ("DEV", "PROD"):
            for name in ("STATE", "PLAN_ROLE", "DEPLOY_ROLE"):
                found.variables[f"{name}_{stack}"] = f"the {name}"
        found.variables |= {"AWS_REGION": "eu-central-1", "CODE_SCANNING": "yes", "PROD_REVIEWERS": "yes"}
        yield found


@pytest.fixture
def target(tmp_path: Path) -> Target:
    folder = tmp_path / "infrastructure/bootstrap"
    folder.mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: items-api-bootstrap")
    (tmp_path / ".github").mkdir()
    shutil.copy(RULESET, tmp_path / ".github")
    for stack in ("dev", "prod", "review"):
        (folder / f"Pulumi.{stack}.yaml").write_text(BOOTSTRAP)
    return Target("prod", tmp_path, "eu-central-1", "123456789012", None)


def found(target: Target) -> dict[str, CheckResult]:
    checks = list(github(target))
    assert all(TOKEN not in f"{check.detail}{check.fix}" for check in checks)
    assert all(bool(check.fix) != check.ok for check in checks)
    return {check.name: check for check in checks}


def failed_checks(target: Target) -> dict[str, str]:
    return {name: check.detail for name, check in found(target).items() if not check.ok}


def test_complete_repository_passes(target: Target, repository: Repository) -> None:
    assert failed_checks(target) == {}
    assert len(found(target)) == 12


def test_repository_without_environments_gets_one_sentence(target: Target, repository: Repository) -> None:
    repository.environments = {}
    repository.variables |= {"PROD_REVIEWERS": "", "PROD_APPROVERS": '["ana"]'}
    assert failed_checks(target) == {"Environments": "the repository has none, so nothing can be deployed"}


def test_missing_environment_is_reported(target: Target, repository: Repository) -> None:
    del repository.environments["prod"]
    assert failed_checks(target) == {
        "Environment prod": "is missing",
        "Approval of prod": "PROD_REVIEWERS is yes, but there is no environment prod, or the token may not see it; see "
        "docs/pipeline.md, Approval of prod.",
    }


@pytest.mark.parametrize(
    ("branches", "words"),
    [(None, "every branch, or every protected one"), ([], "no branch"), (["main", "release/*"], "main, release/*")],
)
def test_environment_open_to_other_branches_is_reported(
    branches: list[str] | None, words: str, target: Target, repository: Repository
) -> None:
    repository.environments["prod"].branches = branches
    assert failed_checks(target) == {"Environment prod": f"deploys from {words}, not from main only"}


def test_claimed_reviewers_that_the_environment_does_not_have_are_reported(
    target: Target, repository: Repository
) -> None:
    repository.environments["prod"].rules = [{"id": 4, "type": "wait_timer", "wait_timer": 30}]
    assert "has no required reviewers, so prod would not wait" in failed_checks(target)["Approval of prod"]


def test_prod_without_approval_is_reported(target: Target, repository: Repository) -> None:
    del repository.variables["PROD_REVIEWERS"]
    assert failed_checks(target) == {"Approval of prod": "none is set up, so no workflow changes prod"}


def test_malformed_list_of_approvers_is_reported(target: Target, repository: Repository) -> None:
    repository.variables["PROD_APPROVERS"] = '"ana, ben"'
    assert "write a JSON list of accounts" in failed_checks(target)["Approval of prod"]


def test_variables_are_read_from_every_page_and_from_the_organization(target: Target, repository: Repository) -> None:
    repository.shared = {"AWS_REGION": repository.variables.pop("AWS_REGION")}
    repository.variables = {f"A_{number}": "other" for number in range(70)} | repository.variables
    assert failed_checks(target) == {}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("", {"Variable PREVIEW_ROLE_PROD": "is set, but the role decrypts no secrets, so the preview fails"}),
        ("    previews-read-secrets: true\n", {}),
    ],
)
def test_preview_role_without_decryption_is_reported(
    setting: str, said: dict[str, str], target: Target, repository: Repository
) -> None:
    file = target.root / "infrastructure/bootstrap/Pulumi.prod.yaml"
    file.write_text(file.read_text() + setting)
    repository.variables["PREVIEW_ROLE_PROD"] = "a-role"
    assert failed_checks(target) == said


def test_review_environments_are_checked_if_a_variable_is_set(target: Target, repository: Repository) -> None:
    repository.variables["DEPLOY_ROLE_REVIEW"] = "a-role"
    assert set(failed_checks(target)) == {
        *("Variable STATE_REVIEW", "Variable DESTROY_ROLE_REVIEW"),
        *("Environment review", "Environment review-cleanup"),
    }
    assert found(target)["Trusted repository of reviews"].ok


def test_missing_variables_are_reported(target: Target, repository: Repository) -> None:
    repository.variables["STATE_PROD"] = ""
    del repository.variables["AWS_REGION"]
    assert set(failed_checks(target)) == {"Variable STATE_PROD", "Variable AWS_REGION"}


@pytest.mark.parametrize(
    ("visibility", "bought", "variables", "names"),
    [
        ("public", {}, {"CODE_SCANNING": ""}, set()),
        ("public", {}, {"CODE_SCANNING": "no"}, {"Variable CODE_SCANNING"}),
        ("public", {}, {"CODE_SCANNING": "true"}, {"Variable CODE_SCANNING"}),
        ("public", {}, {"ATTESTATIONS": "no"}, {"Variable ATTESTATIONS"}),
        ("public", {}, {"ATTESTATIONS": "true"}, {"Variable ATTESTATIONS"}),
        ("private", {}, {}, {"Variable CODE_SCANNING"}),
        ("private", {}, {"CODE_SCANNING": ""}, set()),
        ("private", {}, {"CODE_SCANNING": "no", "ATTESTATIONS": "yes"}, set()),
        ("private", {"code_security": "enabled"}, {}, set()),
        ("private", {"advanced_security": "enabled"}, {"CODE_SCANNING": "no"}, {"Variable CODE_SCANNING"}),
        ("private", {"code_security": "enabled"}, {"CODE_SCANNING": ""}, {"Variable CODE_SCANNING"}),
        ("private", {"code_security": "disabled"}, {}, {"Variable CODE_SCANNING"}),
        ("internal", {}, {"CODE_SCANNING": ""}, set()),
        ("internal", {}, {}, {"Variable CODE_SCANNING"}),
        ("internal", {}, {"CODE_SCANNING": "", "ATTESTATIONS": "no"}, {"Variable ATTESTATIONS"}),
    ],
)
def test_features_of_the_repository_decide_two_variables(
    visibility: str,
    bought: dict[str, str],
    variables: dict[str, str],
    names: set[str],
    target: Target,
    repository: Repository,
) -> None:
    repository.visibility, repository.features = visibility, bought
    repository.variables |= variables
    assert set(failed_checks(target)) == names
    assert all("gh variable set" in found(target)[name].fix for name in names)


@pytest.mark.parametrize(
    "subject",
    [
        {"use_default": False, "include_claim_keys": ["repository_owner", "context"]},
        {"use_default": False},
    ],
)
def test_customized_subject_that_no_role_trusts_is_reported(
    subject: dict[str, object], target: Target, repository: Repository
) -> None:
    repository.subject = subject
    check = found(target)["Token subject"]
    assert not check.ok
    assert check.fix == f"gh api -X PUT repos/{REPOSITORY}/actions/oidc/customization/sub -F use_default=true"


def test_subject_customized_to_the_default_form_passes(target: Target, repository: Repository) -> None:
    repository.subject = {"use_default": False, "include_claim_keys": ["repo", "context"]}
    assert failed_checks(target) == {}


def test_repository_that_the_account_does_not_trust_is_reported(target: Target, repository: Repository) -> None:
    file = target.root / "infrastructure/bootstrap/Pulumi.prod.yaml"
    file.write_text(BOOTSTRAP.replace("2000002", "7"))
    assert failed_checks(target) == {"Trusted repository": "id is 7, not 2000002"}


def test_missing_repository_is_reported_in_one_sentence(
    target: Target, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "example/other")
    assert failed_checks(target) == {"GitHub": "GET /repos/example/other was not found, or the token may not read it."}


def test_malformed_repository_name_is_reported_in_one_sentence(
    target: Target, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "items-api")
    assert failed_checks(target) == {"GitHub": "GITHUB_REPOSITORY is 'items-api': write owner/name."}


def test_unreadable_part_is_reported_and_the_rest_is_checked(target: Target, repository: Repository) -> None:
    repository.failures = [
        Failure("GET", "/actions/variables", 403, message="Resource not accessible by integration"),
        Failure("GET", "/customization/sub", 403, message="Resource not accessible by integration"),
    ]
    refused = "The token may not do this: GET /repos/example/items-api/actions/"
    assert failed_checks(target) == {
        "Variables": f"{refused}variables was refused with 403.",
        "Token subject": f"{refused}oidc/customization/sub was refused with 403.",
    }


def test_rejected_token_is_reported_in_one_sentence(target: Target, repository: Repository) -> None:
    repository.failures = [Failure("GET", "", 401, times=20)]
    assert list(failed_checks(target)) == ["GitHub"]


def test_github_is_not_called_without_a_token(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    (check,) = github(target)
    assert check.ok
    assert "GITHUB_TOKEN" in check.detail
