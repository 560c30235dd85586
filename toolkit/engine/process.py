"""A process of the Pulumi CLI, which gets at most one signal to stop and is never killed.

It has its own session and its own file for its output, so it goes on where this process ends. For a command that writes
to a stack, build/engine-runs/<stack>.json records the process. A later command finds it there, waits for its end, and
knows which lock it took.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TextIO

from pydantic import BaseModel, ConfigDict, ValidationError

from toolkit.engine.cli import PulumiCli
from toolkit.engine.processes import HIDDEN, collected_signals, identity_of, machine_id
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import output_file, write_file
from toolkit.stacks.json_documents import read_json
from toolkit.stacks.stack_files import STACK_NAME, StackName

FOLDER = Path("build/engine-runs")
PAUSE_SECONDS = 0.05
Report = Callable[[str], None]


class EngineRecord(BaseModel):
    """The last engine that this checkout started to write to a stack."""

    model_config = ConfigDict(frozen=True)

    stack: StackName
    command: str
    pid: int
    identity: str | None
    host: str
    machine: str | None = None
    started: datetime
    interrupted: bool = False

    @staticmethod
    def of(stack: str, command: str, pid: int, started: datetime) -> "EngineRecord":
        """Return the record of a process."""
        return EngineRecord(
            stack=stack,
            command=command,
            pid=pid,
            identity=identity_of(pid),
            host=socket.gethostname(),
            machine=machine_id(),
            started=started,
        )

    @property
    def runs(self) -> bool:
        """Return whether the process still runs."""
        return self.identity is not None and identity_of(self.pid) in (self.identity, HIDDEN)

    def interrupt(self, root: Path) -> Self:
        """Send the engine SIGINT once: at a second one it cancels its calls."""
        interrupted = self.model_copy(update={"interrupted": True})
        interrupted.write(root)
        if not self.interrupted and self.runs:
            os.kill(self.pid, signal.SIGINT)
        return interrupted

    def wait(self, seconds: float) -> bool:
        """Wait for its end and return whether it ended."""
        deadline = time.monotonic() + seconds
        while self.runs and time.monotonic() < deadline:
            time.sleep(PAUSE_SECONDS)
        return not self.runs

    def write(self, root: Path) -> None:
        """Write the record below build/."""
        file = _file(root, self.stack)
        write_file(file, self.model_dump_json() + "\n")


def last_engine(root: Path, stack: str) -> EngineRecord | None:
    """Return the record of a stack, or None. Raises RefusedError where it cannot be read."""
    file = _file(root, stack)
    try:
        record = EngineRecord.model_validate(read_json(file)) if os.path.lexists(file) else None
    except (FileError, ValidationError):
        record = None
    if os.path.lexists(file) and (record is None or record.stack != stack):
        raise RefusedError(f"{file} is not a record of a running engine; remove it when no `pulumi` process runs here.")
    return record


def stacks_with_engines(root: Path) -> Sequence[str]:
    """Return the stacks that have a record."""
    return sorted(file.stem for file in (root / FOLDER).glob("*.json") if STACK_NAME.fullmatch(file.stem))


def refuse_concurrent_run(root: Path, stack: str) -> None:
    """Raise RefusedError while an engine that this checkout started changes the stack."""
    last = last_engine(root, stack)
    if last and last.runs:
        raise RefusedError(
            f"`pulumi {last.command}` of {stack!r}, started here, still runs (pid {last.pid}): wait for its end, or "
            f"stop it: ./stack unlock {stack} --stop-within 240"
        )


def run_to_its_end(cli: PulumiCli, arguments: Sequence[str], log: Path, report: Report, writes_to: str | None) -> int:
    """Run the CLI, its output in `log`, and return its exit code. `writes_to` is the stack that it changes.

    The first SIGINT or SIGTERM is passed on as one SIGINT, and KeyboardInterrupt is raised after the engine's end. The
    second raises it at once and leaves the engine to end by itself.
    Raises RefusedError while another engine changes the stack.
    """
    if writes_to:
        refuse_concurrent_run(cli.folder, writes_to)
    with collected_signals() as received, log.open("wb") as output, log.open(errors="replace") as reader:
        started = datetime.now(UTC)
        process = cli.start(*arguments, stdout=output, stderr=subprocess.STDOUT)
        record = EngineRecord.of(writes_to, arguments[0], process.pid, started) if writes_to else None
        if record:
            record.write(cli.folder)
        lines, passed_on = _Lines(reader), False
        while _is_running(process):
            lines.report_to(report)
            if received and not passed_on:
                passed_on = True
                report("Stopping: the calls under way end first.")
                if record:
                    record = record.interrupt(cli.folder)
                else:
                    process.send_signal(signal.SIGINT)
            if len(received) > 1:
                report(f"`pulumi {arguments[0]}` (pid {process.pid}) still ends its calls.")
                raise KeyboardInterrupt
        lines.report_to(report, ended=True)
    if received:
        raise KeyboardInterrupt
    return process.returncode


def log_of(root: Path, stack: str) -> Path:
    """Return the file with the output of the last command that changed a stack."""
    file = output_file(root, FOLDER.name, f"{stack}.log")
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


class _Lines:
    """Reads the complete lines of a growing file."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._rest = ""

    def report_to(self, report: Report, *, ended: bool = False) -> None:
        """Report each complete line; at the end of the file also an incomplete one."""
        *lines, self._rest = (self._rest + self._file.read()).split("\n")
        for line in lines:
            report(line)
        if ended and self._rest:
            report(self._rest)


def _is_running(process: "subprocess.Popen[bytes]") -> bool:
    try:
        process.wait(PAUSE_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False


def _file(root: Path, stack: str) -> Path:
    return output_file(root, FOLDER.name, f"{stack}.json")
