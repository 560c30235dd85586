"""The headers of every response, and the problem documents of all errors."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.events import http_event, machine_claims, user_claims
from tests.support.responses import Answer

Call = Callable[..., Answer]
ITEMS = "/api/v1/items"
SECRET = "hunter2-secret-value"


@pytest.mark.parametrize(
    ("method", "path", "event", "status"),
    [
        ("GET", "/", {}, 200),
        ("GET", "/nothing-here", {}, 404),
        ("PATCH", "/health", {}, 405),
        ("GET", ITEMS, {}, 401),
        ("GET", ITEMS, {"claims": user_claims()}, 200),
        ("GET", f"{ITEMS}?limit=0", {"claims": user_claims()}, 422),
        ("POST", ITEMS, {"claims": user_claims(), "body": "{"}, 400),
    ],
)
def test_every_response_has_request_id_and_security_headers(
    call: Call, method: str, path: str, event: dict[str, Any], status: int
) -> None:
    answer = call(method, path, **event)
    assert answer.status == status
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json["status"] == status
        assert answer.json["request_id"] == answer.headers["x-request-id"]


def test_request_id_is_the_one_of_api_gateway(handler: Callable[..., Any]) -> None:
    event = http_event("GET", "/health", headers={"x-request-id": "forged"})
    assert handler(event, None)["headers"]["x-request-id"] == event["requestContext"]["requestId"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "location"),
    [
        ("{", {}, 400, None),
        ('{"name": "x"}', {"content-type": "text/plain"}, 415, None),
        ("[" * 100_000, {}, 400, None),
        ("name=x", {"content-type": "application/x-www-form-urlencoded"}, 415, None),
        ({"name": "x", "colour": SECRET}, {}, 422, "body.colour"),
        ({"name": {"password": SECRET}}, {}, 422, "body.name"),
        ({"name": ""}, {}, 422, "body.name"),
        ({"name": "x" * 101}, {}, 422, "body.name"),
        ({"name": "x", "tags": ["a", "a"]}, {}, 422, "body.tags"),
        ({"name": "x", "tags": [f"t{index}" for index in range(21)]}, {}, 422, "body.tags"),
        ({"name": "x", "attributes": {"0": "starts with a digit"}}, {}, 422, "body.attributes.0.[key]"),
        ({"name": "x", "n" * 10_000: 1}, {}, 422, "body." + "n" * 195),
        ('{"name": "\\ud800"}', {}, 422, "body.name"),
        ([], {}, 422, "body"),
        (None, {}, 422, "body"),
        (None, {"content-length": "0"}, 422, "body"),
    ],
)
def test_invalid_field_is_named_without_its_value(
    call: Call, body: Any, headers: dict[str, str], status: int, location: str | None
) -> None:
    answer = call("POST", ITEMS, claims=user_claims(), body=body, headers=headers)
    assert answer.status == status, answer.body
    assert [error["location"] for error in answer.json.get("errors", ())] == ([location] if location else [])
    assert SECRET not in answer.body


@pytest.mark.parametrize("wrong", ["x", "A" * 36, "0" * 35, "0" * 5000, "%F0%9F%98%80"])
def test_invalid_identifier_is_rejected_equally_by_every_route(call: Call, wrong: str) -> None:
    read = call("GET", f"{ITEMS}/{wrong}", claims=user_claims())
    deleted = call("DELETE", f"{ITEMS}/{wrong}", claims=user_claims(), headers={"if-match": "*"})
    assert read.status == 422
    assert [error["location"] for error in read.json["errors"]] == ["path.item_id"]
    assert read.json["errors"] == deleted.json["errors"]


@pytest.mark.parametrize("body", ["{", "[" * 100_000, '{"name": ' + "9" * 5000 + "}"])
def test_unparsable_body_is_a_malformed_request(call: Call, body: str) -> None:
    answer = call("POST", ITEMS, claims=user_claims(), body=body)
    assert (answer.status, answer.json["type"]) == (400, "urn:items-api:problem:malformed-request")


@pytest.mark.parametrize("headers", [{"content-type": "text/plain"}, {"content-type": ""}])
def test_wrong_content_type_is_rejected_without_content_length(
    handler: Callable[..., Any], headers: dict[str, str]
) -> None:
    event = http_event("POST", ITEMS, claims=user_claims(), body='{"name": "x"}', headers=headers)
    del event["headers"]["content-length"]
    assert Answer.of(handler(event, None)).status == 415


@pytest.mark.parametrize("wrong", [{f"f{index}": 0 for index in range(5000)}, {"attributes": {"0" * 300: 0}}])
def test_problem_with_many_errors_has_a_size_limit(call: Call, wrong: dict[str, Any]) -> None:
    answer = call("POST", ITEMS, claims=user_claims(), body={"name": "x", **wrong})
    assert answer.status == 422
    assert len(answer.body) < 10_000
    if len(wrong) > 20:
        assert len(answer.json["errors"]) == 20
        assert answer.json["detail"] == "errors lists the first 20 of 5000 invalid values."


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", ITEMS, "GET, POST"),
        ("POST", f"{ITEMS}/some-id", "DELETE, GET, PATCH, PUT"),
        ("POST", "/api/v1/sessions/some-id", "DELETE"),
        ("POST", "/health", "GET"),
    ],
)
def test_allow_header_lists_every_method_of_the_path(call: Call, method: str, path: str, allowed: str) -> None:
    answer = call(method, path, claims=user_claims())
    assert (answer.status, answer.headers["allow"]) == (405, allowed)
    assert answer.json["type"] == "urn:items-api:problem:method-not-allowed"


def test_every_problem_type_has_one_title(call: Call) -> None:
    nowhere, nothing = call("GET", "/nothing-here"), call("GET", f"{ITEMS}/{'0' * 36}", claims=user_claims())
    assert nowhere.json["type"] == nothing.json["type"]
    assert nowhere.json["title"] == nothing.json["title"]


@pytest.mark.parametrize(
    "claims",
    [
        {},
        user_claims(token_use="id"),
        user_claims(sub=""),
        {name: value for name, value in user_claims().items() if name != "origin_jti"},
        {name: value for name, value in user_claims().items() if name != "username"},
        machine_claims("items/read") | {"username": "x"},
        user_claims(username=""),
        user_claims() | {"origin_jti": ""},
        user_claims(auth_time="yesterday"),
        user_claims() | {"sub": 5},
        user_claims() | {"username": ["ada"]},
        user_claims() | {"origin_jti": 5},
        user_claims() | {"scope": ["items/read"]},
        user_claims() | {"cognito:groups": ["admins"]},
        [],
        "sub",
        None,
    ],
)
def test_incomplete_claims_are_rejected(handler: Callable[..., Any], claims: Any) -> None:
    event = http_event("GET", "/api/v1/me", claims={})
    event["requestContext"]["authorizer"]["jwt"]["claims"] = claims
    answer = Answer.of(handler(event, None))
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("groups", ["[x,admins]", "[[admins]]", "[x [admins]]"])
def test_group_with_a_similar_name_is_not_admins(start: Callable[..., Call], groups: str) -> None:
    prod = start(ENVIRONMENT="prod")
    assert prod("GET", "/api/v1/environment", claims=user_claims("eve", groups=groups)).status == 403


def test_authorization_header_without_claims_does_not_authenticate(call: Call) -> None:
    assert call("GET", "/api/v1/me", headers={"authorization": "Bearer x.y.z"}).status == 401


def test_me_returns_the_claims_of_the_token(call: Call) -> None:
    claims = user_claims("ada", groups="[admins users]")
    me = call("GET", "/api/v1/me", claims=claims).json
    assert (me["id"], me["kind"], me["username"], me["groups"]) == (claims["sub"], "user", "ada", ["admins", "users"])
    assert me["scopes"] == ["aws.cognito.signin.user.admin", "openid", "profile"]
    assert call("GET", "/api/v1/me", claims=machine_claims("items/read")).json["scopes"] == ["items/read"]


def test_aws_failure_is_logged_and_not_returned(
    start: Callable[..., Call], log: Callable[[], list[dict[str, Any]]]
) -> None:
    broken = start(ITEMS_TABLE="gone")
    answer = broken("POST", ITEMS, claims=user_claims(), body={"name": SECRET})
    assert (answer.status, answer.json["type"]) == (500, "urn:items-api:problem:internal-error")
    assert "PutItem" not in answer.body
    (line,) = [line for line in log() if line["request_id"] == answer.headers["x-request-id"]]
    assert (line["level"], "PutItem" in line["exception"]) == ("ERROR", True)
    assert SECRET not in json.dumps(line)


@pytest.mark.parametrize(
    "lack", [{"ITEMS_TABLE": "gone"}, {"SESSIONS_TABLE": "gone"}, {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}]
)
def test_function_without_readable_tables_starts_and_is_not_ready(
    start: Callable[..., Call], lack: dict[str, str]
) -> None:
    broken = start(**lack)
    assert broken("GET", "/health/live").status == 200
    answer = broken("GET", "/health/ready")
    assert (answer.status, answer.json["status"], answer.headers["retry-after"]) == (503, 503, "5")
    assert "127.0.0.1" not in answer.body


@pytest.mark.parametrize("path", ["/health", "/api/health"])
def test_health_returns_environment_and_version(call: Call, path: str) -> None:
    assert call("GET", path).json == {"status": "ok", "environment": "dev", "version": "0123456789ab"}


def test_welcome_page_has_links(call: Call) -> None:
    for name, link in call("GET", "/").json["links"].items():
        assert call("GET", link, claims=user_claims()).status == 200, name
    assert call("GET", "/health/ready").json == {"status": "ready"}


def test_environment_route_requires_an_admin_outside_local_and_dev(start: Callable[..., Call], call: Call) -> None:
    path, user, admin = "/api/v1/environment", user_claims("ada"), user_claims("root", groups="[admins]")
    assert call("GET", path, claims=user).json["memory_mb"] == 512
    prod = start(ENVIRONMENT="prod")
    assert prod("GET", path, claims=user).status == 403
    assert prod("GET", path, claims=machine_claims("items/read", "admins")).status == 403
    shown = prod("GET", path, claims=admin).json
    assert (shown["runtime"], shown["function"], shown["function_version"], shown["region"]) == (
        "AWS_Lambda_python3.13",
        "items-api",
        "7",
        "eu-central-1",
    )
