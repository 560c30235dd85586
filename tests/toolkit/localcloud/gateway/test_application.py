"""Requests of a real client are handled by the gateway and real workers."""

import json
import socket

import httpx
import pytest

from tests.support.http_apis import Pool, ServedApi


def test_public_route_returns_the_functions_response(client: httpx.Client) -> None:
    answer = client.get("/public?a=1&a=2")
    assert answer.status_code == 201
    assert answer.headers["x-own"] == "yes"
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.json()["queryStringParameters"] == {"a": "1,2"}
    assert answer.headers["apigw-requestid"] == answer.json()["requestContext"]["requestId"]


def test_valid_token_reaches_a_protected_route_with_its_claims(client: httpx.Client, users: Pool) -> None:
    answer = client.get("/items/7", headers={"Authorization": f"Bearer {users.token('demo@example.com')}"})
    event = answer.json()
    assert event["pathParameters"] == {"id": "7"}
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    assert claims["iss"] == users.issuer
    assert claims["cognito:groups"] == "[admins]"
    assert all(isinstance(value, str) for value in claims.values())


def test_protected_route_without_token_is_unauthorized(client: httpx.Client) -> None:
    answer = client.get("/items/7")
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("POST", "/items/7"), ("GET", "/public/")])
def test_path_without_route_is_not_found(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/raise", 500, "Internal Server Error"),
        ("/exit", 500, "Internal Server Error"),
        ("/hang", 500, "Internal Server Error"),
        ("/garbage", 500, "Internal Server Error"),
        ("/gone", 500, "Internal Server Error"),
        ("/slow", 503, "Service Unavailable"),
        ("/down/x", 503, "Service Unavailable"),
    ],
)
def test_failing_integration_gets_api_gateways_status_and_the_next_request_succeeds(
    client: httpx.Client, path: str, status: int, message: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()) == (status, {"message": message})
    assert client.get("/public").status_code == 201


def test_throttled_route_allows_its_burst_and_then_returns_429(client: httpx.Client) -> None:
    answers = [client.get("/throttled") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[-1].json() == {"message": "Too Many Requests"}


def test_throttle_of_zero_rejects_every_call(client: httpx.Client) -> None:
    assert client.get("/closed").status_code == 429


@pytest.mark.parametrize("chunked", [True, False])
def test_body_over_ten_megabytes_is_too_large(client: httpx.Client, *, chunked: bool) -> None:
    body = b"x" * (10 * 2**20 + 1)
    answer = client.post("/public", content=iter([body]) if chunked else body)
    assert (answer.status_code, answer.json()) == (413, {"message": "Request Entity Too Large"})


def test_event_over_lambdas_limit_is_too_large(client: httpx.Client) -> None:
    assert client.post("/public", content=b"x" * 7 * 2**20).status_code == 413


@pytest.mark.parametrize("where", ["header", "query"])
def test_request_headers_over_ten_kilobytes_are_rejected(client: httpx.Client, where: str) -> None:
    long = "x" * 10_240
    answer = client.get("/public", headers={"x-long": long}) if where == "header" else client.get(f"/public?q={long}")
    assert (answer.status_code, answer.json()) == (431, {"message": "Request Header Fields Too Large"})


def test_request_headers_within_ten_kilobytes_are_accepted(client: httpx.Client) -> None:
    assert client.get("/public", headers={"x-long": "x" * 9_900}).status_code == 201


def test_request_is_forwarded_to_the_upstream_and_its_response_returned(client: httpx.Client) -> None:
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


def test_each_request_writes_one_access_log_line_in_the_stages_format(client: httpx.Client, served: ServedApi) -> None:
    answer = client.get("/raise", headers={"User-Agent": 'a "quoted" agent'})
    lines = [json.loads(line) for line in served.access_log.splitlines()]
    line = next(line for line in lines if line["requestId"] == answer.headers["apigw-requestid"])
    assert line == {
        "requestId": answer.headers["apigw-requestid"],
        "route": "GET /raise",
        "status": "500",
        "agent": 'a "quoted" agent',
        "error": "secret detail",
        "sub": "-",
        "unknown": "-",
    }


def test_response_204_has_no_body(client: httpx.Client) -> None:
    answer = client.get("/empty")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-length" not in answer.headers


def test_head_request_returns_headers_only(client: httpx.Client) -> None:
    answer = client.head("/public")
    assert (answer.status_code, answer.content) == (201, b"")


@pytest.mark.parametrize("trace", [b"Root=;\xff", b"Root=1-x", b"Root=", b"Root=1-65a00000-" + b"0" * 24 + b";\xe9=1"])
def test_trace_header_that_is_not_valid_is_replaced(client: httpx.Client, trace: bytes) -> None:
    answer = client.get("/public", headers={b"X-Amzn-Trace-Id": trace})
    assert answer.status_code == 201
    assert answer.json()["headers"]["x-amzn-trace-id"].startswith("Root=1-")
    assert answer.json()["headers"]["x-amzn-trace-id"].encode() != trace


@pytest.mark.parametrize("target", [b"*", b"x", b"", b"\xff"])
def test_request_target_without_path_is_rejected(served: ServedApi, target: bytes) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"OPTIONS " + target + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(1_000).split(b" ")[1] == b"400"


def test_malformed_bytes_on_a_socket_do_not_end_the_gateway(served: ServedApi, client: httpx.Client) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"\x16\x03\x01 garbage\r\n\r\n")
        assert b"400" in connection.recv(1_000)
    assert client.get("/public").status_code == 201


def test_incomplete_request_invokes_no_function(served: ServedApi, client: httpx.Client) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    before = served.access_log.count("ANY /public")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"POST /public HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
    assert client.get("/public").status_code == 201
    assert served.access_log.count("ANY /public") == before + 1
