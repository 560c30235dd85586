"""Queues, indexes, streams and event source mappings of the local provider: changes in place, drift and import."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.aws import ACCOUNT, shared_aws, unique
from tests.support.examples.parents import Parents
from toolkit.localcloud.provider import AwsProvider, ProviderError
from toolkit.localcloud.provider.registry import entry_of

QUEUE = "aws:sqs/queue:Queue"
TABLE = "aws:dynamodb/table:Table"
MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"


@pytest.fixture
def provider(tmp_path: Path) -> AwsProvider:
    return AwsProvider(shared_aws().connection, ACCOUNT, tmp_path)


def table(*indexes: str, **settings: Any) -> dict[str, Any]:
    """The inputs of a table with an index for each of these attributes."""
    inputs: dict[str, Any] = {
        "attributes": [{"name": name, "type": "S"} for name in ("id", *indexes)],
        "hashKey": "id",
        "billingMode": "PAY_PER_REQUEST",
        **settings,
    }
    if indexes:
        inputs["globalSecondaryIndexes"] = [
            {"name": f"by-{name}", "hashKey": name, "projectionType": "ALL"} for name in indexes
        ]
    return inputs


def test_fifo_queue_has_an_automatic_name_that_ends_in_fifo(provider: AwsProvider) -> None:
    created = provider.create(QUEUE, "orders", {"fifoQueue": True, "contentBasedDeduplication": True})
    assert created.outputs["name"].startswith("orders-")
    assert created.outputs["name"].endswith(".fifo")
    assert created.outputs["arn"].endswith(created.outputs["name"])


def test_attribute_that_the_program_no_longer_gives_has_the_default_of_aws(provider: AwsProvider) -> None:
    inputs = {"visibilityTimeoutSeconds": 90, "messageRetentionSeconds": 3600}
    created = provider.create(QUEUE, "orders", inputs)
    outputs = provider.update(QUEUE, created.id, inputs, {})
    assert (outputs["visibilityTimeoutSeconds"], outputs["messageRetentionSeconds"]) == (30, 345600)


def test_queue_is_imported_by_its_url(provider: AwsProvider) -> None:
    created = provider.create(QUEUE, "orders", {"visibilityTimeoutSeconds": 90, "tags": {"a": "b"}})
    imported = provider.read(QUEUE, created.id)
    assert imported is not None
    assert (imported["visibilityTimeoutSeconds"], imported["tagsAll"]) == (90, {"a": "b"})


def test_change_of_a_queue_outside_the_program_is_read(provider: AwsProvider) -> None:
    created = provider.create(QUEUE, "orders", {"visibilityTimeoutSeconds": 90})
    shared_aws().connection.client("sqs").set_queue_attributes(
        QueueUrl=created.id, Attributes={"VisibilityTimeout": "5"}
    )
    state = provider.read(QUEUE, created.id, created.outputs)
    assert state is not None
    assert state["visibilityTimeoutSeconds"] == 5


@pytest.mark.parametrize(
    ("before", "after"),
    [((), ("mail",)), (("mail",), ()), (("mail",), ("mail", "day")), (("mail", "day"), ("place", "day"))],
)
def test_indexes_change_in_place_and_keep_the_records(
    provider: AwsProvider, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    created = provider.create(TABLE, "records", table(*before))
    dynamodb = shared_aws().connection.client("dynamodb")
    dynamodb.put_item(TableName=created.id, Item={"id": {"S": "1"}})
    outputs = provider.update(TABLE, created.id, table(*before), table(*after))
    assert [index["name"] for index in outputs.get("globalSecondaryIndexes", ())] == [f"by-{name}" for name in after]
    assert {each["name"] for each in outputs["attributes"]} == {"id", *after}
    assert dynamodb.scan(TableName=created.id)["Count"] == 1


def test_index_with_other_keys_is_created_again(provider: AwsProvider) -> None:
    inputs = table("mail", "day")
    changed = table("mail", "day")
    changed["globalSecondaryIndexes"][0]["rangeKey"] = "day"
    created = provider.create(TABLE, "records", inputs)
    outputs = provider.update(TABLE, created.id, inputs, changed)
    assert outputs["globalSecondaryIndexes"] == changed["globalSecondaryIndexes"]


def test_provisioned_index_has_its_own_capacity(provider: AwsProvider) -> None:
    inputs = table("mail", billingMode="PROVISIONED", readCapacity=5, writeCapacity=5)
    inputs["globalSecondaryIndexes"][0] |= {"readCapacity": 2, "writeCapacity": 1}
    created = provider.create(TABLE, "records", inputs)
    assert created.outputs["globalSecondaryIndexes"] == inputs["globalSecondaryIndexes"]
    changed = {**inputs, "globalSecondaryIndexes": [{**inputs["globalSecondaryIndexes"][0], "readCapacity": 4}]}
    outputs = provider.update(TABLE, created.id, inputs, changed)
    assert outputs["globalSecondaryIndexes"] == changed["globalSecondaryIndexes"]


def test_unsupported_property_of_an_index_is_rejected_with_its_path_and_nothing_stays(provider: AwsProvider) -> None:
    inputs = table("mail", name=unique("table"))
    inputs["globalSecondaryIndexes"][0]["warmThroughput"] = {"readUnitsPerSecond": 20000, "writeUnitsPerSecond": 8000}
    with pytest.raises(ProviderError, match=r"no support for globalSecondaryIndexes\.warmThroughput"):
        provider.create(TABLE, "records", inputs)
    assert provider.read(TABLE, inputs["name"]) is None


def test_more_than_20_indexes_are_rejected(provider: AwsProvider) -> None:
    with pytest.raises(ProviderError, match="exceeds the per-table limit of 20"):
        provider.create(TABLE, "records", table(*(f"key{number}" for number in range(21))))


def test_stream_is_enabled_changed_and_disabled_in_place(provider: AwsProvider) -> None:
    off, images = table(), table(streamEnabled=True, streamViewType="NEW_IMAGE")
    keys = {**images, "streamViewType": "KEYS_ONLY"}
    created = provider.create(TABLE, "records", off)
    assert created.outputs["streamArn"] == ""
    first = provider.update(TABLE, created.id, off, images)
    assert first["streamArn"].startswith(f"{created.outputs['arn']}/stream/")
    second = provider.update(TABLE, created.id, images, keys)
    assert (second["streamViewType"], second["streamArn"] != first["streamArn"]) == ("KEYS_ONLY", True)
    assert provider.update(TABLE, created.id, keys, off)["streamEnabled"] is False


def test_change_of_the_stream_renews_its_arn() -> None:
    entry = entry_of(TABLE)
    assert entry.changed_outputs(frozenset({"streamViewType"})) == {"streamArn", "streamLabel"}
    assert entry.changed_outputs(frozenset({"ttl"})) == frozenset()


def test_mapping_of_a_stream_has_its_retries_and_destination(provider: AwsProvider) -> None:
    parents = Parents(provider)
    inputs = {
        "eventSourceArn": parents.stream,
        "functionName": parents.alias["arn"],
        "startingPosition": "TRIM_HORIZON",
        "maximumRetryAttempts": 3,
        "bisectBatchOnFunctionError": True,
        "destinationConfig": {"onFailure": {"destinationArn": parents.queue["arn"]}},
    }
    created = provider.create(MAPPING, "changes", inputs)
    assert {**created.outputs, **inputs} == created.outputs
    kept = {name: inputs[name] for name in ("eventSourceArn", "functionName", "startingPosition")}
    outputs = provider.update(MAPPING, created.id, inputs, kept)
    assert (outputs["maximumRetryAttempts"], outputs["bisectBatchOnFunctionError"]) == (-1, False)
    imported = provider.read(MAPPING, created.id)
    assert imported is not None
    assert (imported["functionName"], imported["eventSourceArn"]) == (parents.alias["arn"], parents.stream)


def test_mapping_with_a_too_short_visibility_timeout_is_rejected_with_the_error_of_aws(provider: AwsProvider) -> None:
    parents = Parents(provider)
    queue = provider.create(QUEUE, "orders", {"visibilityTimeoutSeconds": 2}).outputs["arn"]
    with pytest.raises(
        ProviderError, match=r"jobs: CreateEventSourceMapping failed: .*Queue visibility timeout: 2 sec"
    ):
        provider.create(MAPPING, "jobs", {"eventSourceArn": queue, "functionName": parents.function["name"]})


def test_function_is_subscribed_with_a_dead_letter_queue(provider: AwsProvider) -> None:
    parents = Parents(provider)
    inputs = {
        "topic": parents.topic,
        "protocol": "lambda",
        "endpoint": parents.alias["arn"],
        "redrivePolicy": json.dumps({"deadLetterTargetArn": parents.queue["arn"]}),
    }
    created = provider.create(SUBSCRIPTION, "news", inputs)
    assert {**created.outputs, **inputs} == created.outputs
    assert created.outputs["pendingConfirmation"] is False
    without = {name: value for name, value in inputs.items() if name != "redrivePolicy"}
    assert not provider.update(SUBSCRIPTION, created.id, inputs, without).get("redrivePolicy")
