"""Bulk creation of items, with a result for each entry."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError

from api.items.repository import DynamoItems
from api.items.schemas import MAX_BULK
from api.pages import MAX_PAGE_BYTES
from tests.api.test_items_end_to_end import ITEMS, Call
from tests.support.events import machine_claims
from tests.support.responses import Answer

BULK = f"{ITEMS}/bulk"


def bulk(call: Call, claims: dict[str, str], *entries: Any, key: str | None = None) -> Answer:
    headers = {"idempotency-key": key} if key else {}
    return call("POST", BULK, claims=claims, body={"items": list(entries)}, headers=headers)


def listed(call: Call, claims: dict[str, str]) -> list[str]:
    page = call("GET", ITEMS, claims=claims, query={"order": "oldest", "limit": "100"}).json
    return [item["id"] for item in page["items"]]


def test_each_entry_has_its_own_result_in_order(call: Call, ada: dict[str, str]) -> None:
    answer = bulk(call, ada, {"name": "Lamp", "tags": ["desk"]}, {"name": ""}, "text", {"name": "Chair"})
    assert answer.status == 200
    results = answer.json["results"]
    assert [each["status"] for each in results] == [201, 422, 422, 201]
    assert [each["id"] for each in results if "id" in each] == listed(call, ada)
    problem = results[1]["problem"]
    assert (problem["status"], problem["type"]) == (422, "urn:items-api:problem:invalid-request")
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["errors"][0]["location"] == "body.items.1.name"
    assert results[2]["problem"]["errors"][0]["location"] == "body.items.2"


@pytest.mark.parametrize(("entries", "status"), [(0, 422), (1, 200), (MAX_BULK, 200), (MAX_BULK + 1, 422)])
def test_number_of_entries_has_a_limit(call: Call, ada: dict[str, str], entries: int, status: int) -> None:
    answer = bulk(call, ada, *({"name": f"n{index}"} for index in range(entries)))
    assert answer.status == status
    assert len(listed(call, ada)) == (entries if status == 200 else 0)


def test_repeated_request_with_key_returns_first_results_and_creates_what_failed(
    call: Call, ada: dict[str, str]
) -> None:
    first = bulk(call, ada, {"name": "Lamp"}, {"name": ""}, {"name": "Chair"}, key="k")
    again = bulk(call, ada, {"name": "Lamp"}, {"name": "Torch"}, {"name": "Table"}, key="k")
    assert again.json["results"][0] == first.json["results"][0]
    assert [each["status"] for each in again.json["results"]] == [201, 201, 422]
    assert "another body" in again.json["results"][2]["problem"]["detail"]
    assert len(listed(call, ada)) == 3


def test_key_of_bulk_request_is_not_the_key_of_one_item(call: Call, ada: dict[str, str]) -> None:
    bulk(call, ada, {"name": "Lamp"}, key="k")
    answer = call("POST", ITEMS, claims=ada, body={"name": "Chair"}, headers={"idempotency-key": "k"})
    assert answer.status == 201
    assert len(listed(call, ada)) == 2


@pytest.mark.parametrize(
    ("failure", "status"), [(ConnectTimeoutError(endpoint_url="https://aws.example"), 503), (KeyError("bug"), 500)]
)
def test_entries_after_a_failure_of_aws_are_not_attempted(
    call: Call, ada: dict[str, str], monkeypatch: pytest.MonkeyPatch, log: Callable[[], list[dict[str, Any]]],
    failure: Exception, status: int,
) -> None:  # fmt: skip
    create, calls = DynamoItems.create, []

    def failing(self: DynamoItems, *arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 2:
            raise failure
        return create(self, *arguments)

    monkeypatch.setattr(DynamoItems, "create", failing)
    answer = bulk(call, ada, *({"name": f"n{index}"} for index in range(4)), {"name": ""})
    assert answer.status == 200
    assert [each["status"] for each in answer.json["results"]] == [201, status, 503, 503, 422]
    assert (len(calls), len(listed(call, ada))) == (2, 1)
    assert "not attempted" in answer.json["results"][2]["problem"]["detail"]
    assert [line["level"] for line in log() if line["request_id"] == answer.headers["x-request-id"]] == ["ERROR"]


def test_largest_response_is_as_small_as_a_page(call: Call, ada: dict[str, str]) -> None:
    entry = {"attributes": {"\U0001f600" * 300 + str(index): 0 for index in range(20)}}
    answer = bulk(call, ada, *[entry] * MAX_BULK)
    assert {each["status"] for each in answer.json["results"]} == {422}
    assert len(json.dumps(answer.body, ensure_ascii=False).encode()) < MAX_PAGE_BYTES


def test_machine_client_without_write_scope_is_403(call: Call) -> None:
    assert bulk(call, machine_claims("items/read"), {"name": "Lamp"}).status == 403
