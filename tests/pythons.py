"""Runs the suite and the README's commands on other versions of Python, each in a fresh clone."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import typer

from toolkit.package.interpreter import Interpreter, find_cpython

ROOT = Path(__file__).resolve().parent.parent
TESTED = ("3.11", "3.12", "3.13", "3.14")
"""The versions that the README names; one that this machine lacks is reported as missing."""
COMMANDS = (
    "make",
    "./stack --help",
    "./stack preview prod",
    "./stack preview dev --json",
    "./stack preview bootstrap/prod",
    "./stack policies",
    "./stack cost prod",
    "./stack cost dev --against HEAD",
    "./stack package dev",
    "./stack compliance prod",
    "./stack dossier --base HEAD",
    "make generate",
    "git diff --exit-code --stat -- . :!docs/pictures",  # generated files are committed; pictures differ by machine
)
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
"""Without what a calling `make` hands to the makes that it starts."""
CLOSING = re.compile(r"^=* ?((?:\d+ [a-z]+,? ?)+) in [\d.]+s")
UP_SECONDS, PORT, AWS_PORT = 120, 18311, 18312
URL = f"http://127.0.0.1:{PORT}"


@dataclass(frozen=True)
class Result:
    """What a Python made of the suite: pytest's counts, the commands that failed, the wall time in seconds."""

    version: str
    tests: str
    failed: tuple[str, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Return whether every test and every command succeeded."""
        return not self.failed

    def __str__(self) -> str:
        commands = f"{len(self.failed)} commands failed: {', '.join(self.failed)}" if self.failed else "all commands"
        return f"Python {self.version:<8} {self.tests:<28} {commands:<36} {self.seconds:6.0f} s"


def main(arguments: list[str]) -> int:
    """Try the versions named, or all that are tested and here; 1 where one fails, or where a named one is missing."""
    versions = arguments or TESTED
    found = {minor: find_cpython(minor) for minor in versions}
    results = [_try(python) for python in found.values() if python]
    missing = [minor for minor, python in found.items() if python is None]
    typer.echo()
    for result in results:
        typer.echo(result)
    for minor in missing:
        typer.echo(f"Python {minor:<8} is not on this machine")
    if not results:
        return 1
    return int(not all(result.passed for result in results) or bool(arguments and missing))


def _try(python: Interpreter) -> Result:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"python-{python.version}-") as folder:
        clone = Path(folder) / "items api"  # a path with a space works, too
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        typer.echo(f"\nPython {python.version} in a fresh clone of {_commit(clone)}")
        set_up = ["make", "setup", f"PYTHON={python.path}"]
        failed = [] if _run(set_up, clone) == 0 else [" ".join(set_up)]
        if not failed:
            failed += [command for command in COMMANDS if _run(command.split(), clone) != 0]
            failed += _up(clone)
        tests = "no tests"
        if not failed:
            code, tests = _suite(clone)
            failed += ["make test"] if code else []
    return Result(python.version, tests, tuple(failed), time.monotonic() - began)


def _commit(clone: Path) -> str:
    described = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=clone, capture_output=True, text=True, check=True
    )
    return described.stdout.strip()


def _run(command: list[str], clone: Path) -> int:
    """Run a command as in a terminal, and show what it printed only where it failed."""
    ended = subprocess.run(
        command, cwd=clone, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=False,
    )  # fmt: skip
    typer.echo(f"  {'ok    ' if ended.returncode == 0 else 'FAILED'} {' '.join(command)}")
    if ended.returncode != 0:
        typer.echo(ended.stdout)
    return ended.returncode


def _up(clone: Path) -> Iterator[str]:
    """Bring the local stack up, call the API with a token, end it with Ctrl-C; yield the command if it failed."""
    command = f"./stack up --port {PORT} --aws-port {AWS_PORT}"
    with (clone / "up.log").open("w") as log:
        stack = subprocess.Popen(
            command.split(), cwd=clone, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        served = _is_up(stack) and _takes_token(clone)
    finally:
        if stack.poll() is None:
            os.killpg(stack.pid, signal.SIGINT)
        stack.wait(timeout=UP_SECONDS)
    typer.echo(f"  {'ok    ' if served else 'FAILED'} {command}")
    if not served:
        typer.echo((clone / "up.log").read_text())
        yield command


def _is_up(stack: subprocess.Popen[bytes]) -> bool:
    for _ in range(UP_SECONDS):
        try:
            if httpx.get(f"{URL}/health", trust_env=False).is_success:
                return True
        except httpx.HTTPError:
            time.sleep(1)
        if stack.poll() is not None:
            break
    return False


def _takes_token(clone: Path) -> bool:
    printed = subprocess.run(
        ["./stack", "token"], cwd=clone, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    bearer = {"Authorization": f"Bearer {printed.stdout.strip()}"}
    return httpx.get(f"{URL}/api/v1/me", headers=bearer, trust_env=False, timeout=30).is_success


def _suite(clone: Path) -> tuple[int, str]:
    """Run the suite with its output shown; return its exit code and pytest's counts."""
    counts = "no counts"
    with subprocess.Popen(
        ["make", "test"], cwd=clone, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as suite:
        for line in suite.stdout or ():
            typer.echo(line, nl=False)
            if found := CLOSING.match(line):
                counts = found[1].strip()
    return suite.returncode, counts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
