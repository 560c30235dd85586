"""A proxy before the embedded AWS that applies every call and loses some of the responses."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import urlsplit

Loss = Literal["closed", "500"]
_TRANSACTION = "TransactWriteItems"
_Response = tuple[int, list[tuple[str, str]], bytes]


@dataclass
class LossyAws:
    """What the proxy does: how many of the next responses to an operation do not arrive, and how.

    An operation is DynamoDB's name and the first word of its record's key (`UpdateItem item`), or S3's method.
    """

    endpoint: str
    operation: str = ""
    lost: int = 0
    loss: Loss = "closed"
    then: Callable[[], object] | None = None
    """What others do between the first loss and the next attempt."""
    skip: int = 0
    calls: list[str] = field(default_factory=list)
    """The operations that reached AWS, in their order."""
    done: dict[str, _Response] = field(default_factory=dict)
    """The responses to transactions by their token: DynamoDB applies one token once, the embedded AWS does not."""

    def lose(
        self,
        operation: str,
        lost: int,
        loss: Loss = "closed",
        then: Callable[[], object] | None = None,
        skip: int = 0,
    ) -> None:
        """Lose so many responses to this operation, after the first ones that pass; forget the calls before."""
        self.skip = skip
        self.operation, self.lost, self.loss, self.then = operation, lost, loss, then
        self.calls.clear()

    def forward(self, request: BaseHTTPRequestHandler) -> _Response | None:
        """Apply a call; None is a lost response."""
        body = request.rfile.read(int(request.headers.get("content-length", 0)))
        operation = _operation(request, body)
        self.calls.append(operation)
        token = json.loads(body)["ClientRequestToken"] if operation == _TRANSACTION else ""
        response = self.done.get(token) or self._send(request, body)
        if token and response[0] == 200:
            self.done[token] = response
        if operation == self.operation and self.skip > 0:
            self.skip -= 1
        elif operation == self.operation and self.lost > 0:
            self.lost -= 1
            then, self.then = self.then, None
            if then:
                then()
            return None
        return response

    def _send(self, request: BaseHTTPRequestHandler, body: bytes) -> _Response:
        connection = http.client.HTTPConnection(urlsplit(self.endpoint).netloc, timeout=30)
        try:
            connection.request(request.command, request.path, body, dict(request.headers.items()))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()


def _operation(request: BaseHTTPRequestHandler, body: bytes) -> str:
    target = request.headers.get("x-amz-target", "")
    if not target.startswith("DynamoDB"):
        return target.rpartition(".")[2] or request.command or ""
    asked = json.loads(body)
    record = asked.get("Key", asked.get("Item", {})).get("record", {}).get("S", "")
    return f"{target.rpartition('.')[2]} {record.partition('#')[0]}".strip()


@contextmanager
def lossy(endpoint: str) -> Iterator[tuple[LossyAws, str]]:
    """The proxy and its own endpoint, for the time of the block."""
    aws = LossyAws(endpoint)

    class Proxy(BaseHTTPRequestHandler):
        def answer(self) -> None:
            response = aws.forward(self)
            if response is None and aws.loss == "closed":
                self.close_connection = True
                return
            status, headers, body = response or (500, [], b"")
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer  # noqa: N815 - the names that the base class calls

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield aws, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
