"""Reads the event source mappings and schedules of the embedded AWS, and delivers their events while they exist."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.events.event_source_mapping import EventSourceMapping, Problems, read_mappings
from toolkit.localcloud.events.queue_poller import QueuePoller
from toolkit.localcloud.events.schedules import Schedule, ScheduleRunner, read_schedules
from toolkit.localcloud.events.stream_poller import StreamPoller
from toolkit.localcloud.runtime import LambdaRuntime


class _Source(Protocol):
    """What delivers the events of one mapping or schedule until it is cancelled."""

    def run(self) -> Coroutine[Any, Any, None]: ...


class EventDelivery:
    """Delivers the events of queues, streams and schedules; without any of them it does nothing."""

    def __init__(self, connection: AwsConnection, runtime: LambdaRuntime) -> None:
        self._connection = connection
        self._runtime = runtime
        self._problems = Problems("The event sources are not read")
        self._changes = 0
        self._reading: asyncio.Task[None] | None = None
        self._running: dict[EventSourceMapping | Schedule, tuple[_Source, asyncio.Task[None]]] = {}

    def changed(self) -> None:
        """Read mappings and schedules again."""
        self._changes += 1
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())

    def has_records(self, stream_arn: str) -> None:
        """Read the records that a stream got."""
        for runner, _ in self._running.values():
            if isinstance(runner, StreamPoller) and runner.stream_arn == stream_arn:
                runner.wake()

    async def sources(self) -> list[EventSourceMapping | Schedule]:
        """Return the mappings and schedules that are in use, once they have been read."""
        if self._reading is not None:
            await asyncio.wait([self._reading])
        return list(self._running)

    async def close(self) -> None:
        """End every delivery. What is in progress is delivered again, as on AWS."""
        tasks = [*(task for _, task in self._running.values()), *([self._reading] if self._reading else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self) -> None:
        while True:
            changes = self._changes
            try:
                wanted: set[EventSourceMapping | Schedule] = {
                    *await asyncio.to_thread(read_mappings, self._connection),
                    *await asyncio.to_thread(read_schedules, self._connection),
                }
            except (ClientError, BotoCoreError) as error:
                self._problems.report(error)
                return
            for source in set(self._running) - wanted:
                self._running.pop(source)[1].cancel()
            for source in wanted - set(self._running):
                runner = self._runner(source)
                self._running[source] = (runner, asyncio.create_task(runner.run()))
            if changes == self._changes:
                return

    def _runner(self, source: EventSourceMapping | Schedule) -> _Source:
        if isinstance(source, Schedule):
            return ScheduleRunner(self._runtime, source)
        if source.source.split(":")[2] == "sqs":
            return QueuePoller(self._runtime, source)
        return StreamPoller(self._connection, self._runtime, source)
