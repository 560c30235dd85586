"""Merge patches of items (RFC 7396)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api.items.repository import DynamoItems, Item, ItemContent
from api.items.service import merge_patch
from tests.api.test_items_end_to_end import ITEMS, Call, create
from tests.support.events import machine_claims, user_claims

FULL: dict[str, Any] = {
    "name": "Lamp",
    "description": "bright",
    "tags": ["desk"],
    "attributes": {"watt": "5", "colour": "red"},
}
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
MERGE_PATCH = "application/merge-patch+json"


def patch(
    call: Call, claims: dict[str, str], item: Any, body: Any, if_match: str = '"1"', kind: str = MERGE_PATCH
) -> Any:
    headers = {"if-match": if_match, "content-type": kind}
    return call("PATCH", f"{ITEMS}/{item['id']}", claims=claims, body=json.dumps(body), headers=headers)


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ({}, {}),
        ({"name": " Torch "}, {"name": "Torch"}),
        ({"description": None}, {"description": ""}),
        ({"tags": None}, {"tags": []}),
        ({"tags": ["light", "sale"]}, {"tags": ["light", "sale"]}),
        ({"attributes": None}, {"attributes": {}}),
        ({"attributes": {"watt": "7"}}, {"attributes": {"watt": "7", "colour": "red"}}),
        ({"attributes": {"watt": None, "size": "M"}}, {"attributes": {"colour": "red", "size": "M"}}),
        ({"attributes": {"absent": None}}, {}),
    ],
)
def test_patch_changes_only_its_fields(call: Call, ada: dict[str, str], body: Any, changed: dict[str, Any]) -> None:
    item = create(call, ada, **FULL)
    answer = patch(call, ada, item, body)
    assert (answer.status, answer.headers["etag"]) == (200, '"2"'), answer.body
    assert answer.json == {**item, **changed, "version": 2, "updated_at": answer.json["updated_at"]}
    assert call("GET", f"{ITEMS}/{item['id']}", claims=ada).json == answer.json


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({"name": None}, "body.name"),
        ({"name": ""}, "body.name"),
        ({"colour": "red"}, "body.colour"),
        ({"tags": ["a", "a"]}, "body.tags"),
        ({"attributes": {"0": None}}, "body.attributes.0.[key]"),
        ({"attributes": {f"k{index}": "v" for index in range(19)}}, "body.attributes"),
        ({"attributes": {"watt": {"deep": None}}}, "body.attributes.watt"),
        ("text", "body"),
    ],
)
def test_invalid_patch_is_rejected_and_changes_nothing(
    call: Call, ada: dict[str, str], body: Any, location: str
) -> None:
    item = create(call, ada, **FULL)
    answer = patch(call, ada, item, body)
    assert (answer.status, [each["location"] for each in answer.json["errors"]]) == (422, [location]), answer.body
    assert call("GET", f"{ITEMS}/{item['id']}", claims=ada).json == item


def test_patch_of_another_version_is_412_and_without_version_428(call: Call, ada: dict[str, str]) -> None:
    item = create(call, ada)
    stale = patch(call, ada, item, {"name": "x"}, if_match='"2", "3"')
    assert (stale.status, stale.headers["etag"]) == (412, '"1"')
    assert call("PATCH", f"{ITEMS}/{item['id']}", claims=ada, body={"name": "x"}).status == 428
    assert patch(call, ada, item, {"name": "x"}, if_match="nonsense").status == 400
    assert patch(call, ada, item, {"name": "x"}, if_match='"0", "1"').json["name"] == "x"
    assert patch(call, ada, item, {"description": "y"}, if_match="*").json["version"] == 3


def test_patch_of_item_of_another_user_or_of_none_is_404(call: Call, ada: dict[str, str]) -> None:
    item = create(call, ada)
    assert patch(call, user_claims("bob"), item, {"name": "mine"}, if_match="*").status == 404
    assert patch(call, ada, {"id": "0" * 36}, {"name": "x"}, if_match="*").status == 404
    assert patch(call, machine_claims("items/read"), item, {"name": "x"}).status == 403


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (MERGE_PATCH, {"name": "x"}, 200),
        ("application/json", {"name": "x"}, 200),
        ("application/json-patch+json", [{"op": "remove", "path": "/tags"}], 415),
        ("text/plain", {"name": "x"}, 415),
    ],
)
def test_patch_takes_merge_patches_only(call: Call, ada: dict[str, str], kind: str, body: Any, status: int) -> None:
    assert patch(call, ada, create(call, ada), body, kind=kind).status == status


def test_patch_of_any_version_keeps_a_change_in_between(
    call: Call, ada: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    item, read = create(call, ada, **FULL), DynamoItems.read
    between = [ItemContent("Lamp", "new", [], {})]

    def read_before_another_change(self: DynamoItems, owner: str, item_id: str) -> Item | None:
        found = read(self, owner, item_id)
        while between:
            self.replace(owner, item_id, between.pop(), None, NOW)
        return found

    monkeypatch.setattr(DynamoItems, "read", read_before_another_change)
    answer = patch(call, ada, item, {"name": "Torch"}, if_match="*")
    assert [answer.json[field] for field in ("name", "description", "tags", "version")] == ["Torch", "new", [], 3]
    between.append(ItemContent("Lamp", "newer", [], {}))
    assert patch(call, ada, item, {"name": "Lantern"}, if_match='"3"').status == 412


def test_merge_patch_follows_the_examples_of_the_rfc() -> None:
    """https://www.rfc-editor.org/rfc/rfc7396#appendix-A: those of two objects."""
    for target, change, result in (
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
        ({"a": "text"}, {"a": {"b": "c"}}, {"a": {"b": "c"}}),
    ):
        assert merge_patch(target, change) == result
