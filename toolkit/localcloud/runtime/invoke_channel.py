"""The port on which the embedded AWS has a runtime run a function, or notifies it of a changed function."""

import asyncio
import hmac
from base64 import b64encode
from typing import Protocol

from pydantic import ValidationError

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.embedded_client import call_embedded_route
from toolkit.localcloud.runtime.invocation import Invocation, InvokeError
from toolkit.localcloud.runtime_channel import (
    MAX_LINE_BYTES,
    REGISTRATION_PATH,
    RuntimeAddress,
    RuntimeAnswer,
    RuntimeCall,
    new_secret,
)


class Functions(Protocol):
    """Handles the calls of the channel."""

    async def invoke(self, function: str, event: bytes, *, client_context: str | None = None) -> Invocation:
        """Run a function on a JSON event. Raises InvokeError where Lambda rejects it."""

    def changed(self) -> None:
        """Read again what is deployed."""


class InvokeChannel:
    """Handles calls with its secret, from `open` to `close`."""

    def __init__(self, connection: AwsConnection, functions: Functions) -> None:
        self._connection = connection
        self._functions = functions
        self._secret = new_secret()
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[object]] = set()

    async def open(self) -> None:
        """Listen, and register with the embedded AWS. Raises httpx.HTTPError."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=MAX_LINE_BYTES)
        port = self._server.sockets[0].getsockname()[1]
        await asyncio.to_thread(register, self._connection, RuntimeAddress(port=port, secret=self._secret))

    async def close(self) -> None:
        """Stop listening, and cancel calls in progress."""
        if self._server is not None:
            self._server.close()
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            self._keep(task)
        try:
            call = RuntimeCall.model_validate_json(await reader.readline())
            if hmac.compare_digest(call.secret.encode(), self._secret.encode()):
                writer.write((await self._answer(call)).model_dump_json().encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValidationError, ValueError):
            pass  # not a call of the embedded AWS, or its process has ended: there is no one to respond to
        except asyncio.CancelledError:
            pass  # closing: asyncio's streams would report a cancelled connection as an error
        finally:
            writer.close()

    async def _answer(self, call: RuntimeCall) -> RuntimeAnswer:
        if call.kind == "changed":
            self._functions.changed()
            return RuntimeAnswer()
        invocation = self._functions.invoke(call.function, call.payload, client_context=call.client_context)
        if call.kind == "start":
            task = asyncio.ensure_future(invocation)
            task.add_done_callback(lambda late: late.cancelled() or late.exception())
            self._keep(task)
            return RuntimeAnswer(status=202)
        try:
            done = await invocation
        except InvokeError as error:
            return RuntimeAnswer(status=error.status, code=error.code, message=error.message)
        return RuntimeAnswer(
            payload=b64encode(done.payload),
            function_error=done.function_error,
            version=done.version,
            request_id=done.request_id,
            log_tail=b64encode(done.log_tail),
        )

    def _keep(self, task: "asyncio.Task[object] | asyncio.Future[object]") -> None:
        assert isinstance(task, asyncio.Task)  # noqa: S101 - each is created from a coroutine
        self._running.add(task)
        task.add_done_callback(self._running.discard)


def register(connection: AwsConnection, address: RuntimeAddress) -> None:
    """Register a runtime with the embedded AWS. Blocks on the network; raises httpx.HTTPError."""
    call_embedded_route(connection, REGISTRATION_PATH, put=address.model_dump_json().encode()).raise_for_status()
