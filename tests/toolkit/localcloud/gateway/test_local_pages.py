"""The gateway accepts only loopback hosts, and serves the local pages under /_local/."""

import http.client
import socket

import httpx
import pytest

from tests.support.http_apis import ServedApi


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "127.0.0.1.evil.example:80", "", "localhost.evil", "localhost.", "127.1", "127.0.0.2"),
        *("[::1]:8300", "[::1]", "localhost:", "127.0.0.1:8400@evil", "evil@127.0.0.1", "localhost:80:80"),
        *("127.0.0.1:x", "localhost:123456", "localhost/", "localhost,evil", "x" * 300, "127.0.0.1#"),
    ],
)
def test_host_other_than_loopback_is_forbidden(client: httpx.Client, host: str) -> None:
    answer = client.get("/public", headers={"Host": host})
    assert not answer.is_server_error
    assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})


@pytest.mark.parametrize("host", ["localhost:8000", "LOCALHOST", "127.0.0.1"])
def test_loopback_host_is_served(client: httpx.Client, host: str) -> None:
    assert client.get("/public", headers={"Host": host}).status_code == 201


@pytest.mark.parametrize(
    "hosts", [[], [b"localhost", b"localhost"], [b"localhost", b"evil.example"], [b"\xe9.example"]]
)
def test_request_without_exactly_one_loopback_host_is_rejected(served: ServedApi, hosts: list[bytes]) -> None:
    lines = [b"GET /public HTTP/1.1", *(b"Host: " + host for host in hosts), b"Connection: close", b"", b""]
    address, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((address, int(port))) as connection:
        connection.sendall(b"\r\n".join(lines))
        assert connection.recv(1_000).split(b" ")[1] in (b"400", b"403")


@pytest.mark.parametrize("name", ["swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js", "favicon.png"])
def test_documentation_pages_load_only_local_assets(client: httpx.Client, name: str) -> None:
    assert client.get(f"/_local/docs/{name}").status_code == 200


@pytest.mark.parametrize("path", ["/_local/", "/_local/docs/../../core.py", "/_local/docs/%2e%2e/core.py", "/_local/x"])
def test_unknown_local_page_is_not_found(served: ServedApi, path: str) -> None:
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"))
    connection.request("GET", path)  # as written: a friendlier client would tidy the path up
    assert connection.getresponse().status == 404
    connection.close()
