"""Event source mappings of SQS queues: batches, partial failures, visibility timeouts.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

import asyncio
import base64
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.events.daemon_thread import in_daemon_thread
from toolkit.localcloud.events.event_source_mapping import (
    MAX_PAYLOAD_BYTES,
    EventSourceMapping,
    Problems,
    failed_items,
)
from toolkit.localcloud.events.filter_criteria import matches
from toolkit.localcloud.runtime import InvokeError, LambdaRuntime
from toolkit.localcloud.runtime.dead_letters import queue_url

WAIT_SECONDS = 20
"""The longest wait of ReceiveMessage, with which Lambda polls."""
RECEIVED_AT_ONCE = 10
"""The most messages of one call of ReceiveMessage and DeleteMessageBatch."""
CONCURRENT_BATCHES = 5
"""With which Lambda starts to read a queue; MaximumConcurrency may be lower, and more do not help on one machine."""
PROBLEM_SECONDS = 5
"""The wait after a call that failed, such as one that the role may not make."""
THROTTLED_SECONDS = 1


class QueuePoller:
    """Reads the queue of one mapping, and invokes the function with batches of its messages."""

    def __init__(self, runtime: LambdaRuntime, mapping: EventSourceMapping) -> None:
        self._runtime = runtime
        self._mapping = mapping
        self._problems = Problems(f"The queue {mapping.source.rpartition(':')[2]} is not read")
        limit = min(mapping.max_concurrency or CONCURRENT_BATCHES, CONCURRENT_BATCHES)
        self._capacity = asyncio.Semaphore(limit)
        self._batches: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Read the queue until this is cancelled."""
        try:
            while True:
                try:
                    await self._read()
                except (ClientError, BotoCoreError, InvokeError) as error:
                    self._problems.report(error)
                    await asyncio.sleep(PROBLEM_SECONDS)
        finally:
            for batch in self._batches:
                batch.cancel()

    async def _read(self) -> None:
        """Read batches with one session of the function's role."""
        connection = await self._runtime.role_connection(self._mapping.function)
        url = queue_url(connection, self._mapping.source)
        client = connection.client("sqs")
        asked = ["VisibilityTimeout"]
        found = await asyncio.to_thread(lambda: client.get_queue_attributes(QueueUrl=url, AttributeNames=asked))
        visible_after = int(found["Attributes"]["VisibilityTimeout"])
        await self._capacity.acquire()  # before a message is received: its visibility timeout passes
        batch: asyncio.Task[None] | None = None
        try:
            messages = await self._collect(client, url)
            self._problems.clear()
            if messages:
                visible_at = time.monotonic() + visible_after - self._mapping.window_seconds
                batch = asyncio.create_task(self._process(connection, url, messages, visible_at))
                self._batches.add(batch)
                batch.add_done_callback(self._end_batch)
        finally:
            if batch is None:
                self._capacity.release()

    def _end_batch(self, batch: asyncio.Task[None]) -> None:
        self._batches.discard(batch)
        self._capacity.release()

    async def _collect(self, client: Any, url: str) -> list[dict[str, Any]]:
        """Wait for messages, and from the first on for more of them until the batching window ends."""
        messages: list[dict[str, Any]] = []
        ends_at: float | None = None
        while len(messages) < self._mapping.batch_size and len(json.dumps(messages)) < MAX_PAYLOAD_BYTES:
            wait = WAIT_SECONDS if ends_at is None else min(WAIT_SECONDS, int(ends_at - time.monotonic()))
            if wait < 0 or (messages and not self._mapping.window_seconds):
                break
            arguments = {
                "QueueUrl": url,
                "MaxNumberOfMessages": min(RECEIVED_AT_ONCE, self._mapping.batch_size - len(messages)),
                "WaitTimeSeconds": wait,
                "AttributeNames": ["All"],
                "MessageAttributeNames": ["All"],
            }
            response = await in_daemon_thread(lambda given=arguments: client.receive_message(**given))  # type: ignore[misc] # mypy cannot infer it
            received = response.get("Messages", [])
            if ends_at is None:
                if not received:
                    break
                ends_at = time.monotonic() + self._mapping.window_seconds
            messages += received
            if wait == 0 and not received:
                break
        return messages

    async def _process(
        self, connection: AwsConnection, url: str, messages: Sequence[Mapping[str, Any]], visible_at: float
    ) -> None:
        try:
            delete = await self._invoke(messages, visible_at)
            await asyncio.to_thread(_delete, connection.client("sqs"), url, delete)
        except (ClientError, BotoCoreError, InvokeError) as error:
            self._problems.report(error)

    async def _invoke(self, messages: Sequence[Mapping[str, Any]], visible_at: float) -> list[Mapping[str, Any]]:
        """Return the messages to delete: what the filters leave out, and what the function processed.

        The others become visible again after the visibility timeout of the queue.
        """
        source = self._mapping.source
        records = {str(message["MessageId"]): queue_record(message, source) for message in messages}
        chosen = {name: record for name, record in records.items() if matches(self._mapping.filters, record)}
        failed: set[str] = set()
        if chosen:
            event = json.dumps({"Records": list(chosen.values())}).encode()
            payload = await self._invoke_in_time(event, visible_at)
            if payload is None:
                failed = set(chosen)
            elif self._mapping.reports_failures:
                failed = failed_items(payload, list(chosen))
        return [message for message in messages if message["MessageId"] not in failed]

    async def _invoke_in_time(self, event: bytes, visible_at: float) -> bytes | None:
        """Return the function's response, None where it failed, or was throttled until the messages are visible."""
        while True:
            try:
                invocation = await self._runtime.invoke(self._mapping.function, event)
            except InvokeError as error:
                if error.status != 429:
                    raise
                if time.monotonic() + THROTTLED_SECONDS > visible_at:
                    return None
                await asyncio.sleep(THROTTLED_SECONDS)
            else:
                return None if invocation.function_error else invocation.payload


def queue_record(message: Mapping[str, Any], queue_arn: str) -> dict[str, Any]:
    """Return a message as a record of the event."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message["Attributes"]),
        "messageAttributes": {
            name: _attribute(value) for name, value in (message.get("MessageAttributes") or {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}
    if "StringValue" in value:
        found["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        found["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return found


def _delete(client: Any, url: str, messages: Iterable[Mapping[str, Any]]) -> None:
    entries = [{"Id": str(at), "ReceiptHandle": each["ReceiptHandle"]} for at, each in enumerate(messages)]
    for start in range(0, len(entries), RECEIVED_AT_ONCE):
        client.delete_message_batch(QueueUrl=url, Entries=entries[start : start + RECEIVED_AT_ONCE])
