"""Requests travel from a real client through the front to real workers and back."""

import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from localcloud.connection import AwsConnection
from localcloud.gateway import HttpApiError
from localcloud.gateway.http_api import read_http_api
from tests.support.functions import DeployedFunction, deploy
from tests.support.http_apis import ApiBuilder, Front, Pool, create_pool, serving

FUNCTION = """
import json, os, time
def handler(event, context):
    match event["rawPath"]:
        case "/raise": raise ValueError("secret detail")
        case "/exit": os._exit(1)
        case "/hang": time.sleep(60)
        case "/garbage": return {"statusCode": "many"}
        case "/slow": time.sleep(1)
        case "/own-cors": return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "http://evil.example"}}
        case "/empty": return {"statusCode": 204}
    return {"statusCode": 201, "headers": {"X-Own": "yes"}, "cookies": ["a=1", "b=2"], "body": json.dumps(event)}
"""
LOG_FORMAT = json.dumps(
    {
        "requestId": "$context.requestId",
        "route": "$context.routeKey",
        "status": "$context.status",
        "agent": "$context.identity.userAgent",
        "error": "$context.integrationErrorMessage",
        "sub": "$context.authorizer.claims.sub",
        "unknown": "$context.nothing.such",
    }
)
CORS = {
    "AllowOrigins": ["http://app.example"],
    "AllowMethods": ["GET", "POST"],
    "AllowHeaders": ["authorization"],
    "ExposeHeaders": ["x-own"],
    "MaxAge": 600,
    "AllowCredentials": True,
}


@pytest.fixture(scope="module", name="pool")
def _pool(cloud: AwsConnection) -> Pool:
    pool = create_pool(cloud)
    pool.add_user("demo@example.com", "admins")
    return pool


@pytest.fixture(scope="module", name="front")
def _front(cloud: AwsConnection, pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    stage = {
        "AccessLogSettings": {
            "DestinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:a",
            "Format": LOG_FORMAT,
        },
        "RouteSettings": {
            "GET /throttled": {"ThrottlingRateLimit": 0.001, "ThrottlingBurstLimit": 2},
            "GET /closed": {"ThrottlingRateLimit": 0.0, "ThrottlingBurstLimit": 0},
        },
    }
    api = ApiBuilder(cloud, CORS, stage)
    deployed = deploy(cloud, FUNCTION, Timeout=2)
    function = api.function(deployed.live)
    for path in ("public", "raise", "exit", "hang", "garbage", "throttled", "closed", "own-cors", "empty"):
        api.route(f"ANY /{path}" if path == "public" else f"GET /{path}", function)
    api.route("GET /slow", api.function(deployed.live, TimeoutInMillis=200))
    api.route("GET /items/{id}", function, api.authorizer(pool))
    api.route("GET /gone", api.function(f"{deployed.arn}:nothing"))
    api.route("ANY /down/{proxy+}", api.upstream("http://127.0.0.1:1/{proxy}"))
    with serving(cloud, api.id, tmp_path_factory.mktemp("front")) as front:
        api.route("ANY /echo/{proxy+}", api.upstream(f"{front.url}/_local/echo/deep/{{proxy}}"))
        front.refresh()
        yield front


@pytest.fixture(name="client")
def _client(front: Front) -> Iterator[httpx.Client]:
    with front.client() as client:
        yield client


def test_a_public_route_answers_what_the_function_says(client: httpx.Client) -> None:
    answer = client.get("/public?a=1&a=2")
    assert answer.status_code == 201
    assert answer.headers["x-own"] == "yes"
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.json()["queryStringParameters"] == {"a": "1,2"}
    assert answer.headers["apigw-requestid"] == answer.json()["requestContext"]["requestId"]


def test_a_signed_in_user_reaches_a_guarded_route_with_its_claims(client: httpx.Client, pool: Pool) -> None:
    answer = client.get("/items/7", headers={"Authorization": f"Bearer {pool.token('demo@example.com')}"})
    event = answer.json()
    assert event["pathParameters"] == {"id": "7"}
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    assert claims["iss"] == pool.issuer
    assert claims["cognito:groups"] == "[admins]"
    assert all(isinstance(value, str) for value in claims.values())


def test_a_guarded_route_wants_a_token(client: httpx.Client) -> None:
    answer = client.get("/items/7")
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("POST", "/items/7"), ("GET", "/public/")])
def test_a_path_without_a_route_is_not_found(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/raise", 502, "Internal Server Error"),
        ("/exit", 502, "Internal Server Error"),
        ("/hang", 502, "Internal Server Error"),
        ("/garbage", 502, "Internal Server Error"),
        ("/gone", 500, "Internal Server Error"),
        ("/slow", 503, "Service Unavailable"),
        ("/down/x", 503, "Service Unavailable"),
    ],
)
def test_what_fails_behind_the_front_gets_its_answer_and_the_next_request_is_served(
    client: httpx.Client, path: str, status: int, message: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()) == (status, {"message": message})
    assert client.get("/public").status_code == 201


def test_a_function_at_its_reserved_concurrency_is_unavailable(cloud: AwsConnection, tmp_path: Path) -> None:
    function = deploy(cloud, "def handler(event, context):\n    return 'never'")
    cloud.client("lambda").put_function_concurrency(FunctionName=function.name, ReservedConcurrentExecutions=0)
    api = ApiBuilder(cloud)
    api.route("$default", api.function(function.live))
    with serving(cloud, api.id, tmp_path) as front, front.client() as client:
        answer = client.get("/")
    assert (answer.status_code, answer.json()) == (503, {"message": "Service Unavailable"})


def test_a_throttled_route_lets_its_burst_through(client: httpx.Client) -> None:
    answers = [client.get("/throttled") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[-1].json() == {"message": "Too Many Requests"}


def test_a_throttle_of_zero_refuses_every_call(client: httpx.Client) -> None:
    assert client.get("/closed").status_code == 429


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_over_ten_megabytes_is_too_large(client: httpx.Client, *, chunked: bool) -> None:
    body = b"x" * (10 * 2**20 + 1)
    answer = client.post("/public", content=iter([body]) if chunked else body)
    assert (answer.status_code, answer.json()) == (413, {"message": "Request Entity Too Large"})


def test_a_body_that_no_function_takes_is_too_large(client: httpx.Client) -> None:
    assert client.post("/public", content=b"x" * 7 * 2**20).status_code == 413


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


def test_an_upstream_gets_the_request_and_its_answer_comes_back(client: httpx.Client) -> None:
    headers = {"X-Mine": "yes", "Connection": "keep-alive, X-Private", "X-Private": "no", "TE": "trailers"}
    answer = client.post("/echo/a%20b/c?q=1&q=2", content=b"hello", headers=headers).json()
    assert (answer["method"], answer["path"], answer["query"], answer["body"]) == (
        "POST",
        "/deep/a b/c",
        "q=1&q=2",
        "hello",
    )
    assert answer["headers"]["x-mine"] == "yes"
    assert answer["headers"]["via"] == "HTTP/1.1 AmazonAPIGateway"
    assert not {"x-private", "te"} & answer["headers"].keys()


def test_each_request_leaves_one_line_in_the_stages_own_format(client: httpx.Client, front: Front) -> None:
    answer = client.get("/raise", headers={"User-Agent": 'a "quoted" agent'})
    lines = [json.loads(line) for line in front.access_log.splitlines()]
    line = next(line for line in lines if line["requestId"] == answer.headers["apigw-requestid"])
    assert line == {
        "requestId": answer.headers["apigw-requestid"],
        "route": "GET /raise",
        "status": "502",
        "agent": 'a "quoted" agent',
        "error": "secret detail",
        "sub": "-",
        "unknown": "-",
    }


def test_an_answer_without_a_body_has_none(client: httpx.Client) -> None:
    answer = client.get("/empty")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-length" not in answer.headers


def test_a_head_request_gets_headers_only(client: httpx.Client) -> None:
    answer = client.head("/public")
    assert (answer.status_code, answer.content) == (201, b"")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "", "localhost.evil"])
def test_a_name_that_is_not_this_machines_is_forbidden(client: httpx.Client, host: str) -> None:
    answer = client.get("/public", headers={"Host": host})
    assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})


@pytest.mark.parametrize("name", ["swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js", "favicon.png"])
def test_the_docs_pages_need_no_internet(client: httpx.Client, name: str) -> None:
    assert client.get(f"/_local/docs/{name}").status_code == 200


@pytest.mark.parametrize("path", ["/_local/", "/_local/docs/../../core.py", "/_local/docs/%2e%2e/core.py", "/_local/x"])
def test_nothing_else_is_served_locally(front: Front, path: str) -> None:
    connection = http.client.HTTPConnection(front.url.removeprefix("http://"))
    connection.request("GET", path)  # as written: a friendlier client would tidy the path up
    assert connection.getresponse().status == 404
    connection.close()


def test_garbage_on_the_socket_does_not_end_the_front(front: Front, client: httpx.Client) -> None:
    host, port = front.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"\x16\x03\x01 garbage\r\n\r\n")
        assert b"400" in connection.recv(1_000)
    assert client.get("/public").status_code == 201


def deployed(cloud: AwsConnection) -> DeployedFunction:
    return deploy(cloud, FUNCTION)


@pytest.mark.parametrize(
    ("route", "integration", "words"),
    [
        ("GET /_local/mine", "function", "choose a path outside /_local/"),
        ("GET /a", "nothing", "leads to no integration"),
        ("GET /a", "bare", "must lead to a function's ARN"),
    ],
)
def test_an_api_that_cannot_be_served_is_refused_in_one_sentence(
    cloud: AwsConnection, route: str, integration: str, words: str
) -> None:
    api = ApiBuilder(cloud)
    targets: dict[str, Any] = {
        "function": lambda: api.function(deployed(cloud).live),
        "bare": lambda: api.function("no"),
    }
    api.route(route, targets.get(integration, lambda: "nothing")())
    with pytest.raises(HttpApiError, match=words):
        read_http_api(cloud, api.id, "$default", "123456789012")


def test_a_new_route_is_served_after_a_refresh(cloud: AwsConnection, tmp_path: Path) -> None:
    api = ApiBuilder(cloud)
    function = api.function(deployed(cloud).live)
    with serving(cloud, api.id, tmp_path) as front, front.client() as client:
        assert client.get("/later").status_code == 404
        api.route("GET /later", function)
        front.refresh()
        assert client.get("/later").status_code == 201
