"""Starts and ends the process of the embedded AWS, and has its administrator's connection."""

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.private_files import open_log
from toolkit.localcloud.shutdown_signals import defer_interrupt
from toolkit.stacks.errors import RefusedError

ROOT = Path(__file__).parents[3]
AccountState = Literal["new", "kept", "recovered", "damaged"]
INHERITED = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR")
"""The variables that the process inherits. moto would read many others as settings."""


class Ready(BaseModel):
    """The line that the process writes to its parent once it serves: its port and the administrator's key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: int
    account_state: AccountState
    access_key_id: str
    secret_access_key: Annotated[str, Field(repr=False)]


class EmbeddedAwsError(RefusedError):
    """The embedded AWS did not start, or ended; the message is one sentence with the reason."""


class EmbeddedAws:
    """An AWS account in another process, which ends with this one."""

    def __init__(
        self,
        *,
        port: int = 0,
        region: str = "us-east-1",
        account_id: str = "123456789012",
        log: Path | None = None,
        kept: Path | None = None,
    ) -> None:
        self._port = port
        self._region = region
        self._account_id = account_id
        self._log = log
        self._kept = kept
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] = io.BytesIO()
        self.endpoint_url = ""
        self.account_state: AccountState = "new"
        """What the process did with the file `kept`."""
        self.connection = AwsConnection("", region, "", "")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process and wait until it serves. It enforces permissions from the first call on."""
        try:
            with defer_interrupt():
                self._process = process = self._launch()
            assert process.stdout is not None  # noqa: S101 - Popen creates this pipe
            started = process.stdout.readline()
            if not started:
                raise EmbeddedAwsError(f"The embedded AWS did not start on 127.0.0.1:{self._port}: {self._last_line()}")
            ready = Ready.model_validate_json(started)
            self.endpoint_url = f"http://127.0.0.1:{ready.port}"
            self.account_state = ready.account_state
            self.connection = AwsConnection(
                self.endpoint_url, self._region, ready.access_key_id, ready.secret_access_key
            )
        except BaseException:  # also Ctrl-C: the process has no data yet, and would end only once it has started
            if self._process is not None:
                self._process.kill()
            self.stop()
            raise

    @property
    def pid(self) -> int | None:
        """The process id while the process is known to run."""
        return self._process.pid if self._process is not None else None

    def keep(self) -> None:
        """Write the account to its file: now, and from now on each change before its response."""
        if self._send(b"keep\n") != b"kept\n":
            raise EmbeddedAwsError("The embedded AWS ended, or cannot write its account to disk: see its log, aws.log.")

    def hold(self) -> None:
        """Leave the file as it is until `keep`, while a deployment changes the account."""
        if self._send(b"hold\n") != b"held\n":
            raise EmbeddedAwsError("The embedded AWS ended: see its log, aws.log.")

    def _send(self, command: bytes) -> bytes:
        process = self._process
        assert process is not None  # noqa: S101 - it was started
        assert process.stdin is not None  # noqa: S101 - Popen creates this pipe
        assert process.stdout is not None  # noqa: S101 - as above
        try:
            process.stdin.write(command)
            process.stdin.flush()
            return process.stdout.readline()
        except BrokenPipeError:
            return b""

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout, self._errors):
            if stream is not None:
                stream.close()
        try:
            process.wait(timeout=30 if self._kept else 5)  # it may save an account
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _launch(self) -> subprocess.Popen[bytes]:
        environment = {
            name: value
            for name, value in os.environ.items()
            if name in INHERITED or name.startswith("PYTHON")  # settings of the interpreter
        }
        command = [
            sys.executable,
            "-m",
            "toolkit.localcloud.aws",
            "--port",
            str(self._port),
            "--account",
            self._account_id,
        ]
        command += ["--kept", str(self._kept)] if self._kept is not None else []
        # A pipe would block the process once it is full.
        self._errors.close()
        self._errors = errors = open_log(self._log) if self._log else tempfile.TemporaryFile()  # noqa: SIM115 - in stop
        try:
            return subprocess.Popen(  # noqa: S603 - our own module
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,  # the parent handles Ctrl-C
            )
        except BaseException:
            errors.close()
            raise

    def _last_line(self) -> str:
        if self._process is not None:
            self._process.wait(timeout=5)
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace").strip().rpartition("\n")[2] or "it gave no reason"
