"""Starts and ends the embedded AWS's process, and holds its administrator's connection."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self, cast

from localcloud.connection import AwsConnection
from localcloud.ending import interrupt_deferred

ROOT = Path(__file__).parents[2]
ADMINISTRATOR = "local-administrator"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
Found = Literal["new", "kept", "damaged"]
OF_THE_MACHINE = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR")
"""What the process may know of the machine; moto reads a great many other variables as settings of its own."""


class EmbeddedAwsError(Exception):
    """The embedded AWS did not start; one sentence says why."""


class EmbeddedAws:
    """An AWS account in a process of its own, which ends with this one."""

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
        self.endpoint_url = ""
        self.found: Found = "new"
        """What of the account the file `kept` had."""
        self.connection = AwsConnection("", region, "", "")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process, wait until it answers, and make its administrator."""
        try:
            with interrupt_deferred():
                self._process = process = self._launch()
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            port, _, found = process.stdout.readline().decode().strip().partition(" ")
            if not port:
                raise EmbeddedAwsError(
                    f"The embedded AWS did not start on 127.0.0.1:{self._port}: {self._last_words()}"
                )
            self.endpoint_url = f"http://127.0.0.1:{int(port)}"
            self.found = cast("Found", found)
            self.connection = self._make_administrator()
        except BaseException:  # Ctrl-C among them: it holds nothing yet, and would end only once it has started
            if self._process is not None:
                self._process.kill()
            self.stop()
            raise

    def enforce_permissions(self) -> None:
        """From now on each call is judged by its caller's own policies."""
        address, plain = f"{self.endpoint_url}/moto-api/reset-auth", {"Content-Type": "text/plain"}
        request = urllib.request.Request(address, data=b"0", headers=plain)  # noqa: S310 - our own loopback address
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as answer:
            answer.read()

    def keep(self) -> None:
        """Write the account to its file: now, and again when this process ends, however it ends."""
        process = self._process
        assert process is not None  # noqa: S101 - it was started
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        assert process.stdout is not None  # noqa: S101 - as above
        try:
            process.stdin.write(b"keep\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = b""
        if answer != b"kept\n":
            raise EmbeddedAwsError("The embedded AWS ended, or cannot write its account to disk: see its log, aws.log.")

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _launch(self) -> subprocess.Popen[bytes]:
        environment = {
            name: value
            for name, value in os.environ.items()
            if name in OF_THE_MACHINE or name.startswith("PYTHON")  # how the same interpreter is to run
        }
        command = [sys.executable, "-m", "localcloud.aws", "--port", str(self._port), "--account", self._account_id]
        command += ["--kept", str(self._kept)] if self._kept is not None else []
        errors: IO[bytes] | int = subprocess.PIPE
        if self._log is not None:
            self._log.parent.mkdir(parents=True, exist_ok=True)
            errors = self._log.open("ab")
        try:
            return subprocess.Popen(  # noqa: S603 - our own module
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,  # Ctrl-C is the parent's to hear
            )
        finally:
            if not isinstance(errors, int):
                errors.close()

    def _last_words(self) -> str:
        if self._process is not None and self._process.stderr is not None:
            words = self._process.stderr.read().decode(errors="replace")
        else:
            words = self._log.read_text(errors="replace") if self._log is not None else ""
        return words.strip().rpartition("\n")[2] or "it said nothing"

    def _make_administrator(self) -> AwsConnection:
        nobody = AwsConnection(self.endpoint_url, self._region, "none", "none")
        iam = nobody.client("iam")
        try:
            iam.create_user(UserName=ADMINISTRATOR)
        except iam.exceptions.EntityAlreadyExistsException:  # in a kept account; its key died with its process
            for old in iam.list_access_keys(UserName=ADMINISTRATOR)["AccessKeyMetadata"]:
                iam.delete_access_key(UserName=ADMINISTRATOR, AccessKeyId=old["AccessKeyId"])
        iam.put_user_policy(UserName=ADMINISTRATOR, PolicyName="everything", PolicyDocument=json.dumps(EVERYTHING))
        key = iam.create_access_key(UserName=ADMINISTRATOR)["AccessKey"]
        return AwsConnection(self.endpoint_url, self._region, key["AccessKeyId"], key["SecretAccessKey"])
