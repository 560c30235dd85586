"""The changes of tables invoke functions as Lambda's event source mappings of DynamoDB streams do."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.parser.models import (
    DynamoDBStreamLambdaOnFailureDestinationModel,
    DynamoDBStreamModel,
)

from tests.support.event_delivery import (
    STREAM_ACTIONS,
    Delivered,
    Table,
    allow,
    forbid,
    map_source,
    printer,
    queue,
    received,
)
from tests.support.functions import DeployedFunction
from tests.support.scenarios import wait_until
from toolkit.localcloud.connection import AwsConnection

FIRST = {"StartingPosition": "TRIM_HORIZON"}


def reader(cloud: AwsConnection, table: Table, *statements: dict[str, Any], **mapping: Any) -> DeployedFunction:
    function = printer(cloud, allow(table.stream, *STREAM_ACTIONS), *statements)
    map_source(cloud, function, table.stream, **{**FIRST, **mapping})
    return function


def keys(events: list[Any]) -> list[list[str]]:
    return [[record["dynamodb"]["Keys"]["key"]["S"] for record in event["Records"]] for event in events]


def test_changes_invoke_the_function_with_the_documented_records(cloud: AwsConnection, delivered: Delivered) -> None:
    """The records: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html#dynamodb-streams-events."""
    table = Table(cloud)
    table.put("documented")
    table.put("documented", "changed")
    table.put("documented", "changed")  # no change
    table.delete("documented")
    reader(cloud, table)
    (event,) = delivered.wait_for(table.stream)
    DynamoDBStreamModel.model_validate(event)
    assert [record["eventName"] for record in event["Records"]] == ["INSERT", "MODIFY", "REMOVE"]
    created, changed, removed = event["Records"]
    assert (created["eventSource"], created["awsRegion"]) == ("aws:dynamodb", cloud.region)
    assert created["eventSourceARN"] == table.stream
    assert created["dynamodb"]["NewImage"]["raw"] == {"B": "cmF3"}
    assert "OldImage" not in created["dynamodb"]
    assert changed["dynamodb"]["OldImage"]["text"] == {"S": "text"}
    assert changed["dynamodb"]["NewImage"]["text"] == {"S": "changed"}
    assert "NewImage" not in removed["dynamodb"]
    assert isinstance(created["dynamodb"]["ApproximateCreationDateTime"], float)


def test_changes_are_delivered_in_order_and_in_batches(cloud: AwsConnection, delivered: Delivered) -> None:
    table = Table(cloud)
    for number in range(5):
        table.put(f"ordered-{number}")
    reader(cloud, table, BatchSize=2)
    delivered.wait_for(table.stream, 3)
    assert keys(delivered.events(table.stream)) == [
        ["ordered-0", "ordered-1"],
        ["ordered-2", "ordered-3"],
        ["ordered-4"],
    ]


def test_change_after_the_mapping_is_delivered(cloud: AwsConnection, delivered: Delivered) -> None:
    table = Table(cloud)
    reader(cloud, table)
    table.put("one")
    delivered.wait_for(table.stream)
    table.put("two")
    assert keys(delivered.wait_for(table.stream, 2)) == [["one"], ["two"]]


def test_failed_batch_is_tried_again_and_then_its_place_goes_to_the_destination(
    cloud: AwsConnection, delivered: Delivered
) -> None:
    """The record: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html."""
    table, target = Table(cloud), queue(cloud)
    table.put("raise")
    function = reader(
        cloud,
        table,
        allow(target, "sqs:SendMessage"),
        BatchSize=1,
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": target}},
    )
    table.put("after the failure")
    (message,) = received(cloud, target)
    record = json.loads(message["Body"])
    DynamoDBStreamLambdaOnFailureDestinationModel.model_validate(record)
    assert record["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert (record["requestContext"]["approximateInvokeCount"], record["requestContext"]["functionArn"]) == (
        2,
        function.live,
    )
    batch = record["DDBStreamBatchInfo"]
    assert (batch["batchSize"], batch["streamArn"]) == (1, table.stream)
    assert batch["startSequenceNumber"] == batch["endSequenceNumber"]
    wait_until(lambda: keys(delivered.events(table.stream)) == [["raise"], ["raise"], ["after the failure"]])


def test_failed_batch_is_split_where_the_mapping_bisects(cloud: AwsConnection, delivered: Delivered) -> None:
    table = Table(cloud)
    for key in ("a", "b", "raise", "c"):
        table.put(key)
    reader(cloud, table, BisectBatchOnFunctionError=True, MaximumRetryAttempts=0)
    wait_until(lambda: keys(delivered.events(table.stream))[-1:] == [["c"]])
    assert keys(delivered.events(table.stream)) == [
        ["a", "b", "raise", "c"],
        ["a", "b"],
        ["raise", "c"],
        ["raise"],
        ["c"],
    ]


def test_reported_failure_is_tried_again_from_its_record_on(cloud: AwsConnection, delivered: Delivered) -> None:
    table = Table(cloud)
    table.put("first")
    table.put("second", "answer {'batchItemFailures': [{'itemIdentifier': '1100000000017454423010'}]} end")
    reader(cloud, table, FunctionResponseTypes=["ReportBatchItemFailures"], MaximumRetryAttempts=1)
    delivered.wait_for(table.stream, 2)
    assert keys(delivered.events(table.stream)) == [["first", "second"], ["second"]]


def test_role_without_permission_reads_nothing(
    cloud: AwsConnection, delivered: Delivered, caplog: pytest.LogCaptureFixture
) -> None:
    table = Table(cloud)
    function = reader(cloud, table)
    table.put("permitted")
    delivered.wait_for(table.stream)
    forbid(function)
    table.put("never read")
    wait_until(lambda: "not authorized to perform: dynamodb:GetRecords" in caplog.text)
    assert not delivered.events("never read")
