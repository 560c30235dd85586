"""A local stack for end-to-end tests, started by its command."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """Return a free port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def copy_checkout(target: Path) -> Path:
    """The code and the stack files as a person who changed something would have them."""
    for name in ("api", "infrastructure", "policies", "requirements", "toolkit"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (*ROOT.glob("Pulumi*.yaml"), ROOT / "pyproject.toml"):
        shutil.copy(file, target)
    return target


class LocalStackProcess:
    """`./stack up` as `./stack up` calls it, with its own folder and ports."""

    def __init__(
        self,
        folder: Path,
        *,
        root: Path = ROOT,
        build: str | None = None,
        port: int | None = None,
        arguments: tuple[str, ...] = (),
    ) -> None:
        self.folder = folder
        self.root = root
        self.port, self.aws_port = port or free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = folder.with_name(f"{folder.name}-output.log")
        command = [
            sys.executable, "toolkit", "up", *(("--build", build) if build else ()), "--folder", str(folder),
            "--port", str(self.port), "--aws-port", str(self.aws_port), *arguments,
        ]  # fmt: skip
        scratch = folder.with_name(f"{folder.name}-scratch")  # what a killed stack leaves there goes with the test
        scratch.mkdir(exist_ok=True)
        environment = {**os.environ, "NO_COLOR": "1", "TMPDIR": str(scratch)}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(command, cwd=root, stdout=output, stderr=subprocess.STDOUT, env=environment)

    def wait_until_ready(self, seconds: float = 90) -> "LocalStackProcess":
        """Wait for the first 200 of /health that `./stack up` itself reports; raises with its output otherwise."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if (self.folder / "stack.json").exists():
                return self
            time.sleep(0.05)
        self.stop()
        raise AssertionError(f"the local stack did not come up:\n{self.words()}")

    @property
    def record(self) -> Mapping[str, Any]:
        """Return the record of the running stack."""
        return dict(json.loads((self.folder / "stack.json").read_text()))

    def words(self) -> str:
        """What it printed so far."""
        return self.output.read_text(errors="replace")

    def log(self, name: str) -> str:
        """One of its log files: function, access or aws."""
        return (self.folder / "logs" / f"{name}.log").read_text(errors="replace")

    def token(self, who: str = "demo", *scopes: str) -> str:
        """A token as `./stack token` prints it."""
        command = [sys.executable, "toolkit", "token", who, "--folder", str(self.folder)]
        for scope in scopes:
            command += ["--scope", scope]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=True).stdout.strip()

    def client(self, token: str | None = None) -> httpx.Client:
        """An HTTP client of the API, signed in with the token."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=40, trust_env=False)

    def stop(self) -> int:
        """Ctrl-C, and wait until it has ended; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return int(self.process.returncode)


def forbid(stack_file: Path) -> None:
    """More memory than the policies allow."""
    text = stack_file.read_text()
    assert text.count("    function:\n") == 1
    stack_file.write_text(text.replace("    function:\n", "    function:\n      memory-mb: 3008\n"))
