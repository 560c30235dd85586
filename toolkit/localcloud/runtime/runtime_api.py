"""The Lambda Runtime API (2018-06-01) for one worker, on its own loopback port."""

import asyncio
import hmac
import json
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from toolkit.localcloud.runtime.invocation import MAX_RESPONSE_BYTES
from toolkit.localcloud.runtime.loopback_server import LoopbackServer

if TYPE_CHECKING:
    from toolkit.localcloud.runtime.worker import Worker

_PREFIX = "/2018-06-01/runtime/"


class RuntimeApi:
    """Serves the one runtime client that has its secret; closing it ends the client's wait."""

    def __init__(self, worker: "Worker") -> None:
        self.secret = secrets.token_hex(16)
        """The first part of each path; the worker reads it from a pipe, not from its environment."""
        self._address = ""
        self._worker = worker
        self._server = LoopbackServer(self._serve)

    async def start(self) -> str:
        """Listen on a free loopback port; returns `host:port` as AWS_LAMBDA_RUNTIME_API wants it."""
        self._address = f"127.0.0.1:{await self._server.start()}"
        return self._address

    async def close(self) -> None:
        """Stop listening, and close connections."""
        await self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not reader.at_eof():
                method, path, headers = await _read_head(reader)
                secret, _, own = path.removeprefix("/").partition("/")
                known = hmac.compare_digest(secret.encode(), self.secret.encode())
                if not known or headers.get("host") != self._address:
                    writer.write(_error(403, "Forbidden", "This Runtime API serves only its worker."))
                    break
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                writer.write(await self._handle(method, f"/{own}", body))
        except (asyncio.LimitOverrunError, ValueError):
            writer.write(_error(400, "BadRequest", "The request is malformed."))

    async def _handle(self, method: str, path: str, body: bytes) -> bytes:
        action = path.removeprefix(_PREFIX) if path.startswith(_PREFIX) else ""
        if method == "GET" and action == "invocation/next":
            request = await self._worker.next_event()
            return _response(200, request.event, request.headers())
        if method == "POST" and action == "init/error":
            self._worker.init_failed(body)
            return _status(202, "OK")
        parts = action.split("/")
        if method == "POST" and len(parts) == 3 and parts[0] == "invocation" and parts[2] in ("response", "error"):
            return self._take_result(parts[1], body, failed=parts[2] == "error")
        return _error(404, "NotFound", f"The Runtime API has no {method} {path}.")

    def _take_result(self, request_id: str, body: bytes, *, failed: bool) -> bytes:
        too_large = len(body) > MAX_RESPONSE_BYTES
        if too_large:
            message = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
            body = json.dumps({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}).encode()
        if not self._worker.take_result(request_id, body, failed=failed or too_large):
            return _error(400, "InvalidRequestID", f"No event {request_id} is in progress.")
        return _error(413, "RequestEntityTooLarge", "The response is too large.") if too_large else _status(202, "OK")


async def _read_head(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    request_line, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = request_line.split(" ", 2)
    headers: dict[str, str] = {}
    for name, _, value in (line.partition(":") for line in lines):
        if name.strip().lower() in headers.keys() & {"host", "content-length"}:
            raise ValueError("A request has one Host and one Content-Length")
        headers[name.strip().lower()] = value.strip()
    return method, path, headers


def _status(status: int, text: str) -> bytes:
    return _response(status, json.dumps({"status": text}).encode(), {"Content-Type": "application/json"})


def _error(status: int, error_type: str, message: str) -> bytes:
    body = json.dumps({"errorType": error_type, "errorMessage": message}).encode()
    return _response(status, body, {"Content-Type": "application/json"})


def _response(status: int, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return head and body in one piece: two writes cost 40 ms per event (Nagle's algorithm and delayed ACK)."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""])
    return head.encode("latin-1") + body
