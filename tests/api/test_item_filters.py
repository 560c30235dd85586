"""Lists of items by tag and by the beginning of their names."""

import unicodedata
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from api.items.repository import MAX_NAME_LENGTH, DynamoItems, ItemContent, name_key
from api.items.service import ItemQuery
from api.table import Table
from tests.api.test_items_end_to_end import ITEMS, Call, create
from tests.support.events import user_claims

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def table(dynamodb: Any, environment: dict[str, str]) -> Table:
    return Table(dynamodb, environment["ITEMS_TABLE"])


def names(call: Call, claims: dict[str, str], **query: str) -> list[str]:
    """The names on all pages of a list, of two items each."""
    seen: list[str] = []
    query["limit"] = "2"
    while True:
        answer = call("GET", ITEMS, claims=claims, query=query)
        assert answer.status == 200, answer.body
        seen += [item["name"] for item in answer.json["items"]]
        if answer.json["next_cursor"] is None:
            return seen
        query["cursor"] = answer.json["next_cursor"]


def change(call: Call, claims: dict[str, str], item: Any, **content: Any) -> None:
    answer = call("PUT", f"{ITEMS}/{item['id']}", claims=claims, body=content, headers={"if-match": "*"})
    assert answer.status == 200, answer.body


def tag_records(table: Table, claims: dict[str, str]) -> list[str]:
    return [each["record"] for each in table.query(claims["sub"], "tag#", after=None, limit=100)]


def test_tag_selects_items_of_the_caller_in_both_orders(call: Call, ada: dict[str, str]) -> None:
    for number in range(5):
        create(call, ada, name=f"lamp {number}", tags=["desk", "light"] if number % 2 else ["light"])
    create(call, ada, name="chair", tags=["desk-2", "des"])
    create(call, user_claims(f"bob-{uuid.uuid4()}"), name="of bob", tags=["light"])
    assert names(call, ada, tag="light", order="oldest") == [f"lamp {number}" for number in range(5)]
    assert names(call, ada, tag="light") == [f"lamp {number}" for number in (4, 3, 2, 1, 0)]
    assert names(call, ada, tag="desk") == ["lamp 3", "lamp 1"]
    assert names(call, ada, tag="unknown") == []


def test_list_by_tag_has_each_change_of_the_tags_at_once(call: Call, ada: dict[str, str], table: Table) -> None:
    item = create(call, ada, tags=["desk", "light"])
    change(call, ada, item, name="Lamp", tags=["light", "sale"])
    assert [names(call, ada, tag=tag) for tag in ("desk", "light", "sale")] == [[], ["Lamp"], ["Lamp"]]
    change(call, ada, item, name="Lamp")
    assert tag_records(table, ada) == []
    change(call, ada, item, name="Lamp", tags=["desk"])
    assert names(call, ada, tag="desk") == ["Lamp"]
    assert call("DELETE", f"{ITEMS}/{item['id']}", claims=ada, headers={"if-match": '"4"'}).status == 204
    assert (names(call, ada, tag="desk"), tag_records(table, ada)) == ([], [])


def test_rejected_change_of_the_tags_changes_no_list(call: Call, ada: dict[str, str], table: Table) -> None:
    item = create(call, ada, tags=["desk"])
    address, body = f"{ITEMS}/{item['id']}", {"name": "Lamp", "tags": ["sale"]}
    assert call("PUT", address, claims=ada, body=body, headers={"if-match": '"7"'}).status == 412
    call("POST", f"{address}/attachments", claims=ada, body={"file_name": "plan", "content_type": "text/plain"})
    assert call("DELETE", address, claims=ada, headers={"if-match": "*"}).status == 409
    assert (names(call, ada, tag="desk"), names(call, ada, tag="sale")) == (["Lamp"], [])
    assert tag_records(table, ada) == [f"tag#desk#{item['id']}"]


def test_version_changes_once_with_the_tags(call: Call, ada: dict[str, str]) -> None:
    address = f"{ITEMS}/{create(call, ada, tags=['desk'])['id']}"
    answer = call("PUT", address, claims=ada, body={"name": "x", "tags": ["sale"]}, headers={"if-match": '"1"'})
    assert (answer.status, answer.json["version"], answer.headers["etag"]) == (200, 2, '"2"')
    assert call("GET", address, claims=ada).json == answer.json


def test_repeated_post_with_tags_stores_them_once(call: Call, ada: dict[str, str], table: Table) -> None:
    send = {"claims": ada, "body": {"name": "Lamp", "tags": ["desk"]}, "headers": {"idempotency-key": "key"}}
    first, again = call("POST", ITEMS, **send), call("POST", ITEMS, **send)
    assert first.json == again.json
    assert tag_records(table, ada) == [f"tag#desk#{first.json['id']}"]


def test_item_that_changed_after_the_query_is_not_in_the_page(table: Table, ada: dict[str, str]) -> None:
    """A tag record without its item stands for a deletion between the two reads."""
    items, owner = DynamoItems(table), ada["sub"]
    for item_id in ("a", "b"):
        table.put({"owner": owner, "record": f"tag#desk#{item_id}"}, "attribute_not_exists(#record)")
    assert items.page_with_tag(owner, "desk", None, 1, newest_first=True) == []


def test_item_of_before_the_index_is_in_it_after_its_next_change(
    call: Call, ada: dict[str, str], table: Table, dynamodb: Any
) -> None:
    item = create(call, ada, tags=["desk"])
    key = {"owner": {"S": ada["sub"]}, "record": {"S": f"item#{item['id']}"}}
    dynamodb.update_item(TableName=table.name, Key=key, UpdateExpression="REMOVE name_key")
    dynamodb.delete_item(TableName=table.name, Key=key | {"record": {"S": f"tag#desk#{item['id']}"}})
    assert names(call, ada, tag="desk") == names(call, ada, name_prefix="L") == []
    change(call, ada, item, name="Lamp", tags=["desk"])
    assert names(call, ada, tag="desk") == names(call, ada, name_prefix="L") == ["Lamp"]


def test_name_prefix_selects_items_of_the_caller_in_the_order_of_names(call: Call, ada: dict[str, str]) -> None:
    for name in ("Lamp", "lantern", "LADDER", "chair", "Lamp", "école", "E\u0301COLE 2"):
        create(call, ada, name=name)
    create(call, user_claims(f"bob-{uuid.uuid4()}"), name="lamp of bob")
    assert names(call, ada, name_prefix="LA") == ["LADDER", "Lamp", "Lamp", "lantern"]
    assert names(call, ada, name_prefix="lamp") == ["Lamp", "Lamp"]
    assert names(call, ada, name_prefix="É") == ["école", "E\u0301COLE 2"]
    assert names(call, ada, name_prefix="x") == []


def test_list_by_name_has_new_name_and_current_content(call: Call, ada: dict[str, str]) -> None:
    item = create(call, ada, name="Lamp")
    change(call, ada, item, name="Torch", description="new")
    assert names(call, ada, name_prefix="lamp") == []
    (found,) = call("GET", ITEMS, claims=ada, query={"name_prefix": "tor"}).json["items"]
    assert found == call("GET", f"{ITEMS}/{item['id']}", claims=ada).json


@pytest.mark.parametrize(("other", "value"), [("order", "newest"), ("order", "oldest"), ("tag", "desk")])
def test_name_prefix_with_order_or_tag_is_rejected(call: Call, ada: dict[str, str], other: str, value: str) -> None:
    answer = call("GET", ITEMS, claims=ada, query={"name_prefix": "x", other: value})
    assert (answer.status, [each["location"] for each in answer.json["errors"]]) == (422, [f"query.{other}"])


@pytest.mark.parametrize(
    "query", [{"tag": "Desk"}, {"tag": ""}, {"tag": "x" * 33}, {"name_prefix": ""}, {"name_prefix": "x" * 101}]
)
def test_invalid_filter_is_rejected(call: Call, ada: dict[str, str], query: dict[str, str]) -> None:
    answer = call("GET", ITEMS, claims=ada, query=query)
    assert (answer.status, [each["location"] for each in answer.json["errors"]]) == (422, [f"query.{min(query)}"])


def test_cursor_of_another_filter_is_rejected(call: Call, ada: dict[str, str]) -> None:
    for _ in range(2):
        create(call, ada, name="Lamp", tags=["desk", "light"])
    lists: list[dict[str, str]] = [{"tag": "desk"}, {"tag": "light"}, {"name_prefix": "la"}, {"name_prefix": "l"}, {}]
    cursors = [call("GET", ITEMS, claims=ada, query=each | {"limit": "1"}).json["next_cursor"] for each in lists]
    for one, cursor in zip(lists, cursors, strict=True):
        for other in lists:
            answer = call("GET", ITEMS, claims=ada, query=other | {"cursor": cursor})
            assert answer.status == (200 if one == other else 400), (one, other)


def test_cursor_of_longest_name_is_accepted(call: Call, ada: dict[str, str]) -> None:
    for _ in range(2):
        create(call, ada, name="😀" * MAX_NAME_LENGTH)
    assert len(names(call, ada, name_prefix="😀" * MAX_NAME_LENGTH)) == 2
    query = {"name_prefix": "😀", "limit": "1"}
    query["cursor"] = call("GET", ITEMS, claims=ada, query=query).json["next_cursor"]
    assert len(call("GET", ITEMS, claims=ada, query=query).json["items"]) == 1


def test_normalized_name_fits_into_a_key_of_dynamodb() -> None:
    """1024 bytes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html."""
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    longest = max(characters, key=lambda each: len(unicodedata.normalize("NFC", each).casefold().encode()))
    assert len(name_key(longest * MAX_NAME_LENGTH).encode()) <= 400


def test_queries_of_cursors_are_different() -> None:
    queries = [ItemQuery(), ItemQuery("oldest"), ItemQuery(tag="oldest"), ItemQuery("oldest", "a"), ItemQuery(tag="a")]
    queries += [ItemQuery(name_prefix="a"), ItemQuery(name_prefix="newest")]
    assert len({query.text for query in queries}) == len(queries)


def test_concurrent_changes_of_tags_keep_records_and_item_equal(table: Table, ada: dict[str, str], call: Call) -> None:
    item, items, owner = create(call, ada, tags=["a"]), DynamoItems(table), ada["sub"]
    for number, tags in enumerate((["b"], ["b", "c"], [], ["a", "c"], ["a", "c"])):
        items.replace(owner, item["id"], ItemContent(f"n{number}", "", tags, {}), None, NOW)
        assert sorted(tag_records(table, ada)) == [f"tag#{tag}#{item['id']}" for tag in tags]
