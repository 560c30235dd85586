"""Asynchronous invocations are tried again, and their events go to destinations and dead-letter queues."""

import json
from typing import Any

import pytest

from tests.support.event_delivery import Delivered, allow, printer, queue, received
from tests.support.functions import DeployedFunction
from tests.support.scenarios import wait_until
from toolkit.localcloud.connection import AwsConnection


def start(function: DeployedFunction, event: Any) -> None:
    client = function.connection.client("lambda")
    client.invoke(FunctionName=function.live, InvocationType="Event", Payload=json.dumps(event).encode())


def test_failed_event_is_tried_twice_more_with_the_same_request_id(cloud: AwsConnection, delivered: Delivered) -> None:
    letters = queue(cloud)
    function = printer(cloud, allow(letters, "sqs:SendMessage"), DeadLetterConfig={"TargetArn": letters})
    start(function, "raise thrice")
    (letter,) = received(cloud, letters)
    invocations = delivered.invocations("raise thrice")
    assert len(invocations) == 3
    assert len({each["request"] for each in invocations}) == 1
    attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert json.loads(letter["Body"]) == "raise thrice"
    assert attributes == {"RequestID": invocations[0]["request"], "ErrorCode": "200", "ErrorMessage": "bad value"}


def test_failure_destination_gets_the_documented_record(cloud: AwsConnection, delivered: Delivered) -> None:
    """The record: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html."""
    target = queue(cloud)
    function = printer(cloud, allow(target, "sqs:SendMessage"))
    cloud.client("lambda").put_function_event_invoke_config(
        FunctionName=function.name,
        Qualifier="live",
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": target}},
    )
    start(function, "raise once")
    (message,) = received(cloud, target)
    record = json.loads(message["Body"])
    (invocation,) = delivered.invocations("raise once")
    assert record["requestContext"] == {
        "requestId": invocation["request"],
        "functionArn": function.live,
        "condition": "RetriesExhausted",
        "approximateInvokeCount": 1,
    }
    assert (record["version"], record["requestPayload"]) == ("1.0", "raise once")
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "1", "functionError": "Unhandled"}
    assert record["responsePayload"]["errorMessage"] == "bad value"


def test_success_destination_gets_the_response(cloud: AwsConnection, delivered: Delivered) -> None:
    target = queue(cloud)
    function = printer(cloud, allow(target, "sqs:SendMessage"))
    cloud.client("lambda").put_function_event_invoke_config(
        FunctionName=function.name, Qualifier="live", DestinationConfig={"OnSuccess": {"Destination": target}}
    )
    start(function, {"is": "fine"})
    (message,) = received(cloud, target)
    record = json.loads(message["Body"])
    assert record["requestContext"]["condition"] == "Success"
    assert record["responsePayload"] == {"batchItemFailures": []}
    assert delivered.events("fine")


def test_role_without_permission_sends_no_dead_letter(
    cloud: AwsConnection, delivered: Delivered, caplog: pytest.LogCaptureFixture
) -> None:
    letters = queue(cloud)
    function = printer(cloud, DeadLetterConfig={"TargetArn": letters})
    start(function, "raise without permission")
    wait_until(lambda: "not authorized to perform: sqs:SendMessage" in caplog.text)
    assert len(delivered.events("raise without permission")) == 3


def test_function_without_reserved_concurrency_sends_events_to_the_dead_letter_queue_at_once(
    cloud: AwsConnection, delivered: Delivered
) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html, the note at the top."""
    letters = queue(cloud)
    function = printer(cloud, allow(letters, "sqs:SendMessage"), DeadLetterConfig={"TargetArn": letters})
    cloud.client("lambda").put_function_concurrency(FunctionName=function.name, ReservedConcurrentExecutions=0)
    start(function, "never run")
    (letter,) = received(cloud, letters)
    assert json.loads(letter["Body"]) == "never run"
    assert not delivered.events("never run")
