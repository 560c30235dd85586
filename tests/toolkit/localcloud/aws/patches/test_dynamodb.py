"""A transaction's token counts once, as in DynamoDB, and a cancelled transaction changes nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core.exceptions import JsonRESTError

from tests.support.aws import shared_aws, unique
from toolkit.localcloud.aws.patches.dynamodb import VALID_SECONDS, TransactionTokens

KEY = ("123456789012", "us-east-1", "token")


def dynamodb() -> Any:
    return shared_aws().connection.client("dynamodb")


@pytest.fixture(scope="module")
def table() -> str:
    name = unique("table")
    dynamodb().create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "owner", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "owner", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def count(table: str, owner: str, step: str = "1", **more: Any) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": table,
            "Key": {"owner": {"S": owner}},
            "UpdateExpression": "ADD seen :step",
            "ExpressionAttributeValues": {":step": {"N": step}},
            **more,
        }
    }


def seen(table: str, owner: str) -> str | None:
    item = dynamodb().get_item(TableName=table, Key={"owner": {"S": owner}}).get("Item")
    return None if item is None else str(item["seen"]["N"])


def test_same_token_and_content_are_applied_once(table: str) -> None:
    owner, token = unique("owner"), unique("token")
    for _ in range(3):
        dynamodb().transact_write_items(TransactItems=[count(table, owner)], ClientRequestToken=token)
    assert seen(table, owner) == "1"


def test_parallel_transactions_with_one_token_are_applied_once(table: str) -> None:
    owner, token, client = unique("owner"), unique("token"), dynamodb()
    with ThreadPoolExecutor(8) as pool:
        calls = [
            pool.submit(client.transact_write_items, TransactItems=[count(table, owner)], ClientRequestToken=token)
            for _ in range(16)
        ]
        assert all(call.result() for call in calls)
    assert seen(table, owner) == "1"


def test_reused_token_with_other_content_is_rejected(table: str) -> None:
    owner, token = unique("owner"), unique("token")
    dynamodb().transact_write_items(TransactItems=[count(table, owner)], ClientRequestToken=token)
    with pytest.raises(ClientError) as caught:
        dynamodb().transact_write_items(TransactItems=[count(table, owner, "2")], ClientRequestToken=token)
    assert caught.value.response["Error"]["Code"] == "IdempotentParameterMismatchException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert seen(table, owner) == "1"


def test_token_of_cancelled_transaction_is_reusable(table: str) -> None:
    owner, token = unique("owner"), unique("token")
    exists = count(table, owner, ConditionExpression="attribute_exists(seen)")
    with pytest.raises(ClientError, match="TransactionCanceledException"):
        dynamodb().transact_write_items(TransactItems=[exists], ClientRequestToken=token)
    dynamodb().transact_write_items(TransactItems=[count(table, owner)])
    dynamodb().transact_write_items(TransactItems=[exists], ClientRequestToken=token)
    assert seen(table, owner) == "2"


def test_transactions_with_different_tokens_are_all_applied(table: str) -> None:
    owner = unique("owner")
    for _ in range(2):
        dynamodb().transact_write_items(TransactItems=[count(table, owner)])
    assert seen(table, owner) == "2"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("seconds", "writes"), [(VALID_SECONDS - 1, 1), (VALID_SECONDS + 1, 2)])
def test_token_expires_after_ten_minutes(seconds: float, writes: int) -> None:
    clock, done = Clock(), []
    write: Callable[[], None] = lambda: done.append(1)  # noqa: E731 - a write that counts itself
    tokens = TransactionTokens(clock)
    tokens.once(KEY, ["a"], write)
    clock.now = seconds
    tokens.once(KEY, ["a"], write)
    assert len(done) == writes


def test_token_comparison_ignores_the_order_of_keys() -> None:
    tokens = TransactionTokens(Clock())
    tokens.once(KEY, {"a": 1, "b": 2}, lambda: "answer")
    assert tokens.once(KEY, {"b": 2, "a": 1}, lambda: "other") == "answer"
    with pytest.raises(JsonRESTError, match="IdempotentParameterMismatch"):
        tokens.once(KEY, {"a": 1}, lambda: "other")


@pytest.fixture(scope="module")
def streamed() -> str:
    """A table with a range key and a stream."""
    name = unique("table")
    keys = [("owner", "HASH"), ("record", "RANGE")]
    dynamodb().create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in keys],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return name


def changes(table: str) -> int:
    """The number of records in the table's stream."""
    streams = shared_aws().connection.client("dynamodbstreams")
    arn = dynamodb().describe_table(TableName=table)["Table"]["LatestStreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
    return len(streams.get_records(ShardIterator=start["ShardIterator"])["Records"])


def test_cancelled_transaction_changes_no_item_and_no_stream(streamed: str) -> None:
    client, owner = dynamodb(), {"S": unique("owner")}

    def key(record: str) -> dict[str, Any]:
        return {"owner": owner, "record": {"S": record}}

    for record in ("changed", "deleted", "replaced"):
        client.put_item(TableName=streamed, Item=key(record) | {"seen": {"L": [{"N": "1"}]}})
    request = {"TableName": streamed, "KeyConditionExpression": "#o = :o", "ExpressionAttributeNames": {"#o": "owner"}}
    request["ExpressionAttributeValues"] = {":o": owner}
    before, recorded = client.query(**request)["Items"], changes(streamed)
    add = {
        "UpdateExpression": "SET seen = list_append(seen, :more)",
        "ExpressionAttributeValues": {":more": {"L": [{"N": "2"}]}},
    }
    writes: list[Any] = [
        {"Update": {"TableName": streamed, "Key": key("changed"), **add}},
        {"Delete": {"TableName": streamed, "Key": key("deleted")}},
        {"Put": {"TableName": streamed, "Item": key("replaced")}},
        {"Put": {"TableName": streamed, "Item": key("new")}},
    ]
    missing = {"Key": key("missing"), "ConditionExpression": "attribute_exists(seen)"}
    for last in ({"ConditionCheck": {"TableName": streamed, **missing}}, writes[0]):
        with pytest.raises(ClientError):
            client.transact_write_items(TransactItems=[*writes, last])
        assert (client.query(**request)["Items"], changes(streamed)) == (before, recorded)
    client.transact_write_items(TransactItems=writes)
    after = {item["record"]["S"]: item for item in client.query(**request)["Items"]}
    assert (sorted(after), len(after["changed"]["seen"]["L"])) == (["changed", "new", "replaced"], 2)
    assert changes(streamed) == recorded + 4
