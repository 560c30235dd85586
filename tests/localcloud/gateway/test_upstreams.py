"""Whatever an upstream does, the caller gets its answer as it was, or one of API Gateway's own in time."""

import gzip
import socketserver
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from localcloud.connection import AwsConnection
from tests.support.http_apis import ApiBuilder, Front, serving

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
            pass  # the front has hung up


@pytest.fixture(scope="module", name="front")
def _front(cloud: AwsConnection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder: Path = tmp_path_factory.mktemp("front")
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Upstream) as upstream:
        threading.Thread(target=upstream.serve_forever).start()
        api = ApiBuilder(cloud)
        url = f"http://127.0.0.1:{upstream.server_address[1]}"
        api.route("ANY /drips", api.upstream(f"{url}/drips", TimeoutInMillis=1_000))
        api.route("ANY /{proxy+}", api.upstream(f"{url}/{{proxy}}", TimeoutInMillis=20_000))
        with serving(cloud, api.id, folder) as front:
            yield front
        upstream.shutdown()


@pytest.fixture(name="client")
def _client(front: Front) -> Iterator[httpx.Client]:
    with front.client() as client:
        yield client


def test_headers_come_back_byte_for_byte_each_on_its_own(client: httpx.Client) -> None:
    answer = client.get("/own")
    assert (b"x-own", b"caf\xc3\xa9 \xe9") in answer.headers.raw
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_headers_arrive_byte_for_byte(client: httpx.Client) -> None:
    answer = client.get("/echo", headers=[(b"x-mine", b"caf\xc3\xa9 \xe9")])
    assert b"x-mine: caf\xc3\xa9 \xe9\n" in answer.content


def test_one_callers_cookies_are_not_sent_for_another(front: Front) -> None:
    with front.client() as first, front.client() as second:
        assert first.get("/own").cookies
        assert b"cookie" not in second.get("/echo").content.lower()


def test_a_packed_body_stays_packed(client: httpx.Client) -> None:
    with client.stream("GET", "/packed") as answer:
        assert b"".join(answer.iter_raw()) == PACKED


def test_a_chunked_body_comes_back_whole(client: httpx.Client) -> None:
    assert client.get("/chunked").content == b"ok"


def test_where_an_upstream_sends_the_caller_is_for_the_caller_to_follow(client: httpx.Client) -> None:
    answer = client.get("/elsewhere")
    assert (answer.status_code, answer.headers["location"]) == (302, "/own")


def test_a_head_request_hears_the_length_of_what_it_did_not_ask_for(client: httpx.Client) -> None:
    assert client.head("/long").headers["content-length"] == "1234"


@pytest.mark.parametrize("path", ["/drips", "/long", "/cut-off", "/odd-status", "/garbage", "/nothing"])
def test_an_upstream_that_does_not_answer_properly_is_unavailable(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()) == (503, {"message": "Service Unavailable"})
    assert client.get("/chunked").content == b"ok"
