"""CORS headers come from the API's CORS configuration only."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from infrastructure.routes import upstream_routes
from tests.support.http_apis import ApiBuilder, Pool, ServedApi, serving
from tests.toolkit.localcloud.gateway.conftest import CORS
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.gateway.cors import with_cors
from toolkit.localcloud.gateway.http_api import Cors
from toolkit.localcloud.gateway.request import IncomingRequest
from toolkit.localcloud.gateway.response import Response

PREFLIGHT = (("access-control-request-method", "PATCH"),)
ASKING = {"Origin": "http://app.example", "Access-Control-Request-Method": "PATCH"}


def test_preflight_is_answered_by_the_gateway(client: httpx.Client) -> None:
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


def test_preflight_from_another_origin_gets_no_cors_headers(client: httpx.Client) -> None:
    headers = {"Origin": "http://evil.example", "Access-Control-Request-Method": "GET"}
    answer = client.options("/items/7", headers=headers)
    assert answer.status_code == 204
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/public", "/own-cors", "/items/7", "/nowhere"])
def test_every_response_has_the_cors_headers_of_the_api(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"Origin": "http://app.example"})
    assert answer.headers.get_list("access-control-allow-origin") == ["http://app.example"]
    assert answer.headers["access-control-expose-headers"] == "x-own"


def test_cors_headers_of_a_function_are_ignored(client: httpx.Client) -> None:
    assert "access-control-allow-origin" not in client.get("/own-cors").headers


@pytest.fixture(scope="module", name="upstreams")
def _upstreams(cloud: AwsConnection, users: Pool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    """The program's routes to an upstream, and routes that take OPTIONS."""
    api = ApiBuilder(cloud, CORS)
    folder: Path = tmp_path_factory.mktemp("upstreams")
    with serving(cloud, api.id, folder) as served:
        echo, tokens = api.upstream(f"{served.url}/_local/echo/{{proxy}}"), api.authorizer(users)
        for route in upstream_routes({"users": "-"})["users"]:
            api.route(route.key, echo, tokens)
        api.route("ANY /any/{proxy+}", echo, tokens)
        api.route("ANY /both/{proxy+}", echo, tokens)
        api.route("OPTIONS /both/{proxy+}", echo)
        api.route("ANY /open/{proxy+}", echo)
        api.route("OPTIONS /options/{proxy+}", echo)
        served.refresh()
        yield served


@pytest.mark.parametrize("path", ["/upstreams/users/1", "/open/1", "/options/1", "/both/1", "/nowhere"])
def test_cors_configuration_answers_preflights_of_every_route(upstreams: ServedApi, path: str) -> None:
    with upstreams.client() as client:
        answer = client.options(path, headers=ASKING)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "http://app.example"
    assert answer.headers["access-control-allow-methods"] == "GET,POST"


def test_preflight_matched_by_an_any_route_with_authorizer_is_unauthorized(upstreams: ServedApi) -> None:
    with upstreams.client() as client:
        assert client.options("/any/1", headers=ASKING).status_code == 401


@pytest.mark.parametrize("left_out", ["Origin", "Access-Control-Request-Method"])
def test_options_request_without_preflight_headers_is_routed(upstreams: ServedApi, left_out: str) -> None:
    headers = {name: value for name, value in ASKING.items() if name != left_out}
    with upstreams.client() as client:
        answer = client.options("/open/1", headers=headers)
        assert (answer.status_code, answer.json()["method"]) == (200, "OPTIONS")
        assert client.options("/nowhere", headers=headers).status_code == 404
        assert client.options("/upstreams/users/1", headers=headers).status_code == 404


@pytest.mark.parametrize(("path", "status"), [("/raise", 500), ("/closed", 429), ("/gone", 500), ("/%25", 400)])
def test_error_responses_have_the_cors_headers_of_the_api(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path, headers={"Origin": "http://app.example"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, "http://app.example")


def test_preflight_without_cors_configuration_is_routed(cloud: AwsConnection, tmp_path: Path) -> None:
    api = ApiBuilder(cloud)
    with serving(cloud, api.id, tmp_path) as served, served.client() as client:
        api.route("ANY /open/{proxy+}", api.upstream(f"{served.url}/_local/echo/{{proxy}}"))
        served.refresh()
        assert client.options("/open/1", headers=ASKING).json()["method"] == "OPTIONS"
        assert client.options("/nowhere", headers=ASKING).status_code == 404


@pytest.mark.parametrize(
    ("origins", "sent", "allowed"),
    [
        (["*"], "https://any.example", "*"),
        (["https://*"], "https://any.example", "https://any.example"),
        (["https://*"], "http://any.example", None),
        (["https://app.example"], "https://app.example:8443", None),
        (["https://app.example"], "https://APP.example", None),
        (["https://app.example"], "null", None),
        (["https://app.example", "https://two.example"], "https://two.example", "https://two.example"),
    ],
)
def test_allowed_origin_follows_the_cors_configuration(origins: list[str], sent: str, allowed: str | None) -> None:
    request = IncomingRequest("OPTIONS", "/", "", (("origin", sent), *PREFLIGHT), b"", "127.0.0.1", 80, "HTTP/1.1")
    headers = dict(with_cors(Cors(allow_origins=tuple(origins), max_age=0), request, Response(204)).headers)
    assert headers.get("access-control-allow-origin") == allowed
    assert headers.get("access-control-max-age") == (None if allowed is None else "0")
