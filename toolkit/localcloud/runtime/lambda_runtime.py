"""Invokes functions as Lambda does: by alias and weight, within the reserved concurrency, on warm or new workers."""

import asyncio
import os
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime.asynchronous_invocations import AsynchronousInvocations
from toolkit.localcloud.runtime.credentials import RoleSessions
from toolkit.localcloud.runtime.failure_report import FailureReport
from toolkit.localcloud.runtime.function import (
    DeployedFunction,
    FunctionCatalog,
    FunctionReference,
    FunctionVersion,
    may_invoke,
)
from toolkit.localcloud.runtime.function_log import FunctionLogs
from toolkit.localcloud.runtime.invocation import (
    MAX_PAYLOAD_BYTES,
    Invocation,
    InvocationRequest,
    InvokeError,
    Outcome,
    new_trace_id,
)
from toolkit.localcloud.runtime.invoke_channel import EventSources, InvokeChannel
from toolkit.localcloud.runtime.scratch_folder import ScratchFolder, remove_abandoned_folders
from toolkit.localcloud.runtime.worker import InitFailedError, Worker, WorkerEndedError
from toolkit.localcloud.runtime.worker_pool import WorkerPool, peak_mb

API_GATEWAY = "apigateway.amazonaws.com"
DEPLOYMENT_SECONDS = 1.0  # the maximum age of what is cached


class LambdaRuntime:
    """Runs the functions of one embedded AWS.

    Requests beyond a function's reserved concurrency are rejected; requests beyond the machine's capacity wait.
    """

    def __init__(self, connection: AwsConnection, log_path: Path, main: str | None = None) -> None:
        """Log to `log_path`; of the functions beside `main`, where it is given, each logs to its own file."""
        self.catalog = FunctionCatalog(connection)
        self.logs = FunctionLogs(log_path, main)
        self.sessions = RoleSessions(connection)
        self._failures = FailureReport()
        remove_abandoned_folders()
        self._scratch = ScratchFolder()
        self._pool = WorkerPool(connection, self.sessions, self.logs, self._failures, self._scratch.path)
        self._deployments: dict[FunctionReference, _Cached] = {}
        self._reading: dict[FunctionReference, tuple[int, asyncio.Task[DeployedFunction]]] = {}
        self._changes = 0
        self._channel = InvokeChannel(connection, self)
        self._asynchronous = AsynchronousInvocations(self)
        self._running: Counter[str] = Counter()
        self._capacity = asyncio.Semaphore(max(4, 2 * (os.cpu_count() or 1)))

    async def connect(self, event_sources: EventSources | None = None) -> None:
        """Register with the embedded AWS, to run invocations and be notified of changes. Raises httpx.HTTPError."""
        await self._channel.open(event_sources)

    def changed(self) -> None:
        """Read again what is deployed at the next invocation of each function."""
        self._changes += 1

    async def invoke(
        self,
        function: str,
        event: bytes,
        *,
        trace_id: str | None = None,
        client_context: str | None = None,
        source_arn: str | None = None,
        request_id: str | None = None,
    ) -> Invocation:
        """Run a function (name or ARN, optionally with qualifier) on a JSON event. Raises InvokeError.

        `source_arn` is the route that API Gateway invokes the function for; the function's policy must allow it.
        `request_id` is the one of an asynchronous invocation that is tried again.
        """
        reference = FunctionReference.parse(function)
        if len(event) > MAX_PAYLOAD_BYTES:
            message = f"Request must be smaller than {MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation"
            raise InvokeError(413, "RequestTooLargeException", message)
        deployment = await self._deployment(reference)
        if source_arn is not None:
            _require_permission(deployment, function, API_GATEWAY, source_arn)
        limit = deployment.reserved_concurrency
        if limit is not None and self._running[reference.name] >= limit:
            raise InvokeError(429, "TooManyRequestsException", "Rate Exceeded.")
        self._running[reference.name] += 1
        try:
            async with self._capacity:
                version = deployment.pick()
                known_id = request_id or str(uuid.uuid4())
                return await self._invoke(
                    version, function, event, trace_id or new_trace_id(), client_context, known_id
                )
        finally:
            self._running[reference.name] -= 1

    async def start(
        self, function: str, event: bytes, *, client_context: str | None = None, source: tuple[str, str] | None = None
    ) -> None:
        """Accept an asynchronous invocation, which Lambda tries again after an error. Raises InvokeError.

        `source` is the service and the ARN of the resource that invokes; the function's policy must allow it.
        """
        deployment = await self._deployment(FunctionReference.parse(function))
        if source is not None:
            _require_permission(deployment, function, *source)
        self._asynchronous.accept(function, event, client_context)

    async def deployment(self, function: str) -> DeployedFunction:
        """Return what is deployed at a function's name or ARN. Raises InvokeError."""
        return await self._deployment(FunctionReference.parse(function))

    async def role_connection(self, function: str) -> AwsConnection:
        """Return the connection of a function's execution role. Raises InvokeError."""
        version = (await self.deployment(function)).pick()
        return (await asyncio.to_thread(self.sessions.session, version.role, version.name)).connection

    async def warm(self, function: str) -> None:
        """Start a worker for each version that the reference refers to. Raises InvokeError."""
        for version, _ in (await self._deployment(FunctionReference.parse(function))).versions:
            try:
                worker, _ = await self._pool.borrow(version)
            except InitFailedError as error:
                raise InvokeError(502, "FunctionError", f"{version.arn} does not start: {error}") from error
            self._pool.give_back(worker)

    async def refresh(self) -> None:
        """Read every alias again now and end the workers of versions that no longer serve."""
        for reference in list(self._deployments):
            await self._read(reference)

    async def close(self) -> None:
        """End every worker and remove the unpacked code."""
        await self._channel.close()
        await self._asynchronous.close()
        reading = [task for _, task in self._reading.values()]
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
        await self._pool.close()
        self.logs.close()
        await asyncio.to_thread(self._scratch.remove)

    async def _invoke(
        self,
        version: FunctionVersion,
        function: str,
        event: bytes,
        trace_id: str,
        client_context: str | None,
        request_id: str,
    ) -> Invocation:
        while True:
            try:
                worker, cold = await self._pool.borrow(version)
            except InitFailedError as error:
                self._failures.read_failure(error.outcome.payload)
                return _invocation(request_id, error.outcome, version)
            begun = time.perf_counter()
            worker.log.start(request_id)
            request = InvocationRequest(
                request_id=request_id,
                event=event,
                invoked_arn=function if function.startswith("arn:") else version.arn,
                trace_id=trace_id,
                client_context=client_context,
                deadline_ms=int((time.time() + version.timeout_seconds) * 1000),
            )
            try:
                outcome = await worker.run(request)
            except WorkerEndedError:
                await self._pool.discard(worker)
                continue
            except asyncio.CancelledError:
                await self._pool.discard(worker)
                raise
            duration_ms = (time.perf_counter() - begun) * 1000
            if outcome.failed:
                self._failures.read_failure(outcome.payload)
            await self._finish(worker, request_id, outcome, duration_ms, cold=cold)
            return _invocation(request_id, outcome, version, worker.log.tail)

    async def _finish(
        self, worker: Worker, request_id: str, outcome: Outcome, duration_ms: float, *, cold: bool
    ) -> None:
        status = ("timeout" if b"Sandbox.Timedout" in outcome.payload else "error") if outcome.failed else "success"
        init_ms = worker.init_ms if cold else None
        worker.log.report(
            request_id, status=status, duration_ms=duration_ms, init_ms=init_ms, peak_memory_mb=peak_mb(worker.pid)
        )
        if worker.usable and self._serves(worker.version):
            self._pool.give_back(worker)
        else:
            await self._pool.discard(worker)

    def _serves(self, version: FunctionVersion) -> bool:
        return any(version in _versions([cached.deployment]) for cached in self._deployments.values())

    async def _deployment(self, reference: FunctionReference) -> DeployedFunction:
        """Return what is deployed, from the cache where nothing has changed.

        CodeDeploy, and a call that fails half-way, change it without a notification: the cache is renewed regularly.
        """
        cached = self._deployments.get(reference)
        current = cached is not None and cached.changes == self._changes
        if cached is not None and current and time.monotonic() - cached.read_at < DEPLOYMENT_SECONDS:
            return cached.deployment
        changes, task = self._reading.get(reference, (-1, None))
        if task is None or changes != self._changes:
            task = asyncio.create_task(self._read(reference))
            self._reading[reference] = (self._changes, task)
            task.add_done_callback(lambda done: self._finish_read(reference, done))
        return cached.deployment if cached is not None and current else await asyncio.shield(task)

    def _finish_read(self, reference: FunctionReference, task: asyncio.Task[DeployedFunction]) -> None:
        if self._reading.get(reference, (0, None))[1] is task:
            del self._reading[reference]
        if not task.cancelled() and task.exception() is not None:
            self._deployments.pop(reference, None)  # the next invocation reads it and gets the reason

    async def _read(self, reference: FunctionReference) -> DeployedFunction:
        changes = self._changes
        deployment = await asyncio.to_thread(self.catalog.deployment, reference)
        cached = self._deployments.get(reference)
        if cached is None or cached.changes <= changes:
            self._deployments[reference] = _Cached(changes, time.monotonic(), deployment)
        live = _versions(each.deployment for each in self._deployments.values())
        await self._pool.retire(reference.name, live)
        return deployment


@dataclass(frozen=True)
class _Cached:
    """A deployed function, when it was read, and the number of notified changes by then."""

    changes: int
    read_at: float
    deployment: DeployedFunction


def _require_permission(deployment: DeployedFunction, function: str, service: str, source_arn: str) -> None:
    if not may_invoke(deployment.policy, service, function, source_arn):
        message = f"{service} is not authorized to perform: lambda:InvokeFunction on resource: {function}"
        raise InvokeError(403, "AccessDeniedException", message)


def _versions(deployments: Iterable[DeployedFunction]) -> set[FunctionVersion]:
    return {version for deployment in deployments for version, _ in deployment.versions}


def _invocation(request_id: str, outcome: Outcome, version: FunctionVersion, log_tail: bytes = b"") -> Invocation:
    return Invocation(
        request_id=request_id,
        payload=outcome.payload,
        function_error="Unhandled" if outcome.failed else None,
        version=version.version,
        log_tail=log_tail,
    )
