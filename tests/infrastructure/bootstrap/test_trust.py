"""The OIDC tokens of GitHub with which each role can be assumed."""

import json
from dataclasses import replace

import pytest

from tests.support.accounts import bootstrap_graph, named
from tests.support.github_tokens import ISSUER, MAIN, Token, assumable_roles
from toolkit.policy.iam.evaluation import PolicyResult, evaluate_policies

ROLES = ("preview", "plan", "deploy-prod")


PULL_REQUEST = Token("pull_request", "refs/pull/7/merge")
ON_MAIN = Token(f"ref:{MAIN}", MAIN)
PROD = Token("environment:prod", MAIN, "prod")


def assumed_by(token: Token, *, immutable: bool) -> set[str]:
    """Return the roles of the account prod that can be assumed with the token."""
    return assumable_roles(token, "prod", ROLES, immutable=immutable)


@pytest.mark.parametrize("immutable", [False, True], ids=["classic", "immutable"])
@pytest.mark.parametrize(("token", "role"), [(PULL_REQUEST, "preview"), (ON_MAIN, "plan"), (PROD, "deploy-prod")])
def test_run_assumes_only_its_own_role(token: Token, role: str, immutable: bool) -> None:
    assert assumed_by(token, immutable=immutable) == {role}


@pytest.mark.parametrize("immutable", [False, True], ids=["classic", "immutable"])
@pytest.mark.parametrize(
    "token",
    [
        pytest.param(Token("ref:refs/heads/feature", "refs/heads/feature"), id="another branch"),
        pytest.param(Token("ref:refs/heads/main-2", "refs/heads/main-2"), id="a branch that begins alike"),
        pytest.param(Token("ref:refs/tags/main", "refs/tags/main"), id="a tag of that name"),
        pytest.param(Token("environment:prod", "refs/heads/feature", "prod"), id="the environment, another branch"),
        pytest.param(Token("environment:prod", "refs/pull/7/merge", "prod"), id="the environment, a pull request"),
        pytest.param(Token("environment:dev", MAIN, "dev"), id="another stack's environment"),
        pytest.param(Token("environment:prod", MAIN), id="an environment in the subject alone"),
        pytest.param(Token("pull_request", MAIN), id="a pull request that runs the target's code"),
        pytest.param(Token("ref:refs/pull/7/merge", "refs/pull/7/merge"), id="a pull request's ref, another event"),
    ],
)
def test_run_of_another_branch_or_environment_assumes_no_role(token: Token, immutable: bool) -> None:
    assert assumed_by(token, immutable=immutable) == set()


@pytest.mark.parametrize("immutable", [False, True], ids=["classic", "immutable"])
@pytest.mark.parametrize("token", [PULL_REQUEST, ON_MAIN, PROD])
def test_run_of_another_repository_assumes_no_role(token: Token, immutable: bool) -> None:
    others = [
        replace(token, repository="another/items-api", numbers=(3, 4)),  # a fork
        replace(token, repository="example/other", numbers=(1000001, 5)),
        replace(token, numbers=(1000001, 9)),  # the name, taken over after the repository was deleted
        replace(token, repository="example/items-api-evil"),
        replace(token, audience="https://github.com/example"),
    ]
    assert [assumed_by(other, immutable=immutable) for other in others] == [set()] * len(others)


def test_token_without_repository_id_assumes_no_role() -> None:
    trust = named(bootstrap_graph("prod"), "deploy-prod-role").inputs["assumeRolePolicy"]
    claims = PROD.claims(immutable=False)
    del claims[f"{ISSUER}:repository_id"]

    assert evaluate_policies([trust], "sts:AssumeRoleWithWebIdentity", "*", claims) is PolicyResult.SILENT


def test_roles_trust_only_oidc_provider_of_their_account() -> None:
    graph = bootstrap_graph("prod")
    provider = named(graph, "github-provider").outputs["arn"]
    trusts = [named(graph, f"{role}-role").inputs["assumeRolePolicy"] for role in ROLES]
    principals = [statement["Principal"] for trust in trusts for statement in json.loads(trust)["Statement"]]

    assert principals == [{"Federated": provider}] * 3
