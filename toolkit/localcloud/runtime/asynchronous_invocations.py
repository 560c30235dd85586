"""Asynchronous invocations: retries, the maximum age of an event, destinations and dead-letter queues.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
"""

import asyncio
import json
import logging
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from toolkit.localcloud.runtime.dead_letters import json_or_text, report, send, timestamp
from toolkit.localcloud.runtime.function import AsynchronousSettings, DeployedFunction, FunctionReference
from toolkit.localcloud.runtime.invocation import Invocation, InvokeError

if TYPE_CHECKING:
    from toolkit.localcloud.runtime.lambda_runtime import LambdaRuntime

RETRY_SECONDS = (1, 2)
"""The waits before the first and the second retry; Lambda waits as many minutes."""
THROTTLED_SECONDS = (1, 300)
"""The shortest and the longest wait of an event that is throttled, as on AWS."""
MAX_ERROR_MESSAGE_BYTES = 1024
"""https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html, ErrorMessage."""
log = logging.getLogger("toolkit.localcloud")


@dataclass(frozen=True)
class _Event:
    function: str
    payload: bytes
    client_context: str | None
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    accepted_at: float = field(default_factory=time.monotonic)

    @property
    def age(self) -> float:
        return time.monotonic() - self.accepted_at


@dataclass(frozen=True)
class _Result:
    """The end of an event: the condition, the number of invocations, and the last of them."""

    condition: str
    invocations: int
    last: Invocation | None
    reason: str


class AsynchronousInvocations:
    """The queue of events that Lambda has accepted; it is lost when the runtime closes."""

    def __init__(self, runtime: "LambdaRuntime") -> None:
        self._runtime = runtime
        self._running: set[asyncio.Task[None]] = set()

    def accept(self, function: str, payload: bytes, client_context: str | None) -> None:
        """Run a function on an event, and again after an error."""
        task = asyncio.create_task(self._process(_Event(function, payload, client_context)))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        """Cancel what is in progress."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _process(self, event: _Event) -> None:
        reference = FunctionReference.parse(event.function)
        settings = await asyncio.to_thread(self._runtime.catalog.asynchronous_settings, reference)
        try:
            result = await self._run(event, settings)
            await self._finish(event, settings, result)
        except InvokeError as error:  # the function was deleted meanwhile
            log.warning("✗ The event %s of %s is lost: %s", event.request_id, reference.name, error)

    async def _run(self, event: _Event, settings: AsynchronousSettings) -> _Result:
        invocations, throttled_seconds = 0, THROTTLED_SECONDS[0]
        last: Invocation | None = None
        while True:
            if (await self._runtime.deployment(event.function)).reserved_concurrency == 0:
                return _Result("ZeroReservedConcurrency", invocations, last, "its reserved concurrency is 0")
            try:
                last = await self._runtime.invoke(
                    event.function, event.payload, client_context=event.client_context, request_id=event.request_id
                )
            except InvokeError as error:
                if error.status not in {429, 502}:
                    raise
                wait, throttled_seconds = throttled_seconds, min(2 * throttled_seconds, THROTTLED_SECONDS[1])
                reason = error.message
            else:
                invocations += 1
                reason = last.error_message
                if last.function_error is None:
                    return _Result("Success", invocations, last, "")
                if invocations > settings.retries:
                    return _Result("RetriesExhausted", invocations, last, reason)
                wait = RETRY_SECONDS[invocations - 1]
            if event.age + wait > settings.max_age_seconds:
                return _Result("EventAgeExceeded", invocations, last, reason)
            await asyncio.sleep(wait)

    async def _finish(self, event: _Event, settings: AsynchronousSettings, result: _Result) -> None:
        """Send the event, with the function's role, to its destination and its dead-letter queue."""
        deployment = await self._runtime.deployment(event.function)
        succeeded = result.condition == "Success"
        destination = settings.on_success if succeeded else settings.on_failure
        dead_letters = None if succeeded else deployment.versions[0][0].dead_letter_target
        if not destination and not dead_letters:
            if not succeeded:
                log.warning("✗ The event %s is dropped: %s", event.request_id, result.reason[:200])
            return
        connection = await self._runtime.role_connection(event.function)
        name = FunctionReference.parse(event.function).name
        what = f"An event of {name} ({event.request_id}, {result.invocations} attempts)"
        if destination:
            record = json.dumps(destination_record(event, deployment, result))
            if await send(connection, destination, record) and not succeeded:
                report(what, destination, result.reason)
        if dead_letters:
            attributes = {
                "RequestID": event.request_id,
                "ErrorCode": "200" if result.last else "429",
                "ErrorMessage": result.reason.encode()[:MAX_ERROR_MESSAGE_BYTES].decode(errors="ignore") or "-",
            }
            if await send(connection, dead_letters, event.payload.decode(), attributes):
                report(what, dead_letters, result.reason)


def destination_record(event: _Event, deployment: DeployedFunction, result: _Result) -> dict[str, Any]:
    """Return the record that Lambda sends to a destination.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    latest = event.function if event.function.count(":") > 6 else f"{deployment.versions[0][0].arn}:$LATEST"
    record: dict[str, Any] = {
        "version": "1.0",
        "timestamp": timestamp(),
        "requestContext": {
            "requestId": event.request_id,
            "functionArn": latest,
            "condition": result.condition,
            "approximateInvokeCount": result.invocations,
        },
        "requestPayload": json_or_text(event.payload),
    }
    if result.last is not None:
        error = {"functionError": result.last.function_error} if result.last.function_error else {}
        record["responseContext"] = {"statusCode": 200, "executedVersion": result.last.version, **error}
        record["responsePayload"] = json_or_text(result.last.payload)
    return record
