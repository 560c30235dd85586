"""One worker: a process under AWS's runtime client that takes one event at a time."""

import asyncio
import contextlib
import os
import signal
import sys
import time
import uuid
from pathlib import Path

from toolkit.localcloud.runtime.function import FunctionVersion
from toolkit.localcloud.runtime.function_log import WorkerLog
from toolkit.localcloud.runtime.invocation import InvocationRequest, Outcome, failure
from toolkit.localcloud.runtime.runtime_api import RuntimeApi

INIT_LIMIT_SECONDS = 10

# When this process ends, also by SIGKILL, the pipe closes, and SIGIO ends the worker and its children (its group),
# also one that hangs in a loop. Before that the pipe carries the Runtime API's secret. The native half of the runtime
# client takes its address, here with the secret as the start of the path, once, from the environment:
# https://github.com/aws/aws-lambda-python-runtime-interface-client/blob/main/awslambdaric/runtime_client.cpp
# Its Python half takes an address without a path, so the path is prepended to each of its calls.
_LAUNCH = """
import fcntl, os, runpy, sys
lifeline = int(sys.argv.pop(1))
secret = os.read(lifeline, 64).decode()
fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
fcntl.fcntl(lifeline, fcntl.F_SETFL, os.O_ASYNC)
address = os.environ["AWS_LAMBDA_RUNTIME_API"]
os.environ["AWS_LAMBDA_RUNTIME_API"] = f"{address}/{secret}"
from awslambdaric.lambda_runtime_client import BaseLambdaRuntimeClient as client
os.environ["AWS_LAMBDA_RUNTIME_API"] = address
client.call_rapid = (
    lambda call, path: lambda self, method, endpoint, *rest, **named: call(
        self, method, path + endpoint, *rest, **named
    )
)(client.call_rapid, "/" + secret)
del address, client, fcntl, lifeline, os, secret
runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)
"""


class WorkerEndedError(Exception):
    """The worker ended before it received the event; another worker can run it."""


class InitFailedError(Exception):
    """The worker did not initialize; `outcome` is Lambda's response."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.payload.decode("utf-8", "replace"))
        self.outcome = outcome


class Worker:
    """A process for one version of a function. `start`, then `run` one event after another, then `stop`."""

    def __init__(self, version: FunctionVersion, log: WorkerLog, expires_at: float) -> None:
        self.version = version
        self.expires_at = expires_at
        self.log = log
        self.init_ms = 0.0
        self.out_of_memory = False
        self._api = RuntimeApi(self)
        self._process: asyncio.subprocess.Process | None = None
        self._lifeline = -1
        self._requests: asyncio.Queue[InvocationRequest] = asyncio.Queue()
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._current: InvocationRequest | None = None
        self._taken = False
        self._outcome: asyncio.Future[Outcome] | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def usable(self) -> bool:
        """Return whether the worker can take an event: it runs, and its credentials do not expire soon."""
        return self.pid is not None and time.time() < self.expires_at

    @property
    def pid(self) -> int | None:
        """The process id while the process runs."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def listen(self) -> str:
        """Open the worker's Runtime API, and return its address."""
        return await self._api.start()

    async def start(self, code: Path, environment: dict[str, str]) -> None:
        """Start the process and wait until it requests an event. Raises InitFailedError."""
        begun = time.perf_counter()
        read_end, self._lifeline = os.pipe()
        os.write(self._lifeline, self._api.secret.encode())
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-S", "-B", "-c", _LAUNCH, str(read_end), self.version.handler),
                cwd=code,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=self.log.write_end,
                stderr=self.log.write_end,
                pass_fds=(read_end,),
                start_new_session=True,
                umask=0o022,  # Lambda's; this process has a stricter one
            )
        finally:
            os.close(read_end)
            self.log.follow()
        self._watch = asyncio.create_task(self._watch_process(self._process))
        limit = INIT_LIMIT_SECONDS + self.version.timeout_seconds
        try:
            await asyncio.wait_for(self._ready, limit)
        except TimeoutError:
            await self.stop()
            raise InitFailedError(
                failure("Sandbox.Timedout", f"Init timed out after {limit:.2f} seconds", str(uuid.uuid4()))
            ) from None
        self.init_ms = (time.perf_counter() - begun) * 1000

    async def run(self, request: InvocationRequest) -> Outcome:
        """Run an event, for at most the function's timeout. Raises WorkerEndedError."""
        if not self.usable:
            raise WorkerEndedError
        self._current, self._taken = request, False
        self._outcome = asyncio.get_running_loop().create_future()
        self._requests.put_nowait(request)
        try:
            return await asyncio.wait_for(self._outcome, self.version.timeout_seconds)
        except TimeoutError:
            await self.stop()
            seconds = f"{self.version.timeout_seconds:.2f}"
            self.log.note(f"{request.request_id} Task timed out after {seconds} seconds")
            return failure("Sandbox.Timedout", f"Task timed out after {seconds} seconds", request.request_id)
        finally:
            self._current = self._outcome = None

    async def stop(self) -> None:
        """End the process and its children; safe to call twice."""
        self.kill()
        if self._watch is not None:
            await asyncio.shield(self._watch)
        await self._api.close()

    def kill(self) -> None:
        """End the process and its children now."""
        if self.pid is not None:
            _kill_group(self.pid)

    async def next_event(self) -> InvocationRequest:
        """Return the next event to the runtime client, which has loaded or has finished an event."""
        if not self._ready.done():
            self._ready.set_result(None)
        request = await self._requests.get()
        self._taken = True
        return request

    def take_result(self, request_id: str, payload: bytes, *, failed: bool) -> bool:
        """Take the runtime client's response to the event in progress."""
        expected = self._current is not None and self._current.request_id == request_id
        return expected and self._settle(Outcome(payload, failed))

    def init_failed(self, payload: bytes) -> None:
        """Take the error of a handler that the runtime client could not load."""
        if not self._ready.done():
            self._ready.set_exception(InitFailedError(Outcome(payload, failed=True)))

    def _settle(self, outcome: Outcome) -> bool:
        if self._outcome is None or self._outcome.done():
            return False
        self._outcome.set_result(outcome)
        return True

    async def _watch_process(self, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        _kill_group(process.pid)  # also its children
        self.log.drain()
        os.close(self._lifeline)
        if not self._ready.done():
            self._ready.set_exception(InitFailedError(self._exit_outcome(code, str(uuid.uuid4()))))
        if self._current is None:
            return
        if self._taken or self.out_of_memory:
            self._settle(self._exit_outcome(code, self._current.request_id))
        elif self._outcome is not None and not self._outcome.done():
            self._outcome.set_exception(WorkerEndedError())

    def _exit_outcome(self, code: int, request_id: str) -> Outcome:
        if self.out_of_memory:
            return failure("Runtime.OutOfMemory", "Runtime exited with error: signal: killed", request_id)
        if code < 0:
            reason = f"Runtime exited with error: signal: {signal.strsignal(-code) or -code}".lower().replace(
                "runtime", "Runtime", 1
            )
        elif code > 0:
            reason = f"Runtime exited with error: exit status {code}"
        else:
            reason = "Runtime exited without providing a reason"
        return failure("Runtime.ExitError", reason, request_id)


def _kill_group(leader: int) -> None:
    with contextlib.suppress(
        ProcessLookupError, PermissionError
    ):  # it has ended; macOS reports a zombie process as a missing permission
        os.killpg(leader, signal.SIGKILL)
