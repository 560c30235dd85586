"""Makes another service of this repository, with a part of each kind, and runs its commands and tests.

`make test-new` calls it. It prints how long each step takes, and how many existing files each new part edits.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import typer

from tests.support.local_stack import LocalStackProcess

ROOT = Path(__file__).resolve().parent.parent
NAME = "orders-api"
MOST_EDITED_FILES = 3
"""Of one new part, besides what is generated."""
GENERATED = ("docs/", "policies/config/", "tests/infrastructure/snapshots/")
PARTS = (
    ("feature", "customers", "--fields", "email:email name:str born:date?", "--index", "email"),
    ("queue", "order-events", "--worker", "order-worker"),
    ("schedule", "nightly-cleanup", "--cron", "cron(0 3 * * ? *)"),
    ("secret", "payment-key", "--description", "Signs payments"),
)
COMMANDS = (
    ("make", "check"),
    ("./stack", "package", "local"),
    ("./stack", "policies"),
    ("./stack", "preview", "dev"),
    ("./stack", "cost", "dev"),
)
TESTS = (
    "tests/api/test_customers_end_to_end.py",
    "tests/api/test_order_events_worker.py",
    "tests/api/test_nightly_cleanup_job.py",
    "tests/api/test_layers.py",
    "tests/test_architecture.py",
)
PATH = "/api/v1/customers"
CUSTOMER = {"email": "ada@example.com", "name": "Ada"}
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
IDENTITY = {f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


class StepError(Exception):
    """A step failed; the message is what it printed."""


def main() -> int:
    """Make the service and try it; 1 where a step fails."""
    with tempfile.TemporaryDirectory(prefix="new-service-") as folder:
        service = Path(folder) / NAME
        try:
            _make(service)
            for part in PARTS:
                _add(service, part)
            for command in COMMANDS:
                _run(service, *command)
            _run(service, sys.executable, "-m", "pytest", "-n0", "-q", *TESTS)
            _serve(service, Path(folder) / "local")
        except (StepError, AssertionError) as failure:
            typer.echo(failure)
            return 1
    return 0


def _make(service: Path) -> None:
    _run(ROOT, "./stack", "new", "service", str(service), "--name", NAME, "--empty")
    (service / ".venv").symlink_to(ROOT / ".venv")  # the same requirements
    _commit(service)


def _add(service: Path, part: tuple[str, ...]) -> None:
    _run(service, "./stack", "new", *part)
    edited = [
        name
        for name in _run(service, "git", "diff", "--name-only", quiet=True).split()
        if not name.startswith(GENERATED)
    ]
    typer.echo(f"            edited: {', '.join(edited)}")
    if len(edited) > MOST_EDITED_FILES:
        raise StepError(f"new {part[0]} edits {len(edited)} files; at most {MOST_EDITED_FILES} are wanted")
    _commit(service)


def _commit(service: Path) -> None:
    _run(service, "git", "add", "--all", quiet=True)
    _run(service, "git", "commit", "--quiet", "--allow-empty", "--message", "A step", quiet=True)


def _serve(service: Path, folder: Path) -> None:
    """Create a record through the local stack of the new service, and find it by its index."""
    began = time.monotonic()
    stack = LocalStackProcess(folder, root=service)
    try:
        stack.wait_until_ready()
        with stack.client(stack.token()) as demo:
            created = demo.post(PATH, json=CUSTOMER)
            assert created.status_code == 201, created.text
            found = demo.get(PATH, params={"email_prefix": "ada@"}).json()
            assert found["customers"] == [created.json()], found
    finally:
        stack.stop()
    _report(began, "./stack up: a record is created, and found by its index")


def _run(folder: Path, *command: str, quiet: bool = False) -> str:
    began = time.monotonic()
    environment: Mapping[str, str] = {**ENVIRONMENT, **IDENTITY}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise StepError(f"FAILED {' '.join(command)}\n{done.stdout}")
    if not quiet:
        _report(began, " ".join(command))
    return done.stdout


def _report(began: float, step: str) -> None:
    typer.echo(f"  ok {time.monotonic() - began:5.1f} s  {step}")


if __name__ == "__main__":
    sys.exit(main())
