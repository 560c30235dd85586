"""Browsers hear the API's cross-origin rules from the front alone."""

import httpx
import pytest


def test_a_preflight_is_answered_by_the_front(client: httpx.Client) -> None:
    headers = {"Origin": "http://app.example", "Access-Control-Request-Method": "GET"}
    answer = client.options("/items/7", headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    found = {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}
    assert found == {
        "access-control-allow-origin": "http://app.example",
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "authorization",
        "access-control-max-age": "600",
        "access-control-allow-credentials": "true",
    }


def test_a_preflight_from_elsewhere_is_allowed_nothing(client: httpx.Client) -> None:
    headers = {"Origin": "http://evil.example", "Access-Control-Request-Method": "GET"}
    answer = client.options("/items/7", headers=headers)
    assert answer.status_code == 204
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/public", "/own-cors", "/items/7", "/nowhere"])
def test_every_answer_carries_the_apis_cors_headers(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"Origin": "http://app.example"})
    assert answer.headers.get_list("access-control-allow-origin") == ["http://app.example"]
    assert answer.headers["access-control-expose-headers"] == "x-own"


def test_the_functions_own_cors_headers_are_ignored(client: httpx.Client) -> None:
    assert "access-control-allow-origin" not in client.get("/own-cors").headers
