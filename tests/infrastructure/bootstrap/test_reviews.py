"""The role of pull requests' own stacks: which runs take it, and that it writes only their states and secrets."""

import pytest

from tests.support.accounts import ACCOUNTS, PREFIX, foundation, may, named
from tests.support.github_tokens import MAIN, Token, opened

ROLES = ("preview", "plan", "deploy-dev", "deploy-review")
PULL_REQUEST = "refs/pull/7/merge"


def key() -> str:
    return str(named(foundation("reviews"), "secrets-key").outputs["arn"])


@pytest.mark.parametrize("immutable", [False, True], ids=["classic", "immutable"])
@pytest.mark.parametrize("ref", [PULL_REQUEST, MAIN])
def test_runs_in_the_environment_review_take_it_and_no_other_role(ref: str, immutable: bool) -> None:
    assert opened(Token("environment:review", ref, "review"), "reviews", ROLES, immutable=immutable) == {
        "deploy-review"
    }


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(Token("environment:review", "refs/heads/feature", "review"), id="another branch"),
        pytest.param(Token("environment:review", PULL_REQUEST), id="an environment in the subject alone"),
        pytest.param(Token("pull_request", PULL_REQUEST, "review"), id="no environment in the subject"),
        pytest.param(Token("environment:review", PULL_REQUEST, "review", "somebody/items-api", (3, 4)), id="a fork"),
    ],
)
def test_no_other_run_takes_it(token: Token) -> None:
    assert "deploy-review" not in opened(token, "reviews", ROLES, immutable=True)


def test_it_writes_the_states_of_reviews_only() -> None:
    bucket = f"arn:aws:s3:::{PREFIX}-state-{ACCOUNTS['dev']}/.pulumi"
    own = ["stacks/items-api/review-7.json", "locks/organization/items-api/review-12/0.json"]
    others = ["stacks/items-api/dev.json", "history/items-api/dev/0.json", "meta.yaml"]

    assert [may("reviews", "deploy-review", "s3:PutObject", f"{bucket}/{path}") for path in own] == [True] * 2
    assert [may("reviews", "deploy-review", "s3:PutObject", f"{bucket}/{path}") for path in others] == [False] * 3


@pytest.mark.parametrize("action", ["kms:Encrypt", "kms:Decrypt"])
@pytest.mark.parametrize(("stack", "allowed"), [("review-7", True), ("dev", False)])
def test_it_makes_and_opens_the_secrets_of_reviews_only(action: str, stack: str, allowed: bool) -> None:
    assert may("reviews", "deploy-review", action, key(), kms__encryptioncontext__stack=stack) == allowed


def test_no_other_role_encrypts_secrets() -> None:
    assert not may("reviews", "deploy-dev", "kms:Encrypt", key(), kms__encryptioncontext__stack="dev")


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:ListBucketVersions", "arn:aws:s3:::attachments-bucket-0123456"),
        ("s3:DeleteObject", "arn:aws:s3:::attachments-bucket-0123456/attachments/x"),
        ("s3:DeleteObjectVersion", "arn:aws:s3:::attachments-bucket-0123456/attachments/x"),
    ],
)
def test_it_empties_its_bucket_and_no_other_role_does(action: str, resource: str) -> None:
    others = [*((account, f"deploy-{account}") for account in ACCOUNTS), ("reviews", "deploy-dev"), ("reviews", "plan")]

    assert may("reviews", "deploy-review", action, resource)
    assert [other for other in others if may(*other, action, resource)] == []


@pytest.mark.parametrize(
    "action", ["s3:GetObject", "s3:PutObject", "s3:BypassGovernanceRetention", "s3:PutObjectLegalHold"]
)
def test_it_reads_and_writes_no_attachment(action: str) -> None:
    assert not may("reviews", "deploy-review", action, "arn:aws:s3:::attachments-bucket-0123456/attachments/x")


@pytest.mark.parametrize(("stack", "allowed"), [("review-7", True), ("dev", False)])
def test_it_changes_and_tags_the_keys_of_reviews_only(stack: str, allowed: bool) -> None:
    tags = {"aws:ResourceTag/project": "items-api", "aws:ResourceTag/stack": stack}
    asked = {"aws:RequestTag/project": "items-api", "aws:RequestTag/stack": "review-8"}
    key_arn = f"arn:aws:kms:eu-central-1:{ACCOUNTS['dev']}:key/0"

    for action in ("kms:TagResource", "kms:ScheduleKeyDeletion", "kms:PutKeyPolicy"):
        assert may("reviews", "deploy-review", action, key_arn, **tags) == allowed
    assert may("reviews", "deploy-review", "kms:TagResource", key_arn, **tags, **asked) == allowed
    assert not may("reviews", "deploy-review", "kms:TagResource", key_arn, **asked)


@pytest.mark.parametrize(("stack", "allowed"), [("review-7", True), ("dev", False)])
def test_its_keys_and_dashboards_carry_a_reviews_name(stack: str, allowed: bool) -> None:
    tags = {"aws__requesttag/project": "items-api", "aws__requesttag/stack": stack}
    dashboard = f"arn:aws:cloudwatch::{ACCOUNTS['dev']}:dashboard/items-api-{stack}"

    assert may("reviews", "deploy-review", "kms:CreateKey", **tags) == allowed
    assert may("reviews", "deploy-review", "cloudwatch:PutDashboard", dashboard) == allowed


def test_reviews_are_off_unless_asked_for() -> None:
    assert [each.name for each in foundation("dev").resources if each.name == "deploy-review-role"] == []
