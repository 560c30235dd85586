"""The process of a step, and the signals that it gets where its run is cancelled.

They are those of https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation and of
actions/runner, src/Runner.Sdk/ProcessInvoker.cs.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator

SIGINT_SECONDS = 7.5
SIGTERM_SECONDS = 2.5
STREAM_SECONDS = 5.0
"""How long the runner waits, after a step's process has ended, for others that hold its output open."""


class StepProcess:
    """A step's process and its output."""

    def __init__(self, process: subprocess.Popen[bytes], scale: float) -> None:
        self._process = process
        self._scale = scale
        self._read = b""
        self._exited: float | None = None
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        """What it wrote so far."""
        return self._read.decode(errors="replace")

    @property
    def done(self) -> bool:
        """Return whether it has ended and nothing holds its output open any more, or has for too long."""
        if self._process.poll() is None:
            return False
        self._exited = self._exited or time.monotonic()
        return not self._reader.is_alive() or time.monotonic() - self._exited > STREAM_SECONDS

    def cancel(self) -> Iterator[str]:
        """Send the runner's signals, to the step's own process alone, until it is done; the names of those sent."""
        for sent, seconds in ((signal.SIGINT, SIGINT_SECONDS * self._scale), (signal.SIGTERM, SIGTERM_SECONDS)):
            if self._process.poll() is None:
                self._process.send_signal(sent)
                yield sent.name
            if self._wait(seconds):
                return
        # Linux runners kill that process alone; the documentation promises its whole tree, which is the worse case.
        for pid in [*_descendants(self._process.pid), self._process.pid]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        yield "SIGKILL"

    def _wait(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not self.done and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.done

    def _collect(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        with stream:
            while read := os.read(stream.fileno(), 65536):
                self._read += read


def _descendants(pid: int) -> list[int]:
    """The processes below one, the deepest first."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = [tuple(map(int, line.split())) for line in listed.splitlines()]

    def below(parent: int) -> Iterator[int]:
        for child, found in parents:
            if found == parent:
                yield from below(child)
                yield child

    return list(below(pid))
