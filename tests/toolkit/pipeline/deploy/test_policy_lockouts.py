"""A policy by which no principal of the account reaches the data is reported."""

import json
from typing import Any

import pytest

from tests.support.steps import step
from toolkit.pipeline.deploy.data_loss import data_losses_in
from toolkit.stacks.marks import UNKNOWN_TEXT

KEY, BUCKET_POLICY = "aws:kms/key:Key", "aws:s3/bucketPolicy:BucketPolicy"
ROOT, ROLE = "arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:role/admin"
FOREIGN = {"StringNotEquals": {"aws:PrincipalAccount": ["111111111111", "222222222222"]}}
MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
TLS = {"Bool": {"aws:SecureTransport": "false"}}


def statement(effect: str = "Allow", principal: Any = None, action: Any = "kms:*", **more: Any) -> dict[str, Any]:
    principal = {"AWS": ROOT} if principal is None else principal
    return {"Effect": effect, "Principal": principal, "Action": action, "Resource": "*", **more}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def losses(type: str, before: Any, after: Any, **target: str) -> list[str]:
    steps = [step(type, "update", {"policy": before, **target}, {"policy": after, **target})]
    return [each.what for each in data_losses_in(steps)]


ADMINISTERED = policy(statement())
NEVER_AGAIN = [
    pytest.param(policy(), id="no statement"),
    pytest.param(policy(statement(action=["kms:Encrypt", "kms:Describe*"])), id="no PutKeyPolicy"),
    pytest.param(policy(statement(principal={"Service": "sns.amazonaws.com"})), id="a service alone"),
    pytest.param(policy(statement(principal={"AWS": "arn:aws:iam::999999999999:root"})), id="another account"),
    pytest.param(policy(statement(Condition={"IpAddress": {"aws:SourceIp": "192.0.2.1"}})), id="a condition"),
    pytest.param(
        policy(statement(Condition={"StringEquals": {"kms:CallerAccount": "999999999999"}})), id="callers of another"
    ),
    pytest.param(
        policy(statement(Condition={"StringNotEquals": {"kms:CallerAccount": "111111111111"}})), id="no own callers"
    ),
    pytest.param(
        policy({**statement(), "Resource": "arn:aws:kms:eu-central-1:111111111111:key/other"}), id="another key"
    ),
    pytest.param(
        policy(statement(), statement("Deny", "*", Condition={"StringLike": {"aws:PrincipalArn": "*"}})),
        id="a Deny whose condition holds for everybody",
    ),
    pytest.param(
        policy(statement(), statement("Deny", "*", Condition={"Bool": {"aws:ViaAWSService": "false"}})),
        id="a Deny for all that call directly",
    ),
    pytest.param(policy(statement(), statement("Deny", "*")), id="a Deny for everybody"),
    pytest.param(policy(statement(), statement("Deny", action="kms:Put*")), id="a Deny for the account"),
    pytest.param(
        policy(statement(), statement("Deny", {"AWS": "*"}, action=["kms:PutKeyPolicy"])), id="a Deny in a list"
    ),
    pytest.param(
        policy({**statement(), "NotAction": "kms:Put*", "Action": []} | {"Effect": "Allow"}), id="all but PutKeyPolicy"
    ),
    pytest.param("no json", id="no document"),
    pytest.param("[1]", id="another document"),
    pytest.param(UNKNOWN_TEXT, id="unknown"),
]


@pytest.mark.parametrize("after", NEVER_AGAIN)
@pytest.mark.parametrize("type", [KEY, "aws:kms/keyPolicy:KeyPolicy"])
def test_key_policy_without_an_administrator_is_reported(type: str, after: str) -> None:
    assert len(losses(type, ADMINISTERED, after, keyId="k")) == 1


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(policy(statement(), statement(action="kms:Decrypt")), id="one more statement"),
        pytest.param(policy(statement(principal={"AWS": [ROLE]}, action="kms:PutKeyPolicy")), id="one role"),
        pytest.param(policy(statement(principal={"AWS": "111111111111"})), id="the account's id"),
        pytest.param(
            policy(statement(principal="*", Condition={"StringEquals": {"kms:CallerAccount": "111111111111"}})),
            id="everybody of the account",
        ),
        pytest.param(policy(statement(), statement("Deny", action="kms:ScheduleKeyDeletion")), id="another Deny"),
        pytest.param(json.loads(ADMINISTERED), id="a document that is no text"),
        pytest.param(policy(statement(), statement("Deny", "*", Condition=TLS)), id="a Deny without TLS"),
        pytest.param(policy(statement(), statement("Deny", "*", Condition=FOREIGN)), id="a Deny for other accounts"),
        pytest.param(policy(statement(), statement("Deny", {"AWS": ROLE}, Condition=MFA)), id="a Deny for one role"),
    ],
)
def test_key_policy_with_an_administrator_is_not_reported(after: Any) -> None:
    assert losses(KEY, ADMINISTERED, after) == []


def test_key_without_a_policy_has_the_default_policy() -> None:
    assert losses(KEY, ADMINISTERED, None) == []


def test_existing_conditional_deny_is_not_reported() -> None:
    before = statement("Deny", "*", Condition=MFA)
    assert losses(KEY, policy(statement(), before), policy(statement(), before, statement(action="kms:Decrypt"))) == []


OPEN = policy(statement(action="s3:GetObject"))


@pytest.mark.parametrize(
    "denied",
    [
        pytest.param(statement("Deny", "*", "s3:*"), id="everything"),
        pytest.param(statement("Deny", {"AWS": ["*"]}, ["s3:GetObject"]), id="reading"),
        pytest.param(statement("Deny", {"AWS": ROOT}, "s3:Put*"), id="the account"),
        pytest.param(statement("Deny", "*", "s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}}), id="TLS"),
        pytest.param(
            statement("Deny", "*", "s3:*", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}), id="a network"
        ),
        pytest.param(
            statement("Deny", "*", "s3:*", Condition={"NumericLessThan": {"s3:TlsVersion": "9"}}), id="every TLS"
        ),
        pytest.param({"Effect": "Deny", "NotPrincipal": {"AWS": ROLE}, "Action": "s3:*", "Resource": "*"}, id="others"),
        pytest.param({"Effect": "Deny", "Principal": "*", "NotAction": "s3:List*", "Resource": "*"}, id="NotAction"),
    ],
)
def test_bucket_policy_with_a_new_deny_for_all_principals_is_reported(denied: dict[str, Any]) -> None:
    assert losses(BUCKET_POLICY, OPEN, policy(denied), bucket="b") == [
        "gets a policy that denies access to every principal"
    ]
    created = step(BUCKET_POLICY, "create", after={"policy": policy(denied), "bucket": "b"})
    assert len(data_losses_in([created])) == 1


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(policy(statement("Deny", "*", "s3:*", Condition=TLS)), id="calls without TLS"),
        pytest.param(
            policy(statement("Deny", "*", "s3:*", Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}})),
            id="old TLS",
        ),
        pytest.param(policy(statement("Deny", "*", "s3:DeleteBucket")), id="another call"),
        pytest.param(policy(statement("Deny", {"AWS": ROLE}, "s3:*")), id="one role"),
        pytest.param(policy(statement(principal="*", action="s3:*")), id="an Allow"),
        pytest.param(None, id="no policy"),
    ],
)
def test_bucket_policy_that_denies_only_some_callers_is_not_reported(after: Any) -> None:
    assert losses(BUCKET_POLICY, OPEN, after, bucket="b") == []


def test_existing_deny_is_not_reported() -> None:
    denied = statement("Deny", "*", "s3:*")
    assert losses(BUCKET_POLICY, policy(denied), policy(denied, statement(action="s3:GetObject")), bucket="b") == []
