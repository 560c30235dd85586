"""Where the function's log goes: a file on this machine, in Lambda's line format."""

import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from localcloud.runtime.function import FunctionVersion


class FunctionLog:
    """One file that every worker appends to."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def write(self, line: str) -> None:
        """Append one line."""
        os.write(self._descriptor, f"{line}\n".encode())

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


class WorkerLog:
    """The log stream of one worker: Lambda's own lines and what the function prints."""

    def __init__(self, log: FunctionLog, version: FunctionVersion) -> None:
        self._log = log
        self._version = version
        self._rest = b""
        self.read_end, self.write_end = os.pipe()
        os.set_blocking(self.read_end, False)

    def follow(self) -> None:
        """Log from now on what the function prints, as it prints it."""
        os.close(self.write_end)
        asyncio.get_running_loop().add_reader(self.read_end, self.drain)

    def drain(self) -> None:
        """Log what the function has printed until now; called before END, so that lines stand in their order."""
        while True:
            try:
                chunk = os.read(self.read_end, 65_536)
            except BlockingIOError:
                return
            if not chunk:
                asyncio.get_running_loop().remove_reader(self.read_end)  # an end of file would wake the loop for ever
                return
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            for line in lines:
                self._write(line.decode("utf-8", "replace"))

    def close(self) -> None:
        """Log the rest and close the pipe."""
        self.drain()
        if self._rest:
            self._write(self._rest.decode("utf-8", "replace"))
        asyncio.get_running_loop().remove_reader(self.read_end)
        os.close(self.read_end)

    def start(self, request_id: str) -> None:
        """Lambda's START line."""
        version = self._version.version
        self._platform(
            "start", {"requestId": request_id, "version": version}, f"START RequestId: {request_id} Version: {version}"
        )

    def report(
        self, request_id: str, *, status: str, duration_ms: float, init_ms: float | None, peak_memory_mb: int
    ) -> None:
        """Lambda's END and REPORT lines."""
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

    def note(self, line: str) -> None:
        """A line of Lambda's own about the invocation."""
        self.drain()
        self._write(line)

    def _platform(self, kind: str, record: dict[str, object], text: str) -> None:
        if not self._version.json_logs:
            self._write(text)
            return
        time = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        self._write(json.dumps({"time": time, "type": f"platform.{kind}", "record": record}))

    def _write(self, line: str) -> None:
        self._log.write(line)
