"""The Lambda Runtime API (2018-06-01) for one worker, on its own loopback port."""

import asyncio
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Protocol

from toolkit.localcloud.runtime.invocation import MAX_RESPONSE_BYTES, InvocationRequest

_PREFIX = "/2018-06-01/runtime/"
_REASONS = {
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    413: "Payload Too Large",
}


class RuntimeApiEvents(Protocol):
    """Receives the calls of a worker's runtime client."""

    async def next_event(self) -> InvocationRequest:
        """Wait for the next event. A second call means that the client is idle."""

    def answered(self, request_id: str, payload: bytes, *, failed: bool) -> bool:
        """Take the function's response or error. Return False where no such event is in progress."""

    def init_failed(self, payload: bytes) -> None:
        """Take the error of a handler that could not be loaded."""


class RuntimeApi:
    """Serves the one runtime client that has its secret; closing it ends the client's wait."""

    def __init__(self, events: RuntimeApiEvents) -> None:
        self.secret = secrets.token_hex(16)
        """The first part of each path; the worker reads it from a pipe, not from its environment."""
        self._address = ""
        self._events = events
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Listen on a free loopback port; returns `host:port` as AWS_LAMBDA_RUNTIME_API wants it."""
        # Assigned before it is awaited, so that an interrupt here can still close it.
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, start_serving=False)
        await self._server.start_serving()
        host, port = self._server.sockets[0].getsockname()[:2]
        self._address = f"{host}:{port}"
        return self._address

    async def close(self) -> None:
        """Stop listening, and close connections."""
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        try:
            while not reader.at_eof():
                method, path, headers = await _read_head(reader)
                secret, _, own = path.removeprefix("/").partition("/")
                known = hmac.compare_digest(secret.encode(), self.secret.encode())
                if not known or headers.get("host") != self._address:
                    writer.write(_error(403, "Forbidden", "This Runtime API serves only its worker."))
                    break
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                writer.write(await self._answer(method, f"/{own}", body))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client disconnected
        except (asyncio.LimitOverrunError, ValueError):
            writer.write(_error(400, "BadRequest", "The request is malformed."))
        except asyncio.CancelledError:
            pass  # closing: asyncio's streams would report a cancelled connection as an error
        finally:
            writer.close()

    async def _answer(self, method: str, path: str, body: bytes) -> bytes:
        action = path.removeprefix(_PREFIX) if path.startswith(_PREFIX) else ""
        if method == "GET" and action == "invocation/next":
            request = await self._events.next_event()
            return _response(200, request.event, request.headers())
        if method == "POST" and action == "init/error":
            self._events.init_failed(body)
            return _status(202, "OK")
        parts = action.split("/")
        if method == "POST" and len(parts) == 3 and parts[0] == "invocation" and parts[2] in ("response", "error"):
            return self._answered(parts[1], body, failed=parts[2] == "error")
        return _error(404, "NotFound", f"The Runtime API has no {method} {path}.")

    def _answered(self, request_id: str, body: bytes, *, failed: bool) -> bytes:
        too_large = len(body) > MAX_RESPONSE_BYTES
        if too_large:
            message = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
            body = json.dumps({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}).encode()
        if not self._events.answered(request_id, body, failed=failed or too_large):
            return _error(400, "InvalidRequestID", f"No event {request_id} is waiting for an answer.")
        return _error(413, "RequestEntityTooLarge", "The answer is too large.") if too_large else _status(202, "OK")


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
    lines = [f"HTTP/1.1 {status} {_REASONS[status]}", *(f"{name}: {value}" for name, value in headers.items())]
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""])
    return head.encode("latin-1") + body
