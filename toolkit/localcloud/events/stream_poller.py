"""Event source mappings of DynamoDB streams: ordered batches, retries, split batches, on-failure destinations.

https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

import asyncio
import base64
import json
import time
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.events.event_source_mapping import (
    EventSourceMapping,
    Problems,
    failed_items,
    read_position,
    write_position,
)
from toolkit.localcloud.events.filter_criteria import matches
from toolkit.localcloud.runtime import Invocation, InvokeError, LambdaRuntime
from toolkit.localcloud.runtime.dead_letters import report, send, timestamp

PROBLEM_SECONDS = 5
"""The wait after a call that failed, such as one that the role may not make."""
LONGEST_WAIT_SECONDS = 30
"""The longest wait before a retry; it begins at one second and doubles. Lambda publishes no figures."""
READ_AT_ONCE = 1000
Record = Mapping[str, Any]


class StreamPoller:
    """Reads the stream of one mapping in order, and invokes the function with batches of its records."""

    def __init__(self, connection: AwsConnection, runtime: LambdaRuntime, mapping: EventSourceMapping) -> None:
        self._connection = connection
        self.stream_arn = mapping.source
        self._runtime = runtime
        self._mapping = mapping
        self._problems = Problems(f"The stream of {mapping.source.split('/')[1]} is not read")
        self._wake = asyncio.Event()
        self._shard = self._iterator = ""

    def wake(self) -> None:
        """Read the records that the stream got."""
        self._wake.set()

    async def run(self) -> None:
        """Read the stream until this is cancelled."""
        self.wake()
        while True:
            try:
                await self._wake.wait()
                await self._read()
            except (ClientError, BotoCoreError, httpx.HTTPError, InvokeError) as error:
                self._problems.report(error)
                await asyncio.sleep(PROBLEM_SECONDS)
                self.wake()  # for what it did not read

    async def _read(self) -> None:
        """Deliver the records from the last delivered one on, with the function's role."""
        client = (await self._runtime.role_connection(self._mapping.function)).client("dynamodbstreams")
        if not self._iterator:
            self._shard, self._iterator = await asyncio.to_thread(self._start, client)
        while True:
            self._wake.clear()
            records, after = await asyncio.to_thread(self._get_records, client)
            self._problems.clear()
            if records and len(records) < self._mapping.batch_size and self._mapping.window_seconds:
                await asyncio.sleep(self._mapping.window_seconds)
                records, after = await asyncio.to_thread(self._get_records, client)
            if not records:
                return
            for start in range(0, len(records), self._mapping.batch_size):
                batch = records[start : start + self._mapping.batch_size]
                await self._deliver(batch)
                last = str(batch[-1]["dynamodb"]["SequenceNumber"])
                await asyncio.to_thread(write_position, self._connection, self._mapping.uuid, last)
            self._iterator = after

    def _start(self, client: Any) -> tuple[str, str]:
        source = self._mapping.source
        shard = client.describe_stream(StreamArn=source)["StreamDescription"]["Shards"][0]["ShardId"]
        position = read_position(self._connection, self._mapping.uuid)
        where = {"ShardIteratorType": self._mapping.starting_position}
        if position:
            where = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": position}
        found = client.get_shard_iterator(StreamArn=source, ShardId=shard, **where)
        return str(shard), str(found["ShardIterator"])

    def _get_records(self, client: Any) -> tuple[list[Record], str]:
        found = client.get_records(ShardIterator=self._iterator, Limit=READ_AT_ONCE)
        source = self._mapping.source
        return [stream_record(each, source) for each in found["Records"]], found["NextShardIterator"]

    async def _deliver(self, batch: Sequence[Record]) -> None:
        """Invoke the function until it has processed each record, or the retries or the age of a record end."""
        chosen = [record for record in batch if matches(self._mapping.filters, record)]
        pieces = deque([(chosen, 0)] if chosen else [])
        while pieces:
            records, attempts = pieces.popleft()
            invocation = await self._invoke(records)
            failed_at = self._first_failure(invocation, records)
            if failed_at is None:
                continue
            records = records[failed_at:]
            exhausted = 0 <= self._mapping.max_retries <= attempts
            expired = 0 <= self._mapping.max_age_seconds < time.time() - _created(records[0])
            if self._mapping.bisect and len(records) > 1 and not expired:  # which does not count as a retry
                middle = len(records) // 2
                pieces.extendleft([(records[middle:], attempts), (records[:middle], attempts)])
            elif exhausted or expired:
                condition = "RecordAgeExceeded" if expired else "RetryAttemptsExhausted"
                await self._discard(records, condition, attempts + 1, invocation)
            else:
                await asyncio.sleep(min(2**attempts, LONGEST_WAIT_SECONDS))
                pieces.appendleft((records, attempts + 1))

    async def _invoke(self, records: Sequence[Record]) -> Invocation:
        event = json.dumps({"Records": records}).encode()
        while True:
            try:
                return await self._runtime.invoke(self._mapping.function, event)
            except InvokeError as error:
                if error.status != 429:
                    raise
                await asyncio.sleep(1)

    def _first_failure(self, invocation: Invocation, records: Sequence[Record]) -> int | None:
        """Return the position of the first record that was not processed, None where all were."""
        if invocation.function_error is not None:
            return 0
        if not self._mapping.reports_failures:
            return None
        numbers = [str(record["dynamodb"]["SequenceNumber"]) for record in records]
        failed = failed_items(invocation.payload, numbers)
        return min(map(numbers.index, failed), default=None)

    async def _discard(
        self, records: Sequence[Record], condition: str, invocations: int, invocation: Invocation
    ) -> None:
        """Report records that are not delivered, and send where they are in the stream to the destination."""
        mapping = self._mapping
        what = f"{len(records)} records of the stream of {mapping.source.split('/')[1]}"
        reason = invocation.error_message or condition
        destination = mapping.on_failure
        if destination is None:
            report(what, "nowhere, because the mapping has no on-failure destination", reason)
            return
        first, last = records[0], records[-1]
        error = {"functionError": invocation.function_error} if invocation.function_error else {}
        record = {
            "requestContext": {
                "requestId": invocation.request_id or str(uuid.uuid4()),
                "functionArn": mapping.function,
                "condition": condition,
                "approximateInvokeCount": invocations,
            },
            "responseContext": {"statusCode": 200, "executedVersion": invocation.version, **error},
            "version": "1.0",
            "timestamp": timestamp(),
            "DDBStreamBatchInfo": {
                "shardId": self._shard,
                "startSequenceNumber": first["dynamodb"]["SequenceNumber"],
                "endSequenceNumber": last["dynamodb"]["SequenceNumber"],
                "approximateArrivalOfFirstRecord": timestamp(_created(first)),
                "approximateArrivalOfLastRecord": timestamp(_created(last)),
                "batchSize": len(records),
                "streamArn": mapping.source,
            },
        }
        connection = await self._runtime.role_connection(mapping.function)
        if await send(connection, destination, json.dumps(record)):
            report(what, destination, reason)


def stream_record(record: Mapping[str, Any], stream_arn: str) -> dict[str, Any]:
    """Return a record of GetRecords as a record of the event."""
    found: dict[str, Any] = json.loads(json.dumps(record, default=_json_value))
    return {**found, "eventSourceARN": stream_arn}


def _json_value(value: Any) -> Any:
    """Return a binary value as Lambda writes it, and a time in epoch seconds."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.astimezone(UTC).timestamp()
    raise TypeError(type(value).__name__)


def _created(record: Record) -> float:
    return float(record["dynamodb"]["ApproximateCreationDateTime"])
