"""Indexes and streams of the embedded DynamoDB change as in DynamoDB."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws import shared_aws, unique


def client() -> Any:
    return shared_aws().connection.client("dynamodb")


def attributes(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


def index(name: str, **settings: Any) -> dict[str, Any]:
    schema = [{"AttributeName": name, "KeyType": "HASH"}]
    return {"IndexName": f"by-{name}", "KeySchema": schema, "Projection": {"ProjectionType": "ALL"}, **settings}


def create_table(*indexes: str, **settings: Any) -> str:
    name = unique("table")
    if indexes:
        settings["GlobalSecondaryIndexes"] = [index(each) for each in indexes]
    client().create_table(
        TableName=name,
        AttributeDefinitions=attributes("id", *indexes),
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        **settings,
    )
    return name


def described(name: str) -> dict[str, Any]:
    table: dict[str, Any] = client().describe_table(TableName=name)["Table"]
    return table


def change(name: str, *changes: dict[str, Any], names: tuple[str, ...] = ()) -> None:
    settings = {"AttributeDefinitions": attributes(*names)} if names else {}
    client().update_table(TableName=name, GlobalSecondaryIndexUpdates=list(changes), **settings)


def test_index_is_added_and_removed_with_its_attribute() -> None:
    name = create_table()
    change(name, {"Create": index("mail")}, names=("id", "mail"))
    assert [each["IndexName"] for each in described(name)["GlobalSecondaryIndexes"]] == ["by-mail"]
    change(name, {"Delete": {"IndexName": "by-mail"}})
    table = described(name)
    assert (table.get("GlobalSecondaryIndexes") or [], table["AttributeDefinitions"]) == ([], attributes("id"))


def test_records_are_found_by_an_index_that_was_added_later() -> None:
    name = create_table()
    client().put_item(TableName=name, Item={"id": {"S": "1"}, "mail": {"S": "a@example.com"}})
    change(name, {"Create": index("mail")}, names=("id", "mail"))
    found = client().query(
        TableName=name,
        IndexName="by-mail",
        KeyConditionExpression="mail = :mail",
        ExpressionAttributeValues={":mail": {"S": "a@example.com"}},
    )
    assert [item["id"] for item in found["Items"]] == [{"S": "1"}]


def test_two_indexes_in_one_call_are_rejected() -> None:
    name = create_table()
    with pytest.raises(ClientError, match=r"LimitExceededException.*Only 1 online index"):
        change(name, {"Create": index("mail")}, {"Create": index("day")}, names=("id", "mail", "day"))


def test_index_without_definition_of_its_attribute_is_rejected() -> None:
    with pytest.raises(ClientError, match=r"not defined in AttributeDefinitions. Keys: \[mail\]"):
        change(create_table(), {"Create": index("mail")})


def test_more_than_20_indexes_are_rejected() -> None:
    names = tuple(f"key{number}" for number in range(21))
    with pytest.raises(ClientError, match="GlobalSecondaryIndex count exceeds the per-table limit of 20"):
        create_table(*names)
    name = create_table(*names[:20])
    with pytest.raises(ClientError, match="GlobalSecondaryIndex count exceeds the per-table limit of 20"):
        change(name, {"Create": index(names[20])}, names=("id", *names))


def test_on_demand_throughput_of_an_index_is_kept_and_changed() -> None:
    limit = {"MaxReadRequestUnits": 10, "MaxWriteRequestUnits": 5}
    name = create_table()
    change(name, {"Create": index("mail", OnDemandThroughput=limit)}, names=("id", "mail"))
    assert described(name)["GlobalSecondaryIndexes"][0]["OnDemandThroughput"] == limit
    change(name, {"Update": {"IndexName": "by-mail", "OnDemandThroughput": {"MaxReadRequestUnits": 20}}})
    assert described(name)["GlobalSecondaryIndexes"][0]["OnDemandThroughput"] == {"MaxReadRequestUnits": 20}


def test_stream_is_enabled_again_with_another_view_type() -> None:
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    name = create_table(StreamSpecification=stream)
    first = described(name)["LatestStreamArn"]
    with pytest.raises(ClientError, match=r"ResourceInUseException|ValidationException"):
        client().update_table(TableName=name, StreamSpecification={**stream, "StreamViewType": "KEYS_ONLY"})
    client().update_table(TableName=name, StreamSpecification={"StreamEnabled": False})
    assert "StreamSpecification" not in described(name)
    client().update_table(TableName=name, StreamSpecification={**stream, "StreamViewType": "KEYS_ONLY"})
    table = described(name)
    assert (table["StreamSpecification"]["StreamViewType"], table["LatestStreamArn"] != first) == ("KEYS_ONLY", True)
