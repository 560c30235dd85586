"""The embedded AWS refuses what exceeds a quota of IAM and Lambda, with AWS's messages."""

import io
import json
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws import ACCOUNT, role_with, shared_aws, unique
from tests.support.iam import allow, answer, document, role_arn


def long(characters: int) -> str:
    return json.dumps(json.loads(document(allow("s3:GetObject", f"arn:aws:s3:::{'x' * characters}"))), indent=40)


def test_inline_policies_of_a_role_have_a_common_quota() -> None:
    iam = shared_aws().connection.client("iam")
    name = role_arn(role_with()).rpartition("/")[2]
    put = {"RoleName": name, "PolicyName": "one"}
    assert answer(iam, "put_role_policy", **put, PolicyDocument=long(9000)) == "ok"
    assert answer(iam, "put_role_policy", **put, PolicyDocument=long(9001)) == "ok"
    with pytest.raises(ClientError, match="Maximum policy size of 10240 bytes exceeded for role"):
        iam.put_role_policy(RoleName=name, PolicyName="two", PolicyDocument=long(1500))


def test_managed_policy_and_trust_policy_have_a_quota() -> None:
    iam = shared_aws().connection.client("iam")
    with pytest.raises(ClientError, match="Cannot exceed quota for PolicySize: 6144"):
        iam.create_policy(PolicyName=unique("long"), PolicyDocument=long(6144))
    principals = [f"arn:aws:iam::{ACCOUNT}:role/{number:064}" for number in range(25)]
    trust = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": principals}})
    with pytest.raises(ClientError, match="Cannot exceed quota for ACLSizePerRole: 2048"):
        iam.create_role(RoleName=unique("role"), AssumeRolePolicyDocument=trust)


def test_role_has_at_most_ten_managed_policies() -> None:
    iam = shared_aws().connection.client("iam")
    name = role_arn(role_with()).rpartition("/")[2]
    found = [iam.create_policy(PolicyName=unique("policy"), PolicyDocument=long(1))["Policy"]["Arn"] for _ in range(11)]
    for arn in (*found[:10], found[0]):
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    with pytest.raises(ClientError, match="Cannot exceed quota for PoliciesPerRole: 10"):
        iam.attach_role_policy(RoleName=name, PolicyArn=found[10])


@pytest.fixture(scope="module")
def function() -> dict[str, Any]:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "")
    return {
        "Role": role_arn(role_with()),
        "Runtime": "python3.13",
        "Handler": "main.x",
        "Code": {"ZipFile": code.getvalue()},
    }


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"AWS_REGION": "eu-central-1", "_HANDLER": "x"}, "Reserved keys used in this request: AWS_REGION, _HANDLER"),
        ({"TABLE": "x" * 4092}, "exceeded the 4KB limit"),
    ],
)
def test_environment_that_aws_refuses_is_refused(
    function: dict[str, Any], variables: dict[str, str], message: str
) -> None:
    functions, name = shared_aws().connection.client("lambda"), unique("function")
    with pytest.raises(ClientError, match=message):
        functions.create_function(FunctionName=name, **function, Environment={"Variables": variables})
    longest = {"Variables": {"TABLE": "x" * 4091}}
    functions.create_function(FunctionName=name, **function, Environment=longest)
    with pytest.raises(ClientError, match=message):
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    found = functions.get_function_configuration(FunctionName=name)["Environment"]
    assert found == longest
