"""The workers of functions: idle ones are reused, new ones are started on demand, expired ones are ended."""

import asyncio
import contextlib
import os
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime.credentials import RENEW_BEFORE_EXPIRY_SECONDS, RoleSessions
from toolkit.localcloud.runtime.failure_report import FailureReport
from toolkit.localcloud.runtime.function import FunctionVersion
from toolkit.localcloud.runtime.function_log import FunctionLogs, WorkerLog
from toolkit.localcloud.runtime.unpacked_code import UnpackedCode
from toolkit.localcloud.runtime.worker import InitFailedError, Worker

MEMORY_CHECK_SECONDS = 0.1
IDLE_SECONDS = 600
"""How long a worker waits for an event until it ends. Lambda publishes no figure."""
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class WorkerPool:
    """Starts, reuses and ends workers."""

    def __init__(
        self,
        connection: AwsConnection,
        sessions: RoleSessions,
        logs: FunctionLogs,
        failures: FailureReport,
        scratch: Path,
    ) -> None:
        self._logs = logs
        self._failures = failures
        self._code = UnpackedCode(connection, scratch)
        self._sessions = sessions
        self._idle: dict[FunctionVersion, list[Worker]] = {}
        self._idle_timers: dict[Worker, asyncio.TimerHandle] = {}
        self._workers: set[Worker] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False
        self._memory_watch: asyncio.Task[None] | None = None

    async def borrow(self, version: FunctionVersion) -> tuple[Worker, bool]:
        """Return an idle worker of the version or a new one, and whether it is new. Raises InitFailedError."""
        idle = self._idle.get(version, [])
        while idle:
            worker = idle.pop()
            self._idle_timers.pop(worker).cancel()
            if worker.usable:
                return worker, False
            await self.discard(worker)
        return await self._start(version), True

    def give_back(self, worker: Worker) -> None:
        """Return a worker to the pool, where it ends after IDLE_SECONDS without an event."""
        self._idle.setdefault(worker.version, []).append(worker)
        loop = asyncio.get_running_loop()
        self._idle_timers[worker] = loop.call_later(IDLE_SECONDS, self._end_idle, worker)

    async def discard(self, worker: Worker) -> None:
        """End the worker, once for all callers; an interrupt of a caller does not interrupt it."""
        if worker not in self._workers:
            return
        self._workers.remove(worker)
        if timer := self._idle_timers.pop(worker, None):
            timer.cancel()
        ending = asyncio.create_task(_end(worker))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
        await asyncio.shield(ending)

    def _end_idle(self, worker: Worker) -> None:
        self._idle[worker.version].remove(worker)
        task = asyncio.create_task(self.discard(worker))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def retire(self, function_name: str, live: set[FunctionVersion]) -> None:
        """End the idle workers of a function's versions that no longer serve."""
        for version in [version for version in self._idle if version.name == function_name and version not in live]:
            for worker in self._idle.pop(version):
                await self.discard(worker)

    async def close(self) -> None:
        """End every worker, and start no more."""
        self._closed = True
        if self._memory_watch is not None:
            self._memory_watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._memory_watch
        self._idle.clear()
        while self._workers or self._ending:  # interrupted invocations also end workers
            await asyncio.gather(*(self.discard(worker) for worker in list(self._workers)), *self._ending)

    async def _start(self, version: FunctionVersion) -> Worker:
        code, client, session = await asyncio.gather(
            asyncio.to_thread(self._code.folder, version),
            asyncio.to_thread(self._code.runtime_client),
            asyncio.to_thread(self._sessions.session, version.role, version.name),
        )
        if self._closed:  # meanwhile; or an invocation needs another worker
            raise asyncio.CancelledError
        worker = Worker(
            version,
            WorkerLog(self._logs.of(version), version, self._failures),
            session.expires_at - RENEW_BEFORE_EXPIRY_SECONDS / 2,
        )
        self._workers.add(worker)
        if self._memory_watch is None:
            self._memory_watch = asyncio.create_task(self._watch_memory())
        try:
            api = await worker.listen()
            await worker.start(code, _environment(version, session.connection, code, client, api))
        except BaseException as error:
            if isinstance(error, InitFailedError):
                worker.log.init_failed()
            await self.discard(worker)
            raise
        return worker

    async def _watch_memory(self) -> None:
        """Kill a worker whose resident memory passes the function's limit, as Lambda does; Linux only.

        An address-space limit would count the stacks and arenas that threads reserve and never touch.
        """
        while Path("/proc/self/statm").exists():
            await asyncio.sleep(MEMORY_CHECK_SECONDS)
            for worker in list(self._workers):
                if worker.pid is not None and resident_mb(worker.pid) > worker.version.memory_mb:
                    worker.out_of_memory = True
                    worker.kill()


def _environment(
    version: FunctionVersion, role: AwsConnection, code: Path, runtime_client: Path, runtime_api: str
) -> dict[str, str]:
    """Return a worker's environment: the function's variables and those that Lambda reserves, none of this process's.

    A function may override the defaults, but no reserved name.
    """
    defaults = {
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
    }
    reserved = {
        **role.environment,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(version.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": version.name,
        "AWS_LAMBDA_FUNCTION_VERSION": version.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": "JSON" if version.json_logs else "Text",
        "AWS_LAMBDA_LOG_GROUP_NAME": version.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": f"{datetime.now(UTC):%Y/%m/%d}/[{version.version}]{uuid.uuid4().hex}",
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "LAMBDA_RUNTIME_DIR": str(runtime_client),
        "LAMBDA_TASK_ROOT": str(code),
        "PYTHONPATH": str(runtime_client),
        "_AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1",
        "_AWS_XRAY_DAEMON_PORT": "2000",
        "_HANDLER": version.handler,
    }
    if version.log_level:
        reserved["AWS_LAMBDA_LOG_LEVEL"] = version.log_level
    return {**defaults, **dict(version.variables), **reserved}


async def _end(worker: Worker) -> None:
    await worker.stop()
    worker.log.close()


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process in MiB; 0 where it has ended or the system does not report it."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * _PAGE_BYTES / 2**20


def peak_mb(pid: int | None) -> int:
    """Return the peak resident memory of a process in MiB; 0 where it has ended or the system does not report it."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return max((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")), default=0)
