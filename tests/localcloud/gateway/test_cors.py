"""Browsers hear the API's cross-origin rules from the front alone."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from infrastructure.routes import upstream_routes
from localcloud.connection import AwsConnection
from tests.localcloud.gateway.conftest import CORS
from tests.support.http_apis import ApiBuilder, Front, Pool, serving

ASKING = {"Origin": "http://app.example", "Access-Control-Request-Method": "PATCH"}


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


@pytest.fixture(scope="module", name="upstreams")
def _upstreams(cloud: AwsConnection, users: Pool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The program's routes to an upstream, and routes that take OPTIONS."""
    api = ApiBuilder(cloud, CORS)
    folder: Path = tmp_path_factory.mktemp("upstreams")
    with serving(cloud, api.id, folder) as front:
        echo, tokens = api.upstream(f"{front.url}/_local/echo/{{proxy}}"), api.authorizer(users)
        for route in upstream_routes({"users": "-"})["users"]:
            api.route(route.key, echo, tokens)
        api.route("ANY /any/{proxy+}", echo, tokens)
        api.route("ANY /open/{proxy+}", echo)
        front.refresh()
        yield front


def test_preflight_of_an_upstream_is_answered_by_the_cors_configuration(upstreams: Front) -> None:
    with upstreams.client() as client:
        answer = client.options("/upstreams/users/1", headers=ASKING)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "http://app.example")
        assert client.patch("/upstreams/users/1").status_code == 401


def test_preflight_that_an_any_route_with_authorizer_takes_is_unauthorized(upstreams: Front) -> None:
    with upstreams.client() as client:
        assert client.options("/any/1", headers=ASKING).status_code == 401


def test_preflight_that_a_public_route_takes_reaches_the_integration_and_gets_cors_headers(upstreams: Front) -> None:
    with upstreams.client() as client:
        answer = client.options("/open/1", headers=ASKING)
        assert (answer.status_code, answer.json()["method"]) == (200, "OPTIONS")
        assert answer.headers["access-control-allow-methods"] == "GET,POST"
