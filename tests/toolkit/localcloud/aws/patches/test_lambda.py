"""An account's functions reserve only what Lambda's concurrency quota leaves for them."""

import io
import json
import zipfile
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.awslambda.models import LambdaBackend
from moto.awslambda.responses import LambdaResponse

from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.aws.patches.lambda_ import patch_concurrency_quota

TOO_MUCH = r"InvalidParameterValueException.*below its minimum value of \[{}\]"


def create_function(session: Any, name: str) -> Any:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = session.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "")
    functions = session.client("lambda")
    functions.create_function(
        FunctionName=name, Role=role, Runtime="python3.13", Handler="main.x", Code={"ZipFile": code.getvalue()}
    )
    return functions


def test_reservation_that_leaves_less_than_100_unreserved_is_rejected() -> None:
    with EmbeddedAws() as aws:
        functions = create_function(aws.connection, "one")
        create_function(aws.connection, "two").put_function_concurrency(
            FunctionName="two", ReservedConcurrentExecutions=500
        )
        with pytest.raises(ClientError, match=TOO_MUCH.format(100)):
            functions.put_function_concurrency(FunctionName="one", ReservedConcurrentExecutions=401)
        functions.put_function_concurrency(FunctionName="one", ReservedConcurrentExecutions=400)
        limit = functions.get_account_settings()["AccountLimit"]
        assert (limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]) == (1000, 100)


def test_reservation_with_a_quota_of_10_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LambdaBackend, "put_function_concurrency", LambdaBackend.put_function_concurrency)
    monkeypatch.setattr(LambdaResponse, "get_account_settings", None, raising=False)
    patch_concurrency_quota()
    monkeypatch.setattr(LambdaBackend, "concurrency_quota", 10)
    with mock_aws():
        functions = create_function(boto3.Session("test", "test", region_name="eu-central-1"), "one")
        with pytest.raises(ClientError, match=TOO_MUCH.format(10)):
            functions.put_function_concurrency(FunctionName="one", ReservedConcurrentExecutions=1)
