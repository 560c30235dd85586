"""The port on which the embedded AWS has a runtime run a function, or notifies it of a changed function.

The embedded AWS is another process than the runtime. A runtime listens, and registers its address in a
call that the administrator signs. Each call is one connection with one line of JSON, and one line as the response.
"""

import asyncio
import hmac
import logging
import secrets
from base64 import b64encode
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.embedded_client import call_embedded_route
from toolkit.localcloud.runtime.invocation import InvokeError
from toolkit.localcloud.runtime.loopback_server import LoopbackServer

if TYPE_CHECKING:
    from toolkit.localcloud.runtime.lambda_runtime import LambdaRuntime

log = logging.getLogger("toolkit.localcloud")

REGISTRATION_PATH = "lambda-runtimes"
"""Below /_embedded."""
MAX_LINE_BYTES = 16 * 1024 * 1024
"""More than the 6 MB of an invocation's payload as base64."""


class EventSources(Protocol):
    """What is notified of the event source mappings and schedules of the embedded AWS."""

    def changed(self) -> None:
        """Read mappings and schedules again."""

    def has_records(self, stream_arn: str) -> None:
        """Read the records that a stream got."""


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RuntimeAddress(_Message):
    """The port of a runtime on 127.0.0.1, and the secret that its callers send."""

    port: Annotated[int, Field(ge=1, le=65535)]
    secret: Annotated[str, Field(min_length=32, repr=False)]


class RuntimeCall(_Message):
    """One call of a runtime: run a function and wait, run it and do not wait, or be notified.

    The notices: functions changed, event sources changed, a stream has records, a message was dead-lettered.
    """

    secret: Annotated[str, Field(repr=False)]
    kind: Literal["invoke", "start", "changed", "event-sources", "records", "dead-letter"]
    function: str = ""
    source: tuple[str, str] | None = None
    """The service and the resource for which it invokes the function."""
    notice: str = ""
    """The stream that has records, or the sentence on a dead letter."""
    payload: Annotated[Base64Bytes, Field(repr=False)] = b""
    client_context: str | None = None


class RuntimeResponse(_Message):
    """The outcome of a call; `code` is None unless Lambda rejects the invocation with `status` and `message`."""

    status: int = 200
    code: str | None = None
    message: str = ""
    payload: Annotated[Base64Bytes, Field(repr=False)] = b""
    function_error: str | None = None
    version: str = ""
    request_id: str = ""
    log_tail: Annotated[Base64Bytes, Field(repr=False)] = b""


class Registration(_Message):
    """The response to a registration: whether the account has event source mappings or schedules."""

    event_sources: bool


class InvokeChannel:
    """Handles calls with its secret, from `open` to `close`."""

    def __init__(self, connection: AwsConnection, runtime: "LambdaRuntime") -> None:
        self._connection = connection
        self._runtime = runtime
        self._secret = secrets.token_urlsafe(32)
        self._server = LoopbackServer(self._serve, MAX_LINE_BYTES)
        self._event_sources: EventSources | None = None

    async def open(self, event_sources: EventSources | None) -> None:
        """Listen, and register with the embedded AWS. Raises httpx.HTTPError."""
        self._event_sources = event_sources
        address = RuntimeAddress(port=await self._server.start(), secret=self._secret)
        registration = await asyncio.to_thread(register, self._connection, address)
        if event_sources is not None and registration.event_sources:
            event_sources.changed()

    async def close(self) -> None:
        """Stop listening, and cancel calls in progress."""
        await self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ValueError):  # not a call of the embedded AWS
            call = RuntimeCall.model_validate_json(await reader.readline())
            if hmac.compare_digest(call.secret.encode(), self._secret.encode()):
                writer.write((await self._handle(call)).model_dump_json().encode() + b"\n")
                await writer.drain()

    async def _handle(self, call: RuntimeCall) -> RuntimeResponse:
        if call.kind not in {"invoke", "start"}:
            self._notify(call)
            return RuntimeResponse()
        context = call.client_context
        try:
            if call.kind == "start":
                await self._runtime.start(call.function, call.payload, client_context=context, source=call.source)
                return RuntimeResponse(status=202)
            done = await self._runtime.invoke(call.function, call.payload, client_context=context)
        except InvokeError as error:
            return RuntimeResponse(status=error.status, code=error.code, message=error.message)
        return RuntimeResponse(
            payload=b64encode(done.payload),
            function_error=done.function_error,
            version=done.version,
            request_id=done.request_id,
            log_tail=b64encode(done.log_tail),
        )

    def _notify(self, call: RuntimeCall) -> None:
        if call.kind == "changed":
            self._runtime.changed()
        elif call.kind == "dead-letter":
            log.warning("%s", call.notice)
        elif self._event_sources is not None and call.kind == "records":
            self._event_sources.has_records(call.notice)
        elif self._event_sources is not None:
            self._event_sources.changed()


def register(connection: AwsConnection, address: RuntimeAddress) -> Registration:
    """Register a runtime with the embedded AWS. Blocks on the network; raises httpx.HTTPError."""
    response = call_embedded_route(connection, REGISTRATION_PATH, put=address.model_dump_json().encode())
    return Registration.model_validate_json(response.raise_for_status().content)
