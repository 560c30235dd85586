"""A call that moto cannot answer gets one sentence in the caller's protocol, and a 5xx only for a failure of moto's."""

import json
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.support.aws import shared_aws
from tests.toolkit.localcloud.aws.test_requests import signed
from toolkit.localcloud.aws.authorization.errors import Reason
from toolkit.localcloud.aws.failures import error_response_of

JSON = "application/x-amz-json-1.1"
TARGET = "AWSCognitoIdentityProviderService"


def rejected(service: str, operation: str, **parameters: Any) -> tuple[int, str, str]:
    call = getattr(shared_aws().connection.client(service), operation)
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    error = raised.value.response["Error"]
    return int(raised.value.response["ResponseMetadata"]["HTTPStatusCode"]), error["Code"], error["Message"]


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "status", "code"),
    [
        ("sts", "decode_authorization_message", {"EncodedMessage": "x"}, 404, "InvalidAction"),
        ("iam", "list_organizations_features", {}, 404, "InvalidAction"),
        ("events", "list_partner_event_source_accounts", {"EventSourceName": "x"}, 400, "UnknownOperationException"),
        ("cloudfront", "list_anycast_ip_lists", {}, 404, "InvalidAction"),
        ("apigatewayv2", "get_deployments", {"ApiId": "x"}, 404, "UnknownOperationException"),
    ],
)
def test_unsupported_operation_returns_4xx_in_the_format_of_its_service(
    service: str, operation: str, parameters: dict[str, str], status: int, code: str
) -> None:
    assert rejected(service, operation, **parameters)[:2] == (status, code)


def test_error_of_unsupported_operation_names_the_operation() -> None:
    *_, sentence = rejected("sts", "decode_authorization_message", EncodedMessage="x")
    assert sentence == "The embedded AWS does not serve DecodeAuthorizationMessage: use an AWS account for it."


@pytest.mark.parametrize("body", [b"\xff", b"[" * 100_000])
def test_unreadable_body_returns_4xx(body: bytes) -> None:
    headers = {"X-Amz-Target": f"{TARGET}.GetUser", "Content-Type": JSON}
    answer = httpx.post(shared_aws().endpoint_url, content=body, headers=headers, trust_env=False)
    assert (answer.status_code, answer.json()["__type"]) == (400, "SerializationException")


def test_parameter_of_wrong_type_returns_4xx_with_its_name() -> None:
    headers = {"X-Amz-Target": "DynamoDB_20120810.CreateTable", "Content-Type": JSON}
    connection, body = shared_aws().connection, json.dumps({"TableName": "incomplete", "KeySchema": 5}).encode()
    sent = signed(connection, "dynamodb", data=body, **headers)
    answer = httpx.post(f"{connection.endpoint_url}/", content=body, headers=sent, trust_env=False)
    assert (answer.status_code, "KeySchema" in answer.json()["message"]) == (400, True)


@pytest.mark.parametrize("service", ["monitoring", "codedeploy", "dynamodb", "sts"])
def test_unknown_action_returns_4xx(service: str) -> None:
    connection = shared_aws().connection
    cases: list[tuple[str, dict[str, Any]]] = [
        ("/", {"X-Amz-Target": "A.Unknown", "Content-Type": JSON}),
        ("/", {}),
        ("/?Action=B", {}),
    ]
    for path, headers in cases:
        sent = signed(connection, service, path, **headers)
        answer = httpx.post(f"{connection.endpoint_url}{path}", headers=sent, trust_env=False)
        assert (answer.is_client_error, "does not serve" in answer.text) == (True, True), (path, headers)


def test_internal_error_of_moto_returns_500() -> None:
    rejection = error_response_of(ZeroDivisionError("x"), {"REQUEST_METHOD": "GET", "PATH_INFO": "/"})
    assert (rejection.reason, str(rejection)) == (Reason.FAILED, "The embedded AWS failed: ZeroDivisionError: x")


def test_bucket_policy_that_is_not_json_is_rejected() -> None:
    s3 = shared_aws().connection.client("s3")
    s3.create_bucket(Bucket="no-policy")
    for text in ("{", "[]", "{}", "[" * 50_000, '{"Statement": [1]}', '{"Statement": {"Effect": "Maybe"}}'):
        assert rejected("s3", "put_bucket_policy", Bucket="no-policy", Policy=text)[:2] == (400, "MalformedPolicy")
    s3.delete_bucket(Bucket="no-policy")
