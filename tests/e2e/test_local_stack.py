"""A person's first hour with the local stack, through the served API: every answer comes from the deployed zip."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.local_stack import LocalStackProcess

ITEM = {"name": "Hammer", "description": "For nails", "tags": ["tool"], "attributes": {"weight": "500 g"}}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStackProcess]:
    process = LocalStackProcess(tmp_path_factory.mktemp("local"))
    process.wait_until_ready()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def demo(stack: LocalStackProcess) -> Iterator[httpx.Client]:
    with stack.client(stack.token()) as client:
        yield client


@pytest.fixture(scope="module")
def second(stack: LocalStackProcess) -> Iterator[httpx.Client]:
    with stack.client(stack.token("second")) as client:
        yield client


def created(client: httpx.Client, **changes: Any) -> httpx.Response:
    answer = client.post("/api/v1/items", json=ITEM | changes)
    assert answer.status_code == 201, answer.text
    return answer


def test_health_is_public(stack: LocalStackProcess) -> None:
    with stack.client() as nobody:
        assert {path: nobody.get(path).status_code for path in ("/", "/health", "/health/ready", "/api/health")} == {
            "/": 200, "/health": 200, "/health/ready": 200, "/api/health": 200,
        }  # fmt: skip


def test_without_token_gateway_answers_401(stack: LocalStackProcess) -> None:
    with stack.client() as nobody:
        answer = nobody.get("/api/v1/items")
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})


def test_item_is_created_read_updated_and_deleted(demo: httpx.Client) -> None:
    made = created(demo)
    path = made.headers["location"]
    read = demo.get(path)
    assert read.json() == made.json()
    updated = demo.put(path, json=ITEM | {"name": "Mallet"}, headers={"if-match": read.headers["etag"]})
    assert (updated.status_code, updated.json()["name"]) == (200, "Mallet")
    stale = demo.put(path, json=ITEM, headers={"if-match": read.headers["etag"]})
    assert stale.status_code == 412
    assert demo.put(path, json=ITEM).status_code == 428
    assert demo.delete(path, headers={"if-match": updated.headers["etag"]}).status_code == 204
    assert demo.get(path).status_code == 404


def test_items_are_created_in_bulk_patched_and_filtered(demo: httpx.Client) -> None:
    entries = [{"name": "Filing cabinet", "tags": ["office"]}, {"name": ""}, {"name": "File", "tags": ["office"]}]
    results = demo.post("/api/v1/items/bulk", json={"items": entries}).json()["results"]
    assert [each["status"] for each in results] == [201, 422, 201]
    headers = {"if-match": '"1"', "content-type": "application/merge-patch+json"}
    patched = demo.patch(f"/api/v1/items/{results[0]['id']}", content='{"tags": null}', headers=headers)
    assert (patched.status_code, patched.json()["tags"], patched.headers["etag"]) == (200, [], '"2"')
    for query, names in (
        ({"tag": "office"}, ["File"]),
        ({"name_prefix": "FIL"}, ["File", "Filing cabinet"]),
        ({"name_prefix": "fili"}, ["Filing cabinet"]),
    ):
        assert [each["name"] for each in demo.get("/api/v1/items", params=query).json()["items"]] == names
    assert demo.get("/api/v1/items", params={"utm": "1"}).status_code == 422


def test_error_is_problem_document_with_request_id(demo: httpx.Client) -> None:
    answer = demo.post("/api/v1/items", json={"name": ""})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_list_pages_are_complete_without_repetition(second: httpx.Client) -> None:
    made = {created(second, name=f"Nail {number}").json()["id"] for number in range(5)}
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = second.get("/api/v1/items", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(made)


def test_cursor_is_of_no_use_to_someone_else(demo: httpx.Client, second: httpx.Client) -> None:
    for _ in range(2):
        created(second)
    cursor = second.get("/api/v1/items", params={"limit": 1}).json()["next_cursor"]
    answer = demo.get("/api/v1/items", params={"limit": 1, "cursor": cursor})
    assert answer.status_code == 400


def test_items_of_another_user_are_not_found(demo: httpx.Client, second: httpx.Client) -> None:
    path = created(demo).headers["location"]
    assert second.get(path).status_code == 404


def test_repeated_creation_with_an_idempotency_key_creates_one_item(demo: httpx.Client) -> None:
    key = {"idempotency-key": f"once-{time.time_ns()}"}
    first, again = (demo.post("/api/v1/items", json=ITEM, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert demo.post("/api/v1/items", json=ITEM | {"name": "Saw"}, headers=key).status_code == 422


def test_machine_client_needs_scope(stack: LocalStackProcess) -> None:
    with stack.client(stack.token("machine", "items/read")) as reader:
        assert reader.get("/api/v1/items").status_code == 200
        assert reader.post("/api/v1/items", json=ITEM).status_code == 403


def test_upstream_answers_through_gateway(demo: httpx.Client, stack: LocalStackProcess) -> None:
    answer = demo.post("/upstreams/echo/some/path?of=it", content=b"hello")
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in ("method", "path", "query", "body")} == {
        "method": "POST", "path": "/some/path", "query": "of=it", "body": "hello",
    }  # fmt: skip
    with stack.client() as nobody:
        assert nobody.get("/upstreams/echo/x").status_code == 401


def test_payload_over_10_mb_is_rejected(demo: httpx.Client) -> None:
    assert demo.post("/api/v1/items", content=b"x" * (10 * 1024 * 1024 + 1)).status_code == 413


def test_revoked_session_is_rejected_at_once(stack: LocalStackProcess) -> None:
    with stack.client(stack.token("second")) as client:
        current = next(session for session in client.get("/api/v1/sessions").json()["sessions"] if session["current"])
        assert client.delete(f"/api/v1/sessions/{current['id']}").status_code == 204
        assert client.get("/api/v1/me").status_code == 401


def test_revoking_all_sessions_signs_out_everywhere(stack: LocalStackProcess) -> None:
    with stack.client(stack.token("admin")) as here, stack.client(stack.token("admin")) as there:
        assert (here.get("/api/v1/me").status_code, there.get("/api/v1/me").status_code) == (200, 200)
        assert here.delete("/api/v1/sessions").status_code == 204
        assert (here.get("/api/v1/me").status_code, there.get("/api/v1/me").status_code) == (401, 401)


def test_attachment_is_uploaded_and_downloaded_without_the_function(demo: httpx.Client) -> None:
    attachments = f"{created(demo).headers['location']}/attachments"
    announced = demo.post(attachments, json={"file_name": "plan.txt", "content_type": "text/plain"}).json()
    form = announced["upload"]
    sent = httpx.post(form["url"], data=form["fields"], files={"file": b"two nails"}, trust_env=False)
    assert sent.status_code in (200, 201, 204), sent.text
    assert demo.get(f"{attachments}/{announced['id']}").json()["uploaded"] is True, (
        "the role may copy what was uploaded"
    )
    url = demo.get(f"{attachments}/{announced['id']}").json()["download"]["url"]
    assert "/attachments/" in url
    assert httpx.get(url, trust_env=False).content == b"two nails"
    assert demo.delete(f"{attachments}/{announced['id']}").status_code == 204
    # S3 tells only who may list that an object is gone; the function may not.
    assert httpx.get(url, trust_env=False).status_code == 403


def test_upload_beyond_its_policy_is_rejected_by_s3(demo: httpx.Client) -> None:
    attachments = f"{created(demo).headers['location']}/attachments"
    form = demo.post(attachments, json={"file_name": "big.txt", "content_type": "text/plain"}).json()["upload"]
    too_big = b"x" * (form["max_bytes"] + 1)
    sent = httpx.post(form["url"], data=form["fields"], files={"file": too_big}, trust_env=False)
    assert (sent.status_code, "EntityTooLarge" in sent.text) == (400, True)
    other_type = form["fields"] | {"Content-Type": "text/html"}
    assert httpx.post(form["url"], data=other_type, files={"file": b"x"}, trust_env=False).status_code == 403


def test_caller_beyond_the_rate_limit_gets_retry_after(stack: LocalStackProcess) -> None:
    with stack.client(stack.token("machine", "items/read")) as machine:
        limit = int(machine.get("/api/v1/items").headers["ratelimit-limit"])
        deadline, refused = time.monotonic() + 30, None
        while refused is None and time.monotonic() < deadline:
            for _ in range(limit):  # API Gateway's own 429 has no problem document
                answer = machine.get("/api/v1/items")
                if answer.headers["content-type"] == "application/problem+json":
                    refused = answer
                    break
    assert refused is not None
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60


def test_anonymous_flood_is_throttled_while_signed_in_callers_are_answered(stack: LocalStackProcess) -> None:
    signed_in = {"authorization": f"Bearer {stack.token('second')}"}

    async def flooded() -> tuple[Counter[int], Counter[int]]:
        limits = httpx.Limits(max_connections=120)
        async with httpx.AsyncClient(base_url=stack.url, trust_env=False, timeout=40, limits=limits) as client:
            anonymous = [client.get("/health") for _ in range(100)]
            others = [client.get("/api/v1/items", headers=signed_in) for _ in range(10)]
            answers = await asyncio.gather(*anonymous, *others)
        statuses = [answer.status_code for answer in answers]
        return Counter(statuses[:100]), Counter(statuses[100:])

    anonymous, others = asyncio.run(flooded())

    assert anonymous.keys() == {200, 429}
    assert others == {200: 10}


def test_function_and_its_requests_leave_logs(demo: httpx.Client, stack: LocalStackProcess) -> None:
    request_id = demo.get("/api/v1/me").headers["x-request-id"]
    lines = [json.loads(line) for line in stack.log("access").splitlines()]
    assert [line["routeKey"] for line in lines if line["requestId"] == request_id] == ["GET /api/v1/me"]
    own = [json.loads(line) for line in stack.log("function").splitlines()]  # in JSON, as the program asks for it
    assert {"platform.start", "platform.report"} <= {line.get("type") for line in own}
