"""The Runtime API of a worker serves only that worker."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from toolkit.localcloud.runtime.invocation import InvocationRequest
from toolkit.localcloud.runtime.runtime_api import RuntimeApi

NEXT = "/2018-06-01/runtime/invocation/next"
EVENT = b'{"authorization": "Bearer x"}'


class Events:
    """A worker with one event to take."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []

    async def next_event(self) -> InvocationRequest:
        return InvocationRequest(
            request_id="1", event=EVENT, invoked_arn="arn", trace_id="Root=1", client_context=None, deadline_ms=1
        )

    def answered(self, request_id: str, payload: bytes, *, failed: bool) -> bool:
        self.answers.append(payload)
        return True

    def init_failed(self, payload: bytes) -> None:
        self.answers.append(payload)


def exchange(request: str) -> tuple[bytes, list[bytes]]:
    """Send a request, with the API's address and secret filled in, and return the response and what was answered."""

    async def run() -> tuple[bytes, list[bytes]]:
        events: Any = Events()
        api = RuntimeApi(events)
        address = await api.start()
        host, port = address.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request.format(address=address, secret=api.secret).replace("\n", "\r\n").encode())
        writer.write_eof()
        response = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        await api.close()
        return response, events.answers

    return asyncio.run(run())


def test_request_with_secret_returns_the_event() -> None:
    response, _ = exchange(f"GET /{{secret}}{NEXT} HTTP/1.1\nHost: {{address}}\n\n")
    assert response.startswith(b"HTTP/1.1 200 ")
    assert response.endswith(EVENT)


def other_requests() -> Iterator[str]:
    for path in (NEXT, f"/x{NEXT}", f"//{NEXT}", f"/{'0' * 32}{NEXT}", f"{NEXT}/{{secret}}"):
        yield f"GET {path} HTTP/1.1\nHost: {{address}}\n\n"
    for host in ("Host: evil.example", "Host: localhost", "X: y"):
        yield f"GET /{{secret}}{NEXT} HTTP/1.1\n{host}\n\n"
    for action in ("invocation/1/response", "invocation/1/error", "init/error"):
        yield f"POST /2018-06-01/runtime/{action} HTTP/1.1\nHost: {{address}}\nContent-Length: 2\n\n{{{{}}}}"


@pytest.mark.parametrize("request_text", list(other_requests()))
def test_request_without_secret_or_with_another_host_is_rejected(request_text: str) -> None:
    response, answers = exchange(request_text)
    assert response.startswith(b"HTTP/1.1 403 ")
    assert EVENT not in response
    assert answers == []


@pytest.mark.parametrize(
    "request_text",
    [
        "nonsense\n\n",
        "GET /{secret}/x HTTP/1.1\nHost: {address}\nHost: {address}\n\n",
        "POST /{secret}/x HTTP/1.1\nHost: {address}\nContent-Length: many\n\n",
        "POST /{secret}/x HTTP/1.1\nHost: {address}\nContent-Length: -5\n\n",
        "GET /" + "a" * 70_000 + " HTTP/1.1\n\n",
    ],
)
def test_malformed_request_gets_400(request_text: str) -> None:
    response, _ = exchange(request_text)
    assert response.startswith(b"HTTP/1.1 400 ")
