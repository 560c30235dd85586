"""Invoke of the embedded Lambda runs the function and responds as Lambda does."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.support.functions import DeployedFunction, deploy
from tests.support.http_apis import ApiBuilder, ServedApi, serving
from tests.support.scenarios import wait_until
from toolkit.localcloud.connection import AwsConnection

ELSEWHERE = "arn:aws:lambda:eu-west-1:123456789012:function:f"
SOURCE = """
import os
def handler(event, context):
    if event == "raise": raise ValueError("bad value")
    if event == "hang": import time; time.sleep(60)
    print("got", event)
    shown = context.client_context.custom if context.client_context else None
    return {"event": event, "version": context.function_version, "arn": context.invoked_function_arn, "shown": shown}
"""


@pytest.fixture(scope="module", name="served")
def _served(cloud: AwsConnection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    with serving(cloud, ApiBuilder(cloud).id, tmp_path_factory.mktemp("invoke")) as served:
        yield served


@pytest.fixture(scope="module", name="function")
def _function(cloud: AwsConnection, served: ServedApi) -> DeployedFunction:
    assert served.url
    return deploy(cloud, SOURCE, Timeout=2)


def invoke(function: DeployedFunction, **arguments: Any) -> Any:
    return function.connection.client("lambda").invoke(**{"FunctionName": function.name, **arguments})


def rejected(function: DeployedFunction, **arguments: Any) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as refusal:
        invoke(function, **arguments)
    answer = refusal.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


@pytest.mark.parametrize(
    ("qualifier", "version", "arn"),
    [({}, "$LATEST", ""), ({"Qualifier": "live"}, "1", ":live"), ({"Qualifier": "1"}, "1", ":1")],
)
def test_invoke_runs_the_version_of_the_qualifier(
    function: DeployedFunction, qualifier: dict[str, str], version: str, arn: str
) -> None:
    answer = invoke(function, Payload=b'{"a": "\xc3\xa9"}', **qualifier)
    assert (answer["StatusCode"], answer["ExecutedVersion"], "FunctionError" in answer) == (200, version, False)
    body = json.loads(answer["Payload"].read())
    assert (body["event"], body["version"]) == ({"a": "\u00e9"}, version)
    assert body["arn"] == f"{function.arn}{arn}"


@pytest.mark.parametrize("form", ["name:live", "arn", "arn:live", "123456789012:function:name:live"])
def test_function_name_is_accepted_in_every_form_of_lambda(function: DeployedFunction, form: str) -> None:
    named = form.replace("name", function.name) if "name" in form else form.replace("arn", function.arn)
    assert invoke(function, FunctionName=named, Payload=b"1")["StatusCode"] == 200


@pytest.mark.parametrize(
    ("arguments", "code", "status", "words"),
    [
        ({"Qualifier": "nothing"}, "ResourceNotFoundException", 404, "Function not found: arn:aws:lambda:"),
        ({"Qualifier": "9"}, "ResourceNotFoundException", 404, ":9"),
        ({"FunctionName": "missing"}, "ResourceNotFoundException", 404, "missing"),
        ({"FunctionName": "999999999999:function:f"}, "AccessDeniedException", 403, "account 999999999999"),
        ({"FunctionName": ELSEWHERE}, "ResourceNotFoundException", 404, "not reachable in this region"),
        ({"Payload": b"NaN"}, "InvalidRequestContentException", 400, "NaN"),
        ({"Qualifier": "nothing", "InvocationType": "Event"}, "ResourceNotFoundException", 404, "nothing"),
        ({"Qualifier": "nothing", "InvocationType": "DryRun"}, "ResourceNotFoundException", 404, "nothing"),
        ({"Payload": b"{no json"}, "InvalidRequestContentException", 400, "Could not parse request body into json"),
        ({"Payload": b"[" * 50_000}, "InvalidRequestContentException", 400, "Could not parse request body"),
        ({"Payload": b'"%b"' % (b"x" * 6 * 2**20)}, "RequestTooLargeException", 413, "smaller than 6291456 bytes"),
        (
            {"Payload": b'"%b"' % (b"x" * 2**20), "InvocationType": "Event"},
            *("RequestTooLargeException", 413, "smaller than 1048576 bytes"),
        ),
        ({"ClientContext": "!"}, "InvalidRequestContentException", 400, "valid Base64-encoded JSON"),
        ({"InvocationType": "Other"}, "InvalidParameterValueException", 400, "RequestResponse, Event or DryRun"),
    ],
)
def test_invocation_that_lambda_rejects_is_rejected(
    function: DeployedFunction, arguments: dict[str, Any], code: str, status: int, words: str
) -> None:
    found, answered, message = rejected(function, **arguments)
    assert (found, answered) == (code, status)
    assert words in message


def test_qualifier_that_differs_from_the_name_is_rejected(function: DeployedFunction) -> None:
    assert (
        rejected(function, FunctionName=f"{function.name}:live", Qualifier="1")[0] == "InvalidParameterValueException"
    )


@pytest.mark.parametrize(("event", "words"), [("raise", "bad value"), ("hang", "Task timed out after 2.00")])
def test_failing_function_returns_a_function_error(function: DeployedFunction, event: str, words: str) -> None:
    answer = invoke(function, Payload=json.dumps(event).encode(), Qualifier="live")
    assert (answer["StatusCode"], answer["FunctionError"], answer["ExecutedVersion"]) == (200, "Unhandled", "1")
    assert words in json.loads(answer["Payload"].read())["errorMessage"]


def test_log_tail_is_returned_on_request(function: DeployedFunction) -> None:
    answer = invoke(function, Payload=b'"seen"', LogType="Tail")
    tail = base64.b64decode(answer["LogResult"]).decode()
    assert tail.startswith("START RequestId: ")
    assert "got seen" in tail
    assert "REPORT RequestId: " in tail
    assert "LogResult" not in invoke(function, Payload=b'"seen"')


def test_client_context_is_passed_to_the_function(function: DeployedFunction) -> None:
    context = base64.b64encode('{"custom":\r\n {"a": "\u00e9"}}'.encode()).decode()
    assert json.loads(invoke(function, ClientContext=context)["Payload"].read())["shown"] == {"a": "\u00e9"}


def test_missing_payload_is_an_empty_object(function: DeployedFunction) -> None:
    assert json.loads(invoke(function)["Payload"].read())["event"] == {}


def test_event_invocation_returns_before_the_function_ends(function: DeployedFunction, served: ServedApi) -> None:
    begun = time.monotonic()
    assert invoke(function, Payload=b'"hang"', InvocationType="Event")["StatusCode"] == 202
    assert time.monotonic() - begun < 2
    assert invoke(function, Payload=b'"later"', InvocationType="Event")["StatusCode"] == 202
    wait_until(lambda: "got later" in (served.folder / "function.log").read_text())


def test_dry_run_does_not_run_the_function(function: DeployedFunction, served: ServedApi) -> None:
    assert invoke(function, Payload=b'"dry"', InvocationType="DryRun")["StatusCode"] == 204
    assert "got dry" not in (served.folder / "function.log").read_text()


def test_function_at_its_reserved_concurrency_is_throttled_at_once(function: DeployedFunction) -> None:
    client = function.connection.client("lambda")
    client.put_function_concurrency(FunctionName=function.name, ReservedConcurrentExecutions=0)
    try:
        assert rejected(function, Payload=b"1")[:2] == ("TooManyRequestsException", 429)
    finally:
        client.delete_function_concurrency(FunctionName=function.name)
    assert invoke(function, Payload=b"1")["StatusCode"] == 200


@pytest.mark.parametrize(("resource", "allowed"), [("live", True), ("1", False), ("", False)])
def test_invoke_without_permission_for_the_named_function_is_denied(
    cloud: AwsConnection, function: DeployedFunction, resource: str, *, allowed: bool
) -> None:
    iam, name = cloud.client("iam"), f"user-{function.name}-{resource or 'latest'}"
    iam.create_user(UserName=name)
    arn = f"{function.arn}:{resource}" if resource else function.arn
    statement = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": f"{function.arn}:live"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    client = boto3.client(
        "lambda",
        endpoint_url=cloud.endpoint_url,
        region_name=cloud.region,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        config=Config(proxies={}),
    )
    if allowed:
        assert client.invoke(FunctionName=arn, Payload=b"1")["StatusCode"] == 200
    else:
        with pytest.raises(ClientError, match=r"AccessDenied.*lambda:InvokeFunction"):
            client.invoke(FunctionName=arn, Payload=b"1")


@pytest.mark.parametrize("call", ["invoke_with_response_stream", "create_function_url_config"])
def test_unsupported_invocation_is_rejected_in_one_sentence(function: DeployedFunction, call: str) -> None:
    arguments = {"AuthType": "AWS_IAM"} if call == "create_function_url_config" else {}
    with pytest.raises(ClientError, match=r"The embedded AWS (streams no responses|serves no function URLs)"):
        getattr(function.connection.client("lambda"), call)(FunctionName=function.name, **arguments)
