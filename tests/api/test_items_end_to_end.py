"""Items through the Lambda handler, on the tables of the embedded AWS."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.events import machine_claims, user_claims
from tests.support.responses import Answer

Call = Callable[..., Answer]
ITEMS = "/api/v1/items"


def create(call: Call, claims: dict[str, str], name: str = "Lamp", **others: Any) -> Any:
    answer = call("POST", ITEMS, claims=claims, body={"name": name, **others})
    assert answer.status == 201, answer.body
    return answer.json


def test_item_is_created_read_changed_and_deleted(call: Call, ada: dict[str, str]) -> None:
    body = {"name": " Lamp ", "description": "bright", "tags": ["desk"], "attributes": {"watt": "5"}}
    created = call("POST", ITEMS, claims=ada, body=body)
    address = created.headers["location"]
    assert (created.status, created.json["name"], created.headers["etag"]) == (201, "Lamp", '"1"')

    assert call("GET", address, claims=ada).json == created.json
    changed = call("PUT", address, claims=ada, body={"name": "Lantern"}, headers={"if-match": '"1"'})
    assert (changed.status, changed.json["name"], changed.json["tags"], changed.json["version"]) == (
        200,
        "Lantern",
        [],
        2,
    )
    assert changed.json["created_at"] == created.json["created_at"]

    assert call("DELETE", address, claims=ada, headers={"if-match": changed.headers["etag"]}).status == 204
    assert call("GET", address, claims=ada).status == 404


def test_item_of_another_user_is_404(call: Call, ada: dict[str, str]) -> None:
    item = create(call, ada)
    bob = user_claims("bob")
    for method, body in (("GET", None), ("PUT", {"name": "mine"}), ("DELETE", None)):
        answer = call(method, f"{ITEMS}/{item['id']}", claims=bob, body=body, headers={"if-match": "*"})
        assert answer.status == 404
    assert call("GET", f"{ITEMS}/{item['id']}", claims=ada).json == item


def test_change_of_stale_version_is_412_and_changes_nothing(call: Call, ada: dict[str, str]) -> None:
    item = create(call, ada)
    address = f"{ITEMS}/{item['id']}"
    call("PUT", address, claims=ada, body={"name": "second"}, headers={"if-match": '"1"'})
    for method, body in (("PUT", {"name": "third"}), ("DELETE", None)):
        for tag in ('"1"', 'W/"2"', '"nonsense"', '"²"', ""):
            stale = call(method, address, claims=ada, body=body, headers={"if-match": tag})
            assert (stale.status, stale.headers["etag"]) == (412, '"2"')
        assert call(method, address, claims=ada, body=body, headers={"if-match": "nonsense"}).status == 400
        assert call(method, address, claims=ada, body=body).status == 428
    assert call("GET", address, claims=ada).json["name"] == "second"


def test_known_version_is_304(call: Call, ada: dict[str, str]) -> None:
    address = f"{ITEMS}/{create(call, ada)['id']}"
    answer = call("GET", address, claims=ada, headers={"if-none-match": 'W/"1"'})
    assert (answer.status, answer.body, answer.headers["etag"]) == (304, "", '"1"')
    assert call("GET", address, claims=ada, headers={"if-none-match": '"2"'}).status == 200


@pytest.mark.parametrize("position", [0, 49, 50, 1500, 1999])
def test_if_match_accepts_version_at_any_position(call: Call, ada: dict[str, str], position: int) -> None:
    address = f"{ITEMS}/{create(call, ada)['id']}"
    tags = [f'"{number}"' for number in range(2, 2001)]
    tags.insert(position, '"1"')
    for number in range(2):
        headers = {"if-match": ",".join(tags)}
        assert (
            call("PUT", address, claims=ada, body={"name": f"{number}"}, headers=headers).json["version"] == 2 + number
        )
    assert call("GET", address, claims=ada, headers={"if-none-match": ",".join(tags)}).status == 304
    tags.remove('"3"')
    assert call("DELETE", address, claims=ada, headers={"if-match": ",".join(tags)}).status == 412
    assert call("DELETE", address, claims=ada, headers={"if-match": ",".join([*tags, '"3"'])}).status == 204


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_have_every_item_once_in_order(call: Call, ada: dict[str, str], order: str) -> None:
    names = [create(call, ada, name=f"item {index}")["id"] for index in range(5)]
    seen, query = [], {"limit": "2", "order": order}
    while True:
        page = call("GET", ITEMS, claims=ada, query=query).json
        seen.append([item["id"] for item in page["items"]])
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert [len(page) for page in seen] == [2, 2, 1]
    assert [item_id for page in seen for item_id in page] == sorted(names, reverse=order == "newest")


def test_cursor_of_another_owner_or_query_is_rejected(call: Call, ada: dict[str, str]) -> None:
    bob = user_claims(f"bob-{uuid.uuid4()}")
    for caller in (ada, bob):
        create(call, caller), create(call, caller)
    cursor = call("GET", ITEMS, claims=ada, query={"limit": "1"}).json["next_cursor"]
    other_list = {"cursor": cursor, "order": "oldest"}
    damaged = {"cursor": cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")}
    for claims, query in ((bob, {"cursor": cursor}), (ada, other_list), (ada, damaged), (ada, {"cursor": "x"})):
        answer = call("GET", ITEMS, claims=claims, query=query)
        assert (answer.status, answer.json["type"]) == (400, "urn:items-api:problem:malformed-request")
    assert call("GET", ITEMS, claims=ada, query={"cursor": cursor}).status == 200


def test_repeated_post_with_idempotency_key_returns_first_response(call: Call, ada: dict[str, str]) -> None:
    send = {"claims": ada, "headers": {"idempotency-key": "key-1"}}
    first = call("POST", ITEMS, body={"name": "Lamp", "tags": ["a"]}, **send)
    call("PUT", first.headers["location"], claims=ada, body={"name": "x"}, headers={"if-match": "*"})
    again = call("POST", ITEMS, body={"tags": ["a"], "name": "Lamp"}, **send)
    assert (again.status, again.json, again.headers["etag"]) == (201, first.json, first.headers["etag"])
    assert call("POST", ITEMS, body={"name": "Other"}, **send).status == 422
    assert len(call("GET", ITEMS, claims=ada).json["items"]) == 1
    bob = user_claims(f"bob-{uuid.uuid4()}")
    assert call("POST", ITEMS, body={"name": "Other"}, **{**send, "claims": bob}).status == 201


def test_machine_client_without_scope_of_method_is_403(call: Call) -> None:
    reader, writer = machine_claims("items/read"), machine_claims("items/write")
    assert call("GET", ITEMS, claims=reader).status == 200
    assert call("POST", ITEMS, claims=reader, body={"name": "x"}).status == 403
    assert call("GET", ITEMS, claims=writer).status == 403
    assert call("POST", ITEMS, claims=writer, body={"name": "x"}).status == 201
