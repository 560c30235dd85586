"""The caller gets the unchanged response of an upstream, or an error of API Gateway in time."""

import gzip
import http.client
import socketserver
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.http_apis import ApiBuilder, ServedApi, serving
from toolkit.localcloud.connection import AwsConnection

PACKED = gzip.compress(b"hello")
ANSWERS = {
    "/own": b"HTTP/1.1 204 No Content\r\nX-Own: caf\xc3\xa9 \xe9\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n",
    "/packed": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(PACKED), PACKED),
    "/chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "/elsewhere": b"HTTP/1.1 302 Found\r\nLocation: /own\r\nContent-Length: 0\r\n\r\n",
    "/long": b"HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n",
    "/cut-off": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok",
    "/odd-status": b"HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n",
    "/garbage": b"no HTTP at all\r\n\r\n",
    "/nothing": b"",
}


class Upstream(socketserver.StreamRequestHandler):
    """Answers one request in bytes; `/drips` sends a byte now and then and never ends, `/echo` tells what it got."""

    def handle(self) -> None:
        head = b""
        while line := self.rfile.readline().strip():
            head += line + b"\n"
        path = head.split(b" ")[1].decode()
        if path.startswith("/base"):
            path = "/echo"
        if path == "/drips":
            self._drip()
        elif path == "/echo":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(head), head))
        else:
            self.wfile.write(ANSWERS[path])

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        try:
            while True:
                self.wfile.write(b".")
                time.sleep(0.05)
        except OSError:
            pass  # the gateway has hung up


@pytest.fixture(scope="module", name="served")
def _served(cloud: AwsConnection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    folder: Path = tmp_path_factory.mktemp("served")
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Upstream) as upstream:
        threading.Thread(target=upstream.serve_forever).start()
        api = ApiBuilder(cloud)
        url = f"http://127.0.0.1:{upstream.server_address[1]}"
        api.route("ANY /drips", api.upstream(f"{url}/drips", TimeoutInMillis=1_000))
        api.route("ANY /{proxy+}", api.upstream(f"{url}/{{proxy}}", TimeoutInMillis=20_000))
        api.route("ANY /based/{proxy+}", api.upstream(f"{url}/base/{{proxy}}"))
        with serving(cloud, api.id, folder) as served:
            yield served
        upstream.shutdown()


@pytest.fixture(name="client")
def _client(served: ServedApi) -> Iterator[httpx.Client]:
    with served.client() as client:
        yield client


def test_repeated_headers_are_returned_separately_and_byte_for_byte(client: httpx.Client) -> None:
    answer = client.get("/own")
    assert (b"x-own", b"caf\xc3\xa9 \xe9") in answer.headers.raw
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_request_headers_are_forwarded_byte_for_byte(client: httpx.Client) -> None:
    answer = client.get("/echo", headers=[(b"x-mine", b"caf\xc3\xa9 \xe9")])
    assert b"x-mine: caf\xc3\xa9 \xe9\n" in answer.content


def test_upstream_cookies_are_not_shared_between_callers(served: ServedApi) -> None:
    with served.client() as first, served.client() as second:
        assert first.get("/own").cookies
        assert b"cookie" not in second.get("/echo").content.lower()


def test_compressed_body_stays_compressed(client: httpx.Client) -> None:
    with client.stream("GET", "/packed") as answer:
        assert b"".join(answer.iter_raw()) == PACKED


def test_chunked_body_is_returned_complete(client: httpx.Client) -> None:
    assert client.get("/chunked").content == b"ok"


def test_redirect_of_the_upstream_is_returned_and_not_followed(client: httpx.Client) -> None:
    answer = client.get("/elsewhere")
    assert (answer.status_code, answer.headers["location"]) == (302, "/own")


def test_head_response_has_the_content_length_of_get(client: httpx.Client) -> None:
    assert client.head("/long").headers["content-length"] == "1234"


@pytest.mark.parametrize("path", ["/drips", "/long", "/cut-off", "/odd-status", "/garbage", "/nothing"])
def test_invalid_response_of_the_upstream_gets_503(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()) == (503, {"message": "Service Unavailable"})
    assert client.get("/chunked").content == b"ok"


@pytest.mark.parametrize(
    "path",
    [
        *("..", "../x", "a/../../x", ".", "a/./b", "%2e%2e/x", ".%2e/x", "%2E./x", "..%2fx", "..%2Fx", "%2e%2e%2fx"),
        *("%252e%252e/x", "..%252fx", "%252e%252e%252fx", "%25252e%25252e/x", "..;/x", "..;a=b/x", "%2e%2e;/x"),
        *("..%5cx", "a%5c..%5c..%5cx", "..\\x", "%255c", "a/..", "..%3fx"),
    ],
)
def test_path_with_dot_segment_or_backslash_is_rejected(served: ServedApi, path: str) -> None:
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"))
    connection.request("GET", f"/based/{path}")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (400, b'{"message":"Bad Request"}')
    connection.close()


@pytest.mark.parametrize(
    ("path", "received"),
    [
        *(("a/b", "/base/a/b"), ("a%2Fb", "/base/a/b"), ("a%252Fb", "/base/a/b"), ("...", "/base/..."), ("", None)),
        *(("a%253Fb", "/base/a%3Fb"), ("a%3Fb", "/base/a"), ("a%20b", "/base/a%20b"), ("a..b", "/base/a..b")),
        *(("//evil.example/x", "/base///evil.example/x"), ("@evil.example", "/base/@evil.example")),
        *(("http://evil.example", "/base/http://evil.example"), ("a;b", "/base/a;b"), ("a%250d%250aX:1", None)),
        *(("{proxy}", "/base/%7Bproxy%7D"), ("%C3%A9", "/base/%C3%A9"), ("x?q=../..", "/base/x?q=../..")),
    ],
)
def test_forwarded_path_stays_below_the_upstreams_base_path(served: ServedApi, path: str, received: str | None) -> None:
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"))
    connection.request("GET", f"/based/{path}")
    body = connection.getresponse().read()
    connection.close()
    if received is not None:
        assert body.split(b" ")[1] == received.encode()
    assert b"\nX:1" not in body


def test_upstream_request_has_its_own_host_and_no_hop_by_hop_headers(client: httpx.Client) -> None:
    sent = {
        "Connection": "x-private",
        "X-Private": "no",
        "Proxy-Authorization": "no",
        "Keep-Alive": "no",
        "TE": "trailers",
        "Forwarded": "for=evil",
        "Via": "evil",
        "Cookie": "a=1; b=2",
    }
    head = client.get("/echo", headers=sent).content.lower().decode()
    received = dict(line.split(": ", 1) for line in head.splitlines()[1:])
    assert received["host"].startswith("127.0.0.1:")
    assert received["host"] != client.base_url.netloc.decode()
    assert received["cookie"] == "a=1; b=2"
    assert received["via"] == "http/1.1 amazonapigateway"
    assert "evil" not in received["forwarded"]
    assert not {"x-private", "proxy-authorization", "keep-alive", "te"} & received.keys()
