"""A transaction's token counts once, as in DynamoDB."""

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
