"""Runs the commands of docs/make-it-yours.md, then the tests and the local stack of the service that they make.

`make test-new` calls it. It prints how long each step takes, and how many existing files each new part edits.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import typer

from tests.support.local_stack import LocalStackProcess

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "make-it-yours.md"
MOST_EDITED_FILES = 3
"""Of one new part, besides what is generated, and besides numbers in stack files: the commands print each of them."""
GENERATED = ("docs/", "policies/config/", "Pulumi.")
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
    with tempfile.TemporaryDirectory(prefix="new-service-") as parent:
        # Its path in the guide is relative: the checkout is a neighbour of the new service.
        checkout = Path(parent) / "checkout"
        checkout.symlink_to(ROOT)
        try:
            service = _follow_guide(checkout)
            _run(service, sys.executable, "-m", "pytest", "-n0", "-q", *TESTS)
            _serve(service, Path(parent) / "local")
        except (StepError, AssertionError) as failure:
            typer.echo(failure)
            return 1
    return 0


def commands() -> Iterator[list[str]]:
    """Yield the commands in the bash blocks of the guide."""
    for block in re.findall(r"(?ms)^```bash\n(.*?)^```$", GUIDE.read_text(encoding="utf-8")):
        yield from map(shlex.split, block.splitlines())


def _follow_guide(checkout: Path) -> Path:
    folder = checkout
    for command in commands():
        if command[0] == "cd":
            folder = folder.parent / Path(command[1]).name
        elif command[:3] == ["./stack", "new", "service"]:
            target = str(checkout.parent / Path(command[3]).name)
            _run(ROOT, *command[:3], target, *command[4:])
        else:
            _run(folder, *command)
            if command[:2] == ["./stack", "new"]:
                _check_edits(folder)
    return folder


def _check_edits(service: Path) -> None:
    changed = _run(service, "git", "diff", "--name-only", quiet=True).split()
    edited = [name for name in changed if not name.startswith(GENERATED)]
    typer.echo(f"            edited: {', '.join(edited)}")
    if len(edited) > MOST_EDITED_FILES:
        raise StepError(f"{len(edited)} files are edited by one command; at most {MOST_EDITED_FILES} are wanted")
    _run(service, "git", "add", "--all", quiet=True)
    _run(service, "git", "commit", "--quiet", "--message", "A new part", quiet=True)


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
    done = subprocess.run(
        command, cwd=folder, env={**ENVIRONMENT, **IDENTITY}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
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
