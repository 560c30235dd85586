"""The logs of functions: a file per log group, in Lambda's line format."""

import asyncio
import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from toolkit.localcloud.private_files import LogFile
from toolkit.localcloud.runtime.failure_report import FailureReport
from toolkit.localcloud.runtime.function import FunctionVersion

LONGEST_LINE_BYTES = 256 * 1024  # CloudWatch's longest event; a longer line is cut into several
TAIL_BYTES = 4 * 1024  # LogType in https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
_AUTOMATIC_SUFFIX = re.compile(r"-[0-9a-f]{7}$")
_PIPE_BYTES = 64 * 1024
_LEVELS = {"TRACE": 0, "DEBUG": 1, "INFO": 2, "WARN": 3, "WARNING": 3, "ERROR": 4, "FATAL": 5, "CRITICAL": 5}
_NO_LEVEL = _LEVELS["INFO"]
"""The level of a line without one, such as a metric in the embedded metric format.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
"""


class FunctionLogs:
    """The log files of functions: `path` for the function `main`, or for all where it is None.

    The file of another function has the last part of the name of its log group, beside `path`. The suffix that
    Pulumi adds to a name is left out: it differs in each run.
    """

    def __init__(self, path: Path, main: str | None) -> None:
        self._path = path
        self._main = main
        self._files: dict[Path, LogFile] = {path: LogFile(path)}

    def path(self, version: FunctionVersion) -> Path:
        """Return the file of a function."""
        if self._main in {None, version.name}:
            return self._path
        name = _AUTOMATIC_SUFFIX.sub("", version.log_group.rpartition("/")[2])
        return self._path.with_name(f"{name}.log")

    def of(self, version: FunctionVersion) -> LogFile:
        """Return the open log of a function."""
        path = self.path(version)
        if path not in self._files:
            self._files[path] = LogFile(path)
        return self._files[path]

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()


class WorkerLog:
    """The log stream of one worker: the function's output from its application log level on, and Lambda's lines.

    Lambda's lines are written at every system log level.
    """

    def __init__(self, log: LogFile, version: FunctionVersion, failures: FailureReport) -> None:
        self._log = log
        self._failures = failures
        self._version = version
        self._rest = b""
        self._tail = b""
        self.read_end, self.write_end = os.pipe()
        os.set_blocking(self.read_end, False)

    def follow(self) -> None:
        """Log the function's output from now on."""
        os.close(self.write_end)
        asyncio.get_running_loop().add_reader(self.read_end, self.drain)

    def drain(self) -> None:
        """Log the function's output so far; called before END, so that the lines are in order.

        One read takes all that a pipe holds. Reading until it is empty would never end beside a function that prints
        faster than this can write.
        """
        try:
            chunk = os.read(self.read_end, _PIPE_BYTES)
        except BlockingIOError:
            return
        if not chunk:
            asyncio.get_running_loop().remove_reader(
                self.read_end
            )  # an end of file would wake the loop again and again
            return
        lines, ended, self._rest = (self._rest + chunk).rpartition(b"\n")
        if ended:
            self._write_output(lines.decode("utf-8", "replace"))
        if len(self._rest) > LONGEST_LINE_BYTES:
            self._write_rest()

    def close(self) -> None:
        """Log the rest and close the pipe."""
        self.drain()
        self._write_rest()
        asyncio.get_running_loop().remove_reader(self.read_end)
        os.close(self.read_end)

    def start(self, request_id: str) -> None:
        """Write Lambda's START line."""
        self._tail = b""
        version = self._version.version
        self._platform(
            "start", {"requestId": request_id, "version": version}, f"START RequestId: {request_id} Version: {version}"
        )

    def report(
        self, request_id: str, *, status: str, duration_ms: float, init_ms: float | None, peak_memory_mb: int
    ) -> None:
        """Write Lambda's END and REPORT lines."""
        self.drain()
        self._platform("runtimeDone", {"requestId": request_id, "status": status}, f"END RequestId: {request_id}")
        billed = int(duration_ms + (init_ms or 0)) + 1
        fields = [
            f"REPORT RequestId: {request_id}",
            f"Duration: {duration_ms:.2f} ms",
            f"Billed Duration: {billed} ms",
            f"Memory Size: {self._version.memory_mb} MB",
            f"Max Memory Used: {peak_memory_mb} MB",
        ]
        metrics = {
            "durationMs": round(duration_ms, 3),
            "billedDurationMs": billed,
            "memorySizeMB": self._version.memory_mb,
            "maxMemoryUsedMB": peak_memory_mb,
        }
        if init_ms is not None:
            fields.append(f"Init Duration: {init_ms:.2f} ms")
            metrics["initDurationMs"] = round(init_ms, 3)
        if status != "success":
            fields.append(f"Status: {status}")
        self._platform("report", {"requestId": request_id, "metrics": metrics, "status": status}, "\t".join(fields))

    @property
    def tail(self) -> bytes:
        """The end of the log since the START line."""
        return self._tail

    def init_failed(self) -> None:
        """Write Lambda's INIT_REPORT line for a worker that did not start."""
        self.drain()
        record = {"initializationType": "on-demand", "phase": "init", "status": "error"}
        self._platform("initReport", record, "INIT_REPORT Phase: init\tStatus: error")

    def note(self, line: str) -> None:
        """Write one of Lambda's own lines about the invocation."""
        self.drain()
        self._write(line)

    def _platform(self, kind: str, record: Mapping[str, object], text: str) -> None:
        if not self._version.json_logs:
            self._write(text)
            return
        time = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        self._write(json.dumps({"time": time, "type": f"platform.{kind}", "record": record}))

    def _write_rest(self) -> None:
        if self._rest:
            self._write_output(self._rest.decode("utf-8", "replace"))
            self._rest = b""

    def _write_output(self, lines: str) -> None:
        """Write what the function printed, without lines below the application log level."""
        lowest = _LEVELS[self._version.log_level or "INFO"]
        if self._version.json_logs:
            lines = "\n".join(line for line in lines.split("\n") if _level(line) >= lowest)
        if lines:
            self._write(lines)
            self._failures.read_output(lines)

    def _write(self, lines: str) -> None:
        self._tail = (self._tail + f"{lines}\n".encode())[-TAIL_BYTES:]
        self._log.write(lines)


def _level(line: str) -> int:
    if '"level"' not in line:
        return _NO_LEVEL
    try:
        entry = json.loads(line)
    except ValueError:
        return _NO_LEVEL
    level = entry.get("level") if isinstance(entry, dict) else None
    return _LEVELS.get(level.upper(), _NO_LEVEL) if isinstance(level, str) else _NO_LEVEL
