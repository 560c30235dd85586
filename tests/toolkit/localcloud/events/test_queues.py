"""Messages of queues invoke functions as Lambda's event source mappings do."""

import json

import pytest
from aws_lambda_powertools.utilities.parser.models import SqsModel

from tests.support.event_delivery import (
    QUEUE_ACTIONS,
    VISIBLE_AFTER,
    Delivered,
    allow,
    count,
    forbid,
    map_source,
    printer,
    put,
    queue,
    received,
    worker,
)
from tests.support.scenarios import wait_until
from toolkit.localcloud.connection import AwsConnection

REPORTS = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}


def dead_lettered(cloud: AwsConnection, attempts: int = 2, suffix: str = "") -> tuple[str, str]:
    """A queue with a dead-letter queue: (queue, dead-letter queue)."""
    fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} if suffix else {}
    letters = queue(cloud, suffix, **fifo)
    redrive = json.dumps({"deadLetterTargetArn": letters, "maxReceiveCount": attempts})
    return queue(cloud, suffix, VisibilityTimeout=VISIBLE_AFTER, RedrivePolicy=redrive, **fifo), letters


def test_message_invokes_the_function_with_the_documented_record(cloud: AwsConnection, delivered: Delivered) -> None:
    """The record: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event."""
    source = queue(cloud)
    worker(cloud, source)
    attributes = {"colour": {"DataType": "String", "StringValue": "red"}}
    message = put(cloud, source, "documented", MessageAttributes=attributes)
    (event,) = delivered.wait_for("documented")
    (record,) = event["Records"]
    SqsModel.model_validate(event)
    assert (record["messageId"], record["body"], record["eventSource"]) == (message, "documented", "aws:sqs")
    assert (record["eventSourceARN"], record["awsRegion"]) == (source, cloud.region)
    assert record["messageAttributes"]["colour"]["stringValue"] == "red"
    assert {"ApproximateReceiveCount", "SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"} <= set(
        record["attributes"]
    )


def test_processed_message_is_deleted(cloud: AwsConnection, delivered: Delivered) -> None:
    source = queue(cloud)
    worker(cloud, source)
    put(cloud, source, "deleted once processed")
    delivered.wait_for("deleted once processed")
    wait_until(lambda: count(cloud, source) == 0)


def test_message_before_the_mapping_is_delivered(cloud: AwsConnection, delivered: Delivered) -> None:
    source = queue(cloud)
    put(cloud, source, "sent before the mapping")
    worker(cloud, source)
    delivered.wait_for("sent before the mapping")


def test_function_error_returns_the_whole_batch_and_then_dead_letters_it(
    cloud: AwsConnection, delivered: Delivered
) -> None:
    source, letters = dead_lettered(cloud)
    worker(cloud, source, **REPORTS)
    put(cloud, source, "raise twice")
    assert [letter["Body"] for letter in received(cloud, letters)] == ["raise twice"]
    assert len(delivered.events("raise twice")) == 2
    assert count(cloud, source) == 0


def test_reported_failure_returns_only_its_message(cloud: AwsConnection, delivered: Delivered) -> None:
    source, letters = dead_lettered(cloud, attempts=1)
    for body in ("fail partly", "works partly"):
        put(cloud, source, body)
    worker(cloud, source, **REPORTS)
    assert [letter["Body"] for letter in received(cloud, letters)] == ["fail partly"]
    assert count(cloud, source) == 0
    assert delivered.events("works partly")


def test_failure_without_reporting_deletes_the_message(cloud: AwsConnection, delivered: Delivered) -> None:
    source = queue(cloud, VisibilityTimeout=VISIBLE_AFTER)
    worker(cloud, source)
    put(cloud, source, "fail not reported")
    delivered.wait_for("fail not reported")
    wait_until(lambda: count(cloud, source) == 0)


@pytest.mark.parametrize("answer", ["[]", "{'batchItemFailures': [{'itemIdentifier': 'unknown'}]}"])
def test_malformed_response_fails_the_batch(cloud: AwsConnection, delivered: Delivered, answer: str) -> None:
    source, letters = dead_lettered(cloud, attempts=1)
    worker(cloud, source, **REPORTS)
    put(cloud, source, f"answer {answer} end")
    assert len(received(cloud, letters)) == 1
    assert delivered.log.exists()


def test_batching_window_collects_messages(cloud: AwsConnection, delivered: Delivered) -> None:
    source = queue(cloud)
    worker(cloud, source, BatchSize=4, MaximumBatchingWindowInSeconds=20)
    for number in range(4):
        put(cloud, source, f"collected {number}")
    (event,) = delivered.wait_for("collected")
    assert len(event["Records"]) == 4


def test_fifo_queue_keeps_the_order_of_a_group(cloud: AwsConnection, delivered: Delivered) -> None:
    source, letters = dead_lettered(cloud, suffix=".fifo")
    assert letters
    worker(cloud, source, BatchSize=1)
    for number in range(5):
        put(cloud, source, f"ordered {number}", MessageGroupId="one")
    delivered.wait_for("ordered", 5)
    assert [event["Records"][0]["body"] for event in delivered.events("ordered")] == [
        f"ordered {number}" for number in range(5)
    ]


def test_disabled_mapping_delivers_nothing_until_it_is_enabled(cloud: AwsConnection, delivered: Delivered) -> None:
    source, other = queue(cloud), queue(cloud)
    function = printer(cloud, allow("*", *QUEUE_ACTIONS))
    mapping = map_source(cloud, function, source, Enabled=False)
    map_source(cloud, function, other)
    put(cloud, source, "held back")
    put(cloud, other, "sent after it")
    delivered.wait_for("sent after it")
    assert not delivered.events("held back")
    cloud.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=True)
    delivered.wait_for("held back")


def test_filter_deletes_what_it_leaves_out(cloud: AwsConnection, delivered: Delivered) -> None:
    source = queue(cloud)
    pattern = json.dumps({"body": {"kind": ["wanted"]}})
    worker(cloud, source, FilterCriteria={"Filters": [{"Pattern": pattern}]})
    put(cloud, source, json.dumps({"kind": "unwanted", "text": "filtered"}))
    put(cloud, source, json.dumps({"kind": "wanted", "text": "filtered"}))
    (event,) = delivered.wait_for("filtered")
    assert [json.loads(record["body"])["kind"] for record in event["Records"]] == ["wanted"]
    wait_until(lambda: count(cloud, source) == 0)


def test_role_that_loses_its_permissions_is_reported_and_the_message_stays(
    cloud: AwsConnection, delivered: Delivered, caplog: pytest.LogCaptureFixture
) -> None:
    source = queue(cloud)
    function = worker(cloud, source)
    put(cloud, source, "still permitted")
    delivered.wait_for("still permitted")
    wait_until(lambda: count(cloud, source) == 0)
    forbid(function)
    put(cloud, source, "not permitted")
    wait_until(lambda: "is not authorized to perform: sqs:" in caplog.text)
    assert count(cloud, source) == 1


def test_dead_letter_is_reported_in_the_terminal(
    cloud: AwsConnection, delivered: Delivered, caplog: pytest.LogCaptureFixture
) -> None:
    source, letters = dead_lettered(cloud, attempts=1)
    worker(cloud, source)
    put(cloud, source, "raise and report")
    delivered.wait_for("raise and report")
    wait_until(lambda: f"went to {letters.rpartition(':')[2]}: it was received 1 times" in caplog.text)
