"""The served API invokes a function only as its resource policy allows, and follows each change at once."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.support.functions import DeployedFunction, deploy
from tests.support.http_apis import ApiBuilder, ServedApi, permit, serving
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime.function import may_invoke

VERSION = "import os\ndef handler(event, context):\n    return os.environ['AWS_LAMBDA_FUNCTION_VERSION']"
STAGE = {
    "AccessLogSettings": {
        "DestinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:a",
        "Format": '{"error": "$context.integrationErrorMessage", "also": "$context.integration.error", '
        '"status": "$context.status", "lambda": "$context.integrationStatus"}',
    }
}
FAILED = (500, {"message": "Internal Server Error"})


@pytest.fixture(scope="module", name="function")
def _function(cloud: AwsConnection) -> DeployedFunction:
    function = deploy(cloud, VERSION)
    function.publish(f"{VERSION}\n")
    return function


@pytest.fixture(scope="module", name="api")
def _api(cloud: AwsConnection, function: DeployedFunction) -> ApiBuilder:
    api = ApiBuilder(cloud, stage=STAGE)
    api.route("GET /live", api.function(function.live, permitted=False))
    api.route("ANY /any/{proxy+}", api.function(function.live, permitted=False))
    api.route("GET /latest", api.function(function.arn, permitted=False))
    return api


@pytest.fixture(scope="module", name="served")
def _served(cloud: AwsConnection, api: ApiBuilder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    with serving(cloud, api.id, tmp_path_factory.mktemp("policies")) as served:
        yield served


@pytest.fixture(name="client")
def _client(served: ServedApi) -> Iterator[httpx.Client]:
    with served.client() as client:
        yield client


def add(function: DeployedFunction, qualifier: str | None = "live", **arguments: Any) -> None:
    named = {"Qualifier": qualifier} if qualifier else {}
    function.connection.client("lambda").add_permission(
        **{
            "FunctionName": function.name,
            "StatementId": "one",
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            **named,
            **arguments,
        }
    )


def remove(function: DeployedFunction, qualifier: str | None = "live") -> None:
    named = {"Qualifier": qualifier} if qualifier else {}
    function.connection.client("lambda").remove_permission(FunctionName=function.name, StatementId="one", **named)


def test_removed_permission_fails_the_next_request_and_is_in_the_access_log(
    function: DeployedFunction, client: httpx.Client, served: ServedApi
) -> None:
    add(function)
    assert client.get("/live").json() == 2
    remove(function)
    answer = client.get("/live")
    assert (answer.status_code, answer.json()) == FAILED
    line = json.loads(served.access_log.splitlines()[-1])
    assert line["error"].startswith(
        "The IAM role configured on the integration or API Gateway doesn't have permissions"
    )
    assert (line["also"], line["status"], line["lambda"]) == (line["error"], "500", "403")
    add(function)
    assert client.get("/live").status_code == 200
    remove(function)


@pytest.mark.parametrize(
    ("path", "qualifier", "arguments", "allowed"),
    [
        ("/live", "live", {"SourceArn": "{api}/*/*"}, True),
        ("/live", "live", {"SourceArn": "{api}/$default/GET/live"}, True),
        ("/live", "live", {"SourceArn": "{api}/*/*/live"}, True),
        ("/live", "live", {"SourceArn": "{api}/prod/*/live"}, False),
        ("/live", "live", {"SourceArn": "{api}/*/POST/live"}, False),
        ("/live", "live", {"SourceArn": "{api}other/*/*"}, False),
        ("/live", "live", {"SourceArn": "arn:aws:execute-api:*"}, False),
        ("/any/1/2", "live", {"SourceArn": "{api}/*/*/any/{proxy+}"}, True),
        ("/live", "live", {"SourceAccount": "123456789012"}, True),
        ("/live", "live", {"SourceAccount": "210987654321"}, False),
        ("/live", "live", {"SourceArn": "{api}/*/*", "SourceAccount": "210987654321"}, False),
        ("/live", "live", {"Principal": "s3.amazonaws.com"}, False),
        ("/live", "live", {"Principal": "*"}, True),
        ("/live", "live", {"Principal": "*", "PrincipalOrgID": "o-1234567890"}, False),
        ("/live", "live", {"Action": "lambda:GetFunction"}, False),
        ("/live", "live", {"Action": "lambda:*"}, True),
        ("/live", None, {}, False),
        ("/live", "2", {}, False),
        ("/latest", None, {}, True),
        ("/latest", "live", {}, False),
    ],
)
def test_statement_allows_only_its_principal_action_and_source(
    function: DeployedFunction,
    api: ApiBuilder,
    client: httpx.Client,
    path: str,
    qualifier: str | None,
    arguments: dict[str, str],
    *,
    allowed: bool,
) -> None:
    arn = f"arn:aws:execute-api:us-east-1:123456789012:{api.id}"
    add(function, qualifier, **{name: value.replace("{api}", arn) for name, value in arguments.items()})
    try:
        answer = client.get(path)
    finally:
        remove(function, qualifier)
    if allowed:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.json()) == FAILED


def test_deny_statement_overrides_allow() -> None:
    statement = {"Resource": "arn:f", "Action": "lambda:InvokeFunction", "Principal": "*"}
    source = "arn:aws:execute-api:us-east-1:123456789012:api/$default/GET/"
    allowing, denying = {**statement, "Effect": "Allow"}, {**statement, "Effect": "Deny"}
    for statements, expected in (([allowing], True), ([allowing, denying], False)):
        policy = json.dumps({"Statement": statements})
        assert may_invoke(policy, "apigateway.amazonaws.com", "arn:f", source) == expected


def test_policies_of_alias_and_function_are_separate(function: DeployedFunction) -> None:
    client = function.connection.client("lambda")
    add(function)
    try:
        assert json.loads(client.get_policy(FunctionName=function.name, Qualifier="live")["Policy"])["Statement"]
        for qualifier in ({}, {"Qualifier": "1"}):
            with pytest.raises(client.exceptions.ResourceNotFoundException):
                client.get_policy(FunctionName=function.name, **qualifier)
            with pytest.raises(client.exceptions.ResourceNotFoundException, match="one is not found"):
                client.remove_permission(FunctionName=function.name, StatementId="one", **qualifier)
        with pytest.raises(client.exceptions.ResourceConflictException, match="already exists"):
            add(function)
    finally:
        remove(function)


def test_change_of_a_function_applies_to_the_next_request(
    cloud: AwsConnection, function: DeployedFunction, api: ApiBuilder, client: httpx.Client
) -> None:
    aws, name = cloud.client("lambda"), function.name
    permit(cloud, function.live, api.id)
    permit(cloud, function.arn, api.id)
    assert client.get("/live").json() == 2
    aws.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    assert client.get("/live").status_code == 503
    aws.delete_function_concurrency(FunctionName=name)
    assert client.get("/live").json() == 2
    aws.update_alias(FunctionName=name, Name="live", FunctionVersion="1")
    assert client.get("/live").json() == 1
    aws.update_alias(FunctionName=name, Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 1.0}})
    assert {client.get("/live").json() for _ in range(5)} == {2}
    aws.update_alias(FunctionName=name, Name="live", RoutingConfig={"AdditionalVersionWeights": {}})
    assert {client.get("/live").json() for _ in range(5)} == {1}
    aws.update_function_configuration(FunctionName=name, Environment={"Variables": {"BROKEN": "no"}}, Timeout=9)
    assert client.get("/latest").status_code == 200
    aws.update_function_configuration(FunctionName=name, Handler="main.nothing")
    assert client.get("/latest").status_code == 500
    aws.update_function_configuration(FunctionName=name, Handler="main.handler")
    assert client.get("/latest").status_code == 200
    aws.delete_alias(FunctionName=name, Name="live")
    answer = client.get("/live")
    assert (answer.status_code, answer.json()) == FAILED
    with pytest.raises(ClientError, match="Function not found"):
        aws.invoke(FunctionName=name, Qualifier="live")
    aws.create_alias(FunctionName=name, Name="live", FunctionVersion="2")
    assert client.get("/live").json() == 2
