"""A secret keeps its value until its rotation function has made another one."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.functions import DeployedFunction, deploy
from tests.support.http_apis import ApiBuilder, ServedApi, serving
from tests.support.scenarios import wait_until
from toolkit.localcloud.connection import AwsConnection

STEPS = """
import os
def handler(event, context):
    print(event["Step"], event["SecretId"], event["ClientRequestToken"])
    if event["Step"] == os.environ.get("FAILS_IN"):
        raise ValueError("no rotation today")
"""


@pytest.fixture(scope="module", name="served")
def _served(cloud: AwsConnection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    with serving(cloud, ApiBuilder(cloud).id, tmp_path_factory.mktemp("rotation")) as served:
        yield served


@pytest.fixture(name="secret")
def _secret(cloud: AwsConnection) -> str:
    name = f"secret-{uuid.uuid4().hex[:8]}"
    return str(cloud.client("secretsmanager").create_secret(Name=name, SecretString="old")["ARN"])


def value(cloud: AwsConnection, secret: str, **named: str) -> str:
    return str(cloud.client("secretsmanager").get_secret_value(SecretId=secret, **named)["SecretString"])


def rejected(cloud: AwsConnection, call: str, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refusal:
        getattr(cloud.client("secretsmanager"), call)(**arguments)
    error = refusal.value.response["Error"]
    return error["Code"], error["Message"]


def let_rotate(function: DeployedFunction) -> None:
    function.connection.client("lambda").add_permission(
        FunctionName=function.name,
        StatementId="rotation",
        Action="lambda:InvokeFunction",
        Principal="secretsmanager.amazonaws.com",
    )


def test_rotation_without_function_is_rejected_and_keeps_the_value(cloud: AwsConnection, secret: str) -> None:
    refusal = ("InvalidRequestException", "No Lambda rotation function ARN is associated with this secret.")
    assert rejected(cloud, "rotate_secret", SecretId=secret) == refusal
    assert rejected(cloud, "rotate_secret", SecretId=secret, RotationRules={"AutomaticallyAfterDays": 1}) == refusal
    assert rejected(cloud, "rotate_secret", SecretId=secret, RotateImmediately=False) == refusal
    assert value(cloud, secret) == "old"
    described = cloud.client("secretsmanager").describe_secret(SecretId=secret)
    assert list(described["VersionIdsToStages"].values()) == [["AWSCURRENT"]]
    assert "RotationEnabled" not in described


@pytest.mark.parametrize("missing", ["function", "permission"])
def test_rotation_by_a_function_without_permission_is_rejected_and_keeps_the_value(
    cloud: AwsConnection, secret: str, missing: str
) -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:none" if missing == "function" else deploy(cloud, "").arn
    code, words = rejected(cloud, "rotate_secret", SecretId=secret, RotationLambdaARN=arn)
    assert (code, "cannot invoke the specified Lambda function" in words) == ("AccessDeniedException", True)
    assert value(cloud, secret) == "old"


def test_rotation_runs_four_steps_and_moves_the_current_value(
    cloud: AwsConnection, secret: str, served: ServedApi
) -> None:
    function, client = deploy(cloud, STEPS), cloud.client("secretsmanager")
    let_rotate(function)
    before = client.get_secret_value(SecretId=secret)["VersionId"]
    token = client.rotate_secret(SecretId=secret, RotationLambdaARN=function.arn)["VersionId"]
    wait_until(lambda: f"finishSecret {secret} {token}" in (served.folder / "function.log").read_text())
    lines = [line for line in (served.folder / "function.log").read_text().splitlines() if line.endswith(token)]
    assert [line.partition(" ")[0] for line in lines] == ["createSecret", "setSecret", "testSecret", "finishSecret"]
    assert value(cloud, secret) == "old"
    pending = {"SecretId": secret, "ClientRequestToken": token, "VersionStages": ["AWSPENDING"]}
    client.put_secret_value(**pending, SecretString="new")  # what a function does in createSecret and finishSecret
    client.update_secret_version_stage(
        SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=before
    )
    assert (value(cloud, secret), value(cloud, secret, VersionStage="AWSPREVIOUS")) == ("new", "old")


def test_rotation_with_a_failing_function_keeps_the_value(cloud: AwsConnection, secret: str, served: ServedApi) -> None:
    function = deploy(cloud, STEPS, variables={"FAILS_IN": "setSecret"})
    let_rotate(function)
    token = cloud.client("secretsmanager").rotate_secret(SecretId=secret, RotationLambdaARN=function.arn)["VersionId"]
    wait_until(lambda: "no rotation today" in (served.folder / "function.log").read_text())
    assert f"testSecret {secret} {token}" not in (served.folder / "function.log").read_text()
    assert value(cloud, secret) == value(cloud, secret, VersionStage="AWSCURRENT") == "old"
    code, words = rejected(cloud, "rotate_secret", SecretId=secret)
    assert (code, "A previous rotation isn't complete" in words) == ("InvalidRequestException", True)


def test_cancel_of_unconfigured_rotation_is_rejected(cloud: AwsConnection, secret: str) -> None:
    assert rejected(cloud, "cancel_rotate_secret", SecretId=secret)[0] == "InvalidRequestException"
    assert value(cloud, secret) == "old"


def test_reused_request_token_with_another_value_is_rejected(cloud: AwsConnection, secret: str) -> None:
    client, token = cloud.client("secretsmanager"), str(uuid.uuid4())
    for _ in range(2):
        client.put_secret_value(SecretId=secret, SecretString="next", ClientRequestToken=token)
    code, _ = rejected(cloud, "put_secret_value", SecretId=secret, SecretString="x", ClientRequestToken=token)
    assert (code, value(cloud, secret)) == ("ResourceExistsException", "next")


@pytest.mark.parametrize("call", ["get_secret_value", "put_secret_value", "rotate_secret"])
def test_secret_scheduled_for_deletion_is_unusable_until_restored(cloud: AwsConnection, secret: str, call: str) -> None:
    client = cloud.client("secretsmanager")
    client.delete_secret(SecretId=secret)
    arguments = {"SecretString": "x"} if call == "put_secret_value" else {}
    code, words = rejected(cloud, call, SecretId=secret, **arguments)
    assert (code, "marked for deletion" in words) == ("InvalidRequestException", True)
    client.restore_secret(SecretId=secret)
    assert value(cloud, secret) == "old"


@pytest.mark.parametrize("named", [{"VersionStage": "AWSNOTHING"}, {"VersionId": str(uuid.UUID(int=1))}])
def test_unknown_stage_or_version_is_not_found(cloud: AwsConnection, secret: str, named: dict[str, str]) -> None:
    code, words = rejected(cloud, "get_secret_value", SecretId=secret, **named)
    assert (code, next(iter(named.values())) in words) == ("ResourceNotFoundException", True)


def test_current_value_follows_its_stage(cloud: AwsConnection, secret: str) -> None:
    client = cloud.client("secretsmanager")
    first = client.get_secret_value(SecretId=secret)["VersionId"]
    second = client.put_secret_value(SecretId=secret, SecretString="next", VersionStages=["other"])["VersionId"]
    assert value(cloud, secret) == "old"
    client.update_secret_version_stage(
        SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=second, RemoveFromVersionId=first
    )
    assert (value(cloud, secret), value(cloud, secret, VersionStage="AWSPREVIOUS")) == ("next", "old")
    client.put_secret_value(SecretId=secret, SecretString="third")
    stages = client.describe_secret(SecretId=secret)["VersionIdsToStages"].values()
    assert sum("AWSCURRENT" in each for each in stages) == 1
