"""A write whose response was lost is repeated by the AWS client, and is applied once."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from api.items.repository import DynamoItems, ItemContent
from api.table import Table
from tests.support.forms import upload
from tests.support.lossy_aws import Loss, LossyAws, lossy
from tests.support.responses import Answer

Call = Callable[..., Answer]
ITEMS = "/api/v1/items"
ATTEMPTS = 3
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LANTERN = ItemContent("Lantern", "", [], {})
LOSSES: list[tuple[int, Loss]] = [(1, "closed"), (2, "500")]


@pytest.fixture(scope="module")
def proxy(cloud: str) -> Iterator[tuple[LossyAws, str]]:
    with lossy(cloud) as both:
        yield both


@pytest.fixture(scope="module")
def function(start: Callable[..., Call], proxy: tuple[LossyAws, str]) -> Call:
    """The function behind the proxy."""
    return start(AWS_ENDPOINT_URL=proxy[1])


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send again at once, also where a client has lost a hundred responses in a few seconds."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))
    monkeypatch.setattr("botocore.retries.quota.RetryQuota.acquire", lambda *_: True)


@pytest.fixture
def aws(proxy: tuple[LossyAws, str]) -> Iterator[LossyAws]:
    yield proxy[0]
    proxy[0].lose("", 0)


@pytest.fixture
def item(call: Call, ada: dict[str, str]) -> str:
    """The address of a new item at version 1."""
    return call("POST", ITEMS, claims=ada, body={"name": "Lamp"}).headers["location"]


@pytest.fixture
def others(dynamodb: Any, environment: dict[str, str]) -> DynamoItems:
    """The items of other requests, which do not use the proxy."""
    return DynamoItems(Table(dynamodb, environment["ITEMS_TABLE"]))


def changed(call: Call, address: str, claims: dict[str, str], if_match: str = "*", name: str = "Torch") -> Answer:
    return call("PUT", address, claims=claims, body={"name": name}, headers={"if-match": if_match})


def deleted(call: Call, address: str, claims: dict[str, str], if_match: str = "*") -> Answer:
    return call("DELETE", address, claims=claims, headers={"if-match": if_match})


@pytest.mark.parametrize(("lost", "loss"), LOSSES)
@pytest.mark.parametrize("if_match", ['"1"', "*", '"1", "2", "3"', ", ".join(f'"{each}"' for each in range(99, 0, -1))])
def test_change_with_lost_response_is_applied_once_and_returns_its_result(
    function: Call, call: Call, aws: LossyAws, ada: dict[str, str], item: str, if_match: str, lost: int, loss: Loss
) -> None:
    aws.lose("UpdateItem item", lost, loss)
    answer = changed(function, item, ada, if_match)
    assert (answer.status, answer.headers.get("etag")) == (200, '"2"'), answer.body
    assert call("GET", item, claims=ada).json == answer.json


@pytest.mark.parametrize(("lost", "loss"), LOSSES)
@pytest.mark.parametrize("if_match", ['"1"', "*"])
def test_deletion_with_lost_response_succeeds(
    function: Call, call: Call, aws: LossyAws, ada: dict[str, str], item: str, if_match: str, lost: int, loss: Loss
) -> None:
    aws.lose("DeleteItem item", lost, loss)
    assert deleted(function, item, ada, if_match).status == 204
    assert call("GET", item, claims=ada).status == 404


@pytest.mark.parametrize(("lost", "loss"), LOSSES)
@pytest.mark.parametrize(("key", "operation"), [({}, "PutItem item"), ({"idempotency-key": "k"}, "TransactWriteItems")])
def test_creation_with_lost_response_creates_one_item(
    function: Call, call: Call, aws: LossyAws, ada: dict[str, str], key: dict[str, str], operation: str, lost: int,
    loss: Loss,
) -> None:  # fmt: skip
    aws.lose(operation, lost, loss)
    answer = function("POST", ITEMS, claims=ada, body={"name": "Lamp"}, headers=key)
    assert (answer.status, aws.calls.count(operation)) == (201, lost + 1)
    assert call("GET", ITEMS, claims=ada).json["items"] == [answer.json]


def test_change_with_lost_response_succeeds_after_a_later_change(
    function: Call, call: Call, aws: LossyAws, others: DynamoItems, ada: dict[str, str], item: str
) -> None:
    item_id = item.removeprefix(f"{ITEMS}/")
    for if_match, version in (('"1"', 2), ("*", 4)):
        aws.lose("UpdateItem item", 1, then=lambda: others.replace(ada["sub"], item_id, LANTERN, None, NOW))
        answer = changed(function, item, ada, if_match)
        assert (answer.status, answer.json["name"], answer.json["version"]) == (200, "Torch", version)
        now = call("GET", item, claims=ada).json
        assert (now["name"], now["version"]) == ("Lantern", version + 1), "the other change stays"


def test_creation_with_lost_response_succeeds_after_a_change(
    function: Call, call: Call, aws: LossyAws, others: DynamoItems, ada: dict[str, str]
) -> None:
    def change() -> None:
        (kept,) = others.page(ada["sub"], None, 2, newest_first=True)
        others.replace(ada["sub"], kept.id, LANTERN, None, NOW)

    aws.lose("PutItem item", 1, then=change)
    answer = function("POST", ITEMS, claims=ada, body={"name": "Lamp"})
    assert (answer.status, answer.json["version"]) == (201, 1)
    assert call("GET", answer.headers["location"], claims=ada).json["name"] == "Lantern"


def test_equal_content_of_another_request_is_not_a_repetition(
    function: Call, call: Call, aws: LossyAws, ada: dict[str, str], item: str
) -> None:
    assert changed(call, item, ada, '"1"').status == 200
    aws.lose("UpdateItem item", 1)
    answer = changed(function, item, ada, '"1"')
    assert (answer.status, answer.headers["etag"]) == (412, '"2"')


def test_deletion_of_another_version_is_412(
    function: Call, call: Call, aws: LossyAws, ada: dict[str, str], item: str
) -> None:
    changed(call, item, ada)
    aws.lose("DeleteItem item", 1)
    assert deleted(function, item, ada, '"1"').status == 412
    assert deleted(function, f"{ITEMS}/{'0' * 36}", ada).status == 404
    assert call("GET", item, claims=ada).status == 200


@pytest.mark.parametrize("loss", get_args(Loss))
def test_change_without_any_response_is_503_and_its_repetition_is_412(
    function: Call, call: Call, aws: LossyAws, ada: dict[str, str], item: str, loss: Loss
) -> None:
    aws.lose("UpdateItem item", ATTEMPTS, loss)
    answer = changed(function, item, ada, '"1"')
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert answer.json["type"] == "urn:items-api:problem:unavailable"
    again = changed(function, item, ada, '"1"')
    assert (again.status, again.headers["etag"]) == (412, '"2"')
    aws.lose("DeleteItem item", ATTEMPTS, loss)
    assert deleted(function, item, ada, '"2"').status == 503
    assert deleted(function, item, ada, '"2"').status == 404
    assert call("GET", item, claims=ada).status == 404


@pytest.fixture
def tagged(call: Call, ada: dict[str, str]) -> str:
    """The address of a new item with a tag, at version 1."""
    return call("POST", ITEMS, claims=ada, body={"name": "Lamp", "tags": ["desk"]}).headers["location"]


def with_tag(call: Call, claims: dict[str, str], tag: str) -> list[str]:
    return [item["id"] for item in call("GET", ITEMS, claims=claims, query={"tag": tag}).json["items"]]


@pytest.mark.parametrize(("lost", "loss"), LOSSES)
@pytest.mark.parametrize("operation", ["UpdateItem item", "TransactWriteItems"])
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_change_of_tags_with_lost_response_is_applied_once(
    function: Call, call: Call, aws: LossyAws, ada: dict[str, str], tagged: str, method: str, operation: str,
    lost: int, loss: Loss,
) -> None:  # fmt: skip
    aws.lose(operation, lost, loss)
    body = {"name": "Torch", "tags": ["sale"]}
    answer = function(method, tagged, claims=ada, body=body, headers={"if-match": '"1"'})
    assert (answer.status, answer.headers["etag"], aws.lost) == (200, '"2"', 0)
    assert call("GET", tagged, claims=ada).json == answer.json
    assert (with_tag(call, ada, "desk"), with_tag(call, ada, "sale")) == ([], [answer.json["id"]])


@pytest.mark.parametrize(("lost", "loss"), LOSSES)
@pytest.mark.parametrize("operation", ["DeleteItem item", "TransactWriteItems"])
def test_deletion_of_tagged_item_with_lost_response_succeeds(
    function: Call, call: Call, aws: LossyAws, ada: dict[str, str], tagged: str, operation: str, lost: int, loss: Loss
) -> None:
    aws.lose(operation, lost, loss)
    assert (deleted(function, tagged, ada, '"1"').status, aws.lost) == (204, 0)
    assert (call("GET", tagged, claims=ada).status, with_tag(call, ada, "desk")) == (404, [])


@pytest.mark.parametrize(("lost", "loss"), LOSSES)
def test_bulk_creation_with_lost_responses_creates_each_item_once(
    function: Call, call: Call, aws: LossyAws, ada: dict[str, str], lost: int, loss: Loss
) -> None:
    aws.lose("TransactWriteItems", lost, loss)
    body = {"items": [{"name": "Lamp", "tags": ["desk"]}, {"name": "Chair"}]}
    results = function("POST", f"{ITEMS}/bulk", claims=ada, body=body).json["results"]
    assert [each["status"] for each in results] == [201, 201]
    assert with_tag(call, ada, "desk") == [results[0]["id"]]
    assert len(call("GET", ITEMS, claims=ada).json["items"]) == 2


PLAN = {"file_name": "plan", "content_type": "text/plain"}


@pytest.mark.parametrize(("lost", "loss"), LOSSES)
def test_attachment_with_lost_responses_is_created_confirmed_and_deleted_once(
    function: Call, call: Call, aws: LossyAws, ada: dict[str, str], item: str, lost: int, loss: Loss
) -> None:
    attachments = f"{item}/attachments"
    aws.lose("TransactWriteItems", lost, loss)
    created = function("POST", attachments, claims=ada, body=PLAN)
    assert created.status == 201
    assert len(call("GET", attachments, claims=ada).json["attachments"]) == 1
    address = created.headers["location"]
    assert upload(created.json["upload"], b"bytes") == 204
    aws.lose("PUT", lost, loss)  # the copy that confirms
    assert function("GET", address, claims=ada).json["uploaded"] is True
    for operation in ("DELETE", "TransactWriteItems"):
        aws.lose(operation, lost, loss)
        deletion = function("DELETE", address, claims=ada)
        assert deletion.status == 204, operation
        if operation == "DELETE":
            address = call("POST", attachments, claims=ada, body=PLAN).headers["location"]
    assert call("GET", attachments, claims=ada).json["attachments"] == []
    assert deleted(call, item, ada).status == 204, "nothing is counted that is not there"


@pytest.mark.parametrize(("lost", "loss"), LOSSES)
def test_upload_is_confirmed_after_a_repeated_write(
    function: Call, call: Call, aws: LossyAws, ada: dict[str, str], item: str, lost: int, loss: Loss
) -> None:
    created = call("POST", f"{item}/attachments", claims=ada, body=PLAN)
    upload(created.json["upload"], b"bytes")
    aws.lose("UpdateItem attachment", lost, loss)
    assert function("GET", created.headers["location"], claims=ada).json["uploaded"] is True
    assert call("GET", created.headers["location"], claims=ada).json["uploaded"] is True


@pytest.mark.parametrize("operation", ["TransactWriteItems", "DELETE"])
def test_attachment_deletion_without_response_can_be_repeated(
    function: Call, call: Call, aws: LossyAws, ada: dict[str, str], item: str, operation: str
) -> None:
    address = call("POST", f"{item}/attachments", claims=ada, body=PLAN).headers["location"]
    aws.lose(operation, ATTEMPTS)
    assert function("DELETE", address, claims=ada).status == 503
    assert function("DELETE", address, claims=ada).status in (204, 404)
    assert call("GET", f"{item}/attachments", claims=ada).json["attachments"] == []


ME, SESSIONS = "/api/v1/me", "/api/v1/sessions"
SESSION_WRITES = ["UpdateItem caller", "UpdateItem session"]


@pytest.mark.parametrize(("lost", "loss"), LOSSES)
@pytest.mark.parametrize("operation", SESSION_WRITES)
def test_first_request_with_lost_response_is_admitted(
    function: Call, aws: LossyAws, ada: dict[str, str], operation: str, lost: int, loss: Loss
) -> None:
    aws.lose(operation, lost, loss)
    assert function("GET", ME, claims=ada).status == 200
    assert aws.lost == 0
    listed = function("GET", SESSIONS, claims=ada).json["sessions"]
    assert [(each["id"], each["revoked"]) for each in listed] == [(ada["origin_jti"], False)]


@pytest.mark.parametrize("lost", [1, 2, ATTEMPTS])
@pytest.mark.parametrize("operation", SESSION_WRITES)
def test_revocation_with_lost_response_is_effective(
    function: Call, call: Call, aws: LossyAws, ada: dict[str, str], operation: str, lost: int
) -> None:
    phone = ada | {"origin_jti": "phone"}
    assert [function("GET", ME, claims=claims).status for claims in (ada, phone)] == [200, 200]
    skip_admission = 1 if operation == "UpdateItem caller" else 0
    aws.lose(operation, lost, skip=skip_admission)
    first = function("DELETE", f"{SESSIONS}/phone", claims=ada)
    assert first.status == (503 if lost == ATTEMPTS else 204)
    if first.status == 503:
        assert function("DELETE", f"{SESSIONS}/phone", claims=ada).status == 204
    assert [call("GET", ME, claims=claims).status for claims in (ada, phone)] == [200, 401]
    aws.lose("UpdateItem caller", 1, skip=1)
    assert function("DELETE", SESSIONS, claims=ada).status == 204
    assert call("GET", ME, claims=ada).status == 401
