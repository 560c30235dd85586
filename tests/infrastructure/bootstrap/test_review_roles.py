"""The roles of review stacks: one that deploys them, and one that deletes them."""

from typing import Any

import pytest
import yaml

from infrastructure.bootstrap.managed_types import BY_TYPE
from tests.infrastructure.bootstrap.life_cycle import REVIEW, Stack, requests, table
from tests.support.accounts import (
    ACCOUNTS,
    BOOTSTRAP,
    EVERY_ACCOUNT,
    PREFIX,
    REVIEW_ACCOUNT,
    bootstrap_graph,
    may,
    named,
)
from tests.support.github_tokens import MAIN, Token, assumable_roles

ROLES = ("deploy-review", "destroy-review")
PULL_REQUEST = "refs/pull/7/merge"
ONE_ACTION_FOR_BOTH = {
    *("budgets:ModifyBudget", "secretsmanager:UpdateSecretVersionStage", "sns:SetTopicAttributes"),
    *("s3:PutBucketCORS", "s3:PutBucketOwnershipControls", "s3:PutBucketPublicAccessBlock", "s3:PutBucketVersioning"),
    *("s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration"),
    *("apigateway:DELETE", "route53:ChangeResourceRecordSets", "sqs:SetQueueAttributes"),
}
"""The only actions that delete one thing and change another: IAM has no other one for the deletion."""


def key() -> str:
    return str(named(bootstrap_graph("review"), "secrets-key").outputs["arn"])


@pytest.mark.parametrize("immutable", [False, True], ids=["classic", "immutable"])
def test_pull_request_in_environment_review_assumes_only_deploy_role(immutable: bool) -> None:
    token = Token("environment:review", PULL_REQUEST, "review")
    assert assumable_roles(token, "review", ROLES, immutable=immutable) == {"deploy-review"}


@pytest.mark.parametrize("immutable", [False, True], ids=["classic", "immutable"])
def test_run_of_main_in_cleanup_environment_assumes_only_destroy_role(immutable: bool) -> None:
    token = Token("environment:review-cleanup", MAIN, "review-cleanup")
    assert assumable_roles(token, "review", ROLES, immutable=immutable) == {"destroy-review"}


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(Token("pull_request", PULL_REQUEST), id="a pull request's workflow without the environment"),
        pytest.param(Token("environment:review", MAIN, "review"), id="main in the environment of deployments"),
        pytest.param(Token("environment:review", "refs/heads/feature", "review"), id="a pushed branch"),
        pytest.param(Token("environment:review", PULL_REQUEST), id="an environment in the subject alone"),
        pytest.param(Token("pull_request", PULL_REQUEST, "review"), id="no environment in the subject"),
        pytest.param(Token("environment:review", PULL_REQUEST, "review", "other/items-api", (3, 4)), id="a fork"),
        pytest.param(
            Token("environment:review-cleanup", PULL_REQUEST, "review-cleanup"), id="a pull request that cleans up"
        ),
        pytest.param(
            Token("environment:review-cleanup", "refs/heads/feature", "review-cleanup"), id="a branch that cleans up"
        ),
        pytest.param(Token("environment:dev", MAIN, "dev"), id="the deployment of dev"),
        pytest.param(Token(f"ref:{MAIN}", MAIN), id="main without an environment"),
    ],
)
@pytest.mark.parametrize("immutable", [False, True], ids=["classic", "immutable"])
def test_other_run_assumes_no_role_of_review_account(token: Token, immutable: bool) -> None:
    assert assumable_roles(token, "review", ROLES, immutable=immutable) == set()


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("environment", ["review", "review-cleanup"])
@pytest.mark.parametrize("ref", [PULL_REQUEST, MAIN])
def test_run_in_review_environment_assumes_no_role_of_another_account(account: str, environment: str, ref: str) -> None:
    token = Token(f"environment:{environment}", ref, environment)
    assert assumable_roles(token, account, ("preview", "plan", f"deploy-{account}"), immutable=True) == set()


def test_review_account_has_no_stack() -> None:
    files = [yaml.safe_load((BOOTSTRAP / f"Pulumi.{name}.yaml").read_text()) for name in EVERY_ACCOUNT]
    ids = [file["config"]["items-api-bootstrap:settings"]["account-id"] for file in files]
    roles = {each.name for each in bootstrap_graph("review").resources if each.type == "aws:iam/role:Role"}

    assert len(set(ids)) == len(ids)
    assert roles == {"deploy-review-role", "destroy-review-role", "trail-role"}


@pytest.mark.parametrize("role", ROLES)
def test_review_role_has_no_access_to_dev(role: str) -> None:
    """Everything that the life cycle of dev's resources asks for, on the names in dev's account.

    An action that AWS accepts on * only is an action on the caller's own account.
    """
    rows = [part for row in BY_TYPE.values() for part in row.each()]
    own = frozenset(call for row in rows for call in row.changing_anywhere | row.reading_anywhere)
    asked = [each for each in every_request(Stack("dev", "dev")) if f":{ACCOUNTS['dev']}:" in each.resource]
    asked = [each for each in asked if each.action not in own]

    assert len({each.action for each in asked}) > 100
    assert [each for each in asked if may("review", role, each.action, each.resource, **each.context)] == []


def every_request(stack: Stack, *phases: str) -> list[Any]:
    """The requests of the life cycle of the stack's types, in these phases or in all."""
    return [
        request
        for type, calls in table()["types"].items()
        if stack.graph.of_type(type)
        for phase, listed in calls.items()
        if phase != "about" and (not phases or phase in phases)
        for call in listed
        for request in requests(call, [type, *calls.get("about", [])], stack)
    ]


def test_destroy_role_cannot_create_or_change_resources() -> None:
    stack = Stack(REVIEW, "review")
    asked = [each for each in every_request(stack, "create", "update", "tag") if not is_reading(each.action)]
    allowed = {
        each.action for each in asked if may("review", "destroy-review", each.action, each.resource, **each.context)
    }

    assert len({each.action for each in asked}) > 80
    assert allowed <= ONE_ACTION_FOR_BOTH


def is_reading(action: str) -> bool:
    return action.partition(":")[2].startswith(("Get", "GET", "List", "Describe", "View"))


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("iam:PassRole", f"arn:aws:iam::{REVIEW_ACCOUNT}:role/items-api-review-7-api-role-0123456"),
        ("iam:PutRolePolicy", f"arn:aws:iam::{REVIEW_ACCOUNT}:role/items-api-review-7-api-role-0123456"),
        (
            "lambda:InvokeFunction",
            f"arn:aws:lambda:eu-central-1:{REVIEW_ACCOUNT}:function:items-api-review-7-api-function-0123456",
        ),
        (
            "lambda:UpdateFunctionCode",
            f"arn:aws:lambda:eu-central-1:{REVIEW_ACCOUNT}:function:items-api-review-7-api-function-0123456",
        ),
        ("codedeploy:CreateDeployment", f"arn:aws:codedeploy:eu-central-1:{REVIEW_ACCOUNT}:deploymentgroup:d/live"),
        (
            "dynamodb:GetItem",
            f"arn:aws:dynamodb:eu-central-1:{REVIEW_ACCOUNT}:table/items-api-review-7-items-table-0123456",
        ),
        ("s3:GetObject", "arn:aws:s3:::items-api-review-7-attachments-bucket-0123456/attachments/x"),
        ("s3:PutObject", "arn:aws:s3:::items-api-review-7-attachments-bucket-0123456/attachments/x"),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNTS['dev']}:role/{PREFIX}-deploy-dev"),
    ],
)
def test_destroy_role_cannot_use_resources(action: str, resource: str) -> None:
    passed = {"iam__passedtoservice": "lambda.amazonaws.com"}
    assert not may("review", "destroy-review", action, resource, **passed)


@pytest.mark.parametrize("role", ROLES)
def test_review_role_writes_only_states_of_reviews(role: str) -> None:
    bucket = f"arn:aws:s3:::{PREFIX}-state-{REVIEW_ACCOUNT}/.pulumi"
    own = ["stacks/items-api/review-7.json", "locks/organization/items-api/review-12/0.json"]
    others = ["stacks/items-api/dev.json", "history/items-api/dev/0.json", "meta.yaml"]

    assert [may("review", role, "s3:PutObject", f"{bucket}/{path}") for path in own] == [True] * 2
    assert [may("review", role, "s3:PutObject", f"{bucket}/{path}") for path in others] == [False] * 3


@pytest.mark.parametrize(
    ("role", "action", "makes"),
    [
        ("deploy-review", "kms:Encrypt", True),
        ("deploy-review", "kms:Decrypt", True),
        ("destroy-review", "kms:Encrypt", False),
        ("destroy-review", "kms:Decrypt", True),
    ],
)
@pytest.mark.parametrize(("stack", "own"), [("review-7", True), ("dev", False)])
def test_review_role_decrypts_only_secrets_of_reviews(
    role: str, action: str, makes: bool, stack: str, own: bool
) -> None:
    assert may("review", role, action, key(), kms__encryptioncontext__stack=stack) == (makes and own)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_role_of_stack_cannot_encrypt_secrets(account: str) -> None:
    own = str(named(bootstrap_graph(account), "secrets-key").outputs["arn"])
    for role in ("preview", "plan", f"deploy-{account}"):
        assert not may(account, role, "kms:Encrypt", own, kms__encryptioncontext__stack=account)


@pytest.mark.parametrize("action", ["s3:DeleteObject", "s3:DeleteObjectVersion"])
def test_only_review_roles_can_empty_a_bucket(action: str) -> None:
    bucket = "arn:aws:s3:::items-api-review-7-attachments-bucket-0123456"
    resource = f"{bucket}/attachments/x"
    others = [(account, role) for account in ACCOUNTS for role in (f"deploy-{account}", "plan")]

    assert [may("review", role, "s3:ListBucketVersions", bucket) for role in ROLES] == [True] * 2
    assert [may("review", role, action, resource) for role in ROLES] == [True] * 2
    assert [other for other in others if may(*other, action, resource)] == []


@pytest.mark.parametrize(
    "action", ["s3:GetObject", "s3:PutObject", "s3:BypassGovernanceRetention", "s3:PutObjectLegalHold"]
)
def test_review_role_cannot_read_or_write_attachments(action: str) -> None:
    assert not may(
        "review", "deploy-review", action, "arn:aws:s3:::items-api-review-7-attachments-bucket-0123456/attachments/x"
    )


@pytest.mark.parametrize(("stack", "allowed"), [("review-7", True), ("dev", False)])
def test_review_role_changes_and_tags_only_keys_of_reviews(stack: str, allowed: bool) -> None:
    tags = {"aws:ResourceTag/project": "items-api", "aws:ResourceTag/stack": stack}
    asked = {"aws:RequestTag/project": "items-api", "aws:RequestTag/stack": "review-8"}
    key_arn = f"arn:aws:kms:eu-central-1:{REVIEW_ACCOUNT}:key/0"

    for action in ("kms:TagResource", "kms:ScheduleKeyDeletion", "kms:PutKeyPolicy"):
        assert may("review", "deploy-review", action, key_arn, **tags) == allowed
    assert may("review", "deploy-review", "kms:TagResource", key_arn, **tags, **asked) == allowed
    assert not may("review", "deploy-review", "kms:TagResource", key_arn, **asked)


@pytest.mark.parametrize(("stack", "allowed"), [("review-7", True), ("dev", False)])
def test_review_role_creates_only_aliases_and_dashboards_of_reviews(stack: str, allowed: bool) -> None:
    tags = {"aws__requesttag/project": "items-api", "aws__requesttag/stack": stack}
    dashboard = f"arn:aws:cloudwatch::{REVIEW_ACCOUNT}:dashboard/items-api-{stack}"

    assert may("review", "deploy-review", "kms:CreateKey", **tags) == allowed
    assert may("review", "deploy-review", "cloudwatch:PutDashboard", dashboard) == allowed


@pytest.mark.parametrize("account", ACCOUNTS)
def test_account_of_stack_has_no_review_role(account: str) -> None:
    names = {each.inputs["name"] for each in bootstrap_graph(account).of_type("aws:iam/role:Role")}
    assert not {name for name in names if name.endswith("-review")}
