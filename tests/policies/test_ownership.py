"""The account, repository, branch and environments of a stack's settings are what the rules compare with."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from infrastructure.bootstrap.account import Account
from policies.pack import PACK
from policies.rules.iam.boundaries import workload_boundary_of
from tests.support.accounts import BOOTSTRAP
from tests.support.stacks import ROOT
from toolkit.policy.assessment import assess
from toolkit.policy.ownership import Ownership, ownership_of
from toolkit.stacks import Resource, ResourceGraph, evaluate
from toolkit.stacks.marks import reveal
from toolkit.stacks.settings import AccountSettings, RepositorySettings

ISSUER = "token.actions.githubusercontent.com"
Edit = Callable[[dict[str, Any]], None]


@cache
def graph(stack: str, *, bootstrap: bool) -> ResourceGraph:
    return evaluate(stack, root=BOOTSTRAP if bootstrap else ROOT)


def edited(found: ResourceGraph, name: str, edit: Edit) -> ResourceGraph:
    """The graph with other inputs of the resource of this logical name."""

    def changed(resource: Resource) -> Resource:
        if resource.name != name or not (resource.custom or name == "aws"):
            return resource
        inputs = reveal(resource.inputs)
        edit(inputs)
        return replace(resource, inputs=inputs)

    assert any(resource.name == name for resource in found.resources)
    return replace(found, resources=tuple(map(changed, found.resources)))


def trusting(edit: Edit) -> Edit:
    """Change the conditions of the only statement of a trust policy."""

    def changed(inputs: dict[str, Any]) -> None:
        document = json.loads(inputs["assumeRolePolicy"])
        edit(document["Statement"][0]["Condition"])
        inputs["assumeRolePolicy"] = json.dumps(document)

    return changed


def subject(value: str) -> Edit:
    def changed(condition: dict[str, Any]) -> None:
        condition["StringEquals"][f"{ISSUER}:sub"] = value
        condition["StringEquals"].pop(f"{ISSUER}:environment", None)

    return trusting(changed)


def claimed(name: str, value: str) -> Edit:
    return trusting(lambda condition: condition["StringEquals"].update({f"{ISSUER}:{name}": value}))


def ref(value: str) -> Edit:
    return trusting(lambda condition: condition["StringLike"].update({f"{ISSUER}:ref": value}))


def blocking(found: ResourceGraph, *, bootstrap: bool) -> set[str]:
    return {one.rule.name for one in assess(PACK, found, BOOTSTRAP if bootstrap else ROOT).blocking}


@pytest.mark.parametrize("account", ["dev", "staging", "prod", "review"])
@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (subject("repo:example/another:environment:prod"), "iam-oidc-trust"),
        (subject("repo:another/items-api:environment:prod"), "iam-oidc-trust"),
        (subject("repo:example@9/items-api@2000002:environment:prod"), "iam-oidc-trust"),
        (claimed("repository_id", "9"), "iam-oidc-trust"),
        (claimed("repository_owner_id", "9"), "iam-oidc-trust"),
        (subject("repo:example/items-api:pull_request"), "github-roles-reviewed"),
        (subject("repo:example/items-api:environment:sandbox"), "github-roles-reviewed"),
        (subject("repo:example/items-api:ref:refs/heads/main"), "github-roles-reviewed"),
        (ref("refs/heads/feature"), "github-roles-reviewed"),
        (ref("*"), "github-roles-reviewed"),
    ],
)
def test_deploy_role_for_another_run_is_reported(account: str, edit: Edit, rule: str) -> None:
    found = edited(graph(account, bootstrap=True), f"deploy-{account}-role", edit)
    assert rule in blocking(found, bootstrap=True)


def test_deploy_role_of_a_pull_requests_review_needs_the_reviews_setting() -> None:
    found = edited(graph("prod", bootstrap=True), "deploy-prod-role", ref("refs/pull/*/merge"))
    assert blocking(found, bootstrap=True) == {"github-roles-reviewed"}


@pytest.mark.parametrize("bootstrap", [False, True])
@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_provider_of_another_account_than_the_settings_is_reported(stack: str, bootstrap: bool) -> None:
    def changed(inputs: dict[str, Any]) -> None:
        inputs["allowedAccountIds"] = '["555555555555"]'

    found = edited(graph(stack, bootstrap=bootstrap), "aws", changed)
    assert "provider-account" in blocking(found, bootstrap=bootstrap)


def test_boundary_name_matches_the_bootstrap_program() -> None:
    account = Account(id="333333333333", region="eu-central-1", project="items-api")
    assert account.workload_boundary.rpartition("/")[2] == workload_boundary_of("items-api")


def stated(settings: dict[str, Any]) -> Ownership:
    return ownership_of(AccountSettings.lenient(settings))


def test_ownership_is_read_from_settings() -> None:
    repository = {"owner": "o", "owner-id": 1, "name": "n", "id": 2}
    assert stated(
        {
            "account-id": "333333333333",
            "repository": repository,
            "stacks": ["prod", "qa"],
            "branch": "release",
        }
    ) == Ownership("333333333333", RepositorySettings.model_validate(repository), "release", frozenset({"prod", "qa"}))


@pytest.mark.parametrize(
    "settings",
    [{}, {"account-id": 3, "repository": "o/n", "stacks": "prod", "branch": None}, {"repository": {"owner": "o"}}],
)
def test_settings_of_the_wrong_type_give_no_ownership(settings: dict[str, Any]) -> None:
    assert stated(settings) == Ownership()


def test_account_with_reviews_has_their_environments() -> None:
    assert stated({"reviews": True}).environments == {"review", "review-cleanup"}
