"""Runs the commands of docs/make-it-yours.md, then the tests and the local stack of the service that they make.

`make test-new` calls it. It ends with a table of the steps of the guide: seconds, and files written and edited.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import typer
from rich.console import Console
from rich.table import Table

from tests.support.local_stack import LocalStackProcess
from toolkit.localcloud.running import RunningStack

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "make-it-yours.md"
MOST_EDITED_FILES = 3
"""Of one new part, besides what is generated and the numbers that the command raises in the stack files."""
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
QUEUE, WORKER = "order-events", "order-worker"
LATEST_SECONDS = 60
"""A message that is not processed after this time is lost."""
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
IDENTITY = {f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


class StepError(Exception):
    """A step failed; the message is what it printed."""


@dataclass
class Part:
    """A section of the guide: its heading, its commands, and what they took and changed."""

    heading: str
    commands: list[list[str]]
    seconds: float = 0
    written: int = 0
    edited: list[str] = field(default_factory=list)


def main() -> int:
    """Make the service and try it; 1 where a step fails."""
    parts = guide()
    with tempfile.TemporaryDirectory(prefix="new-service-") as parent:
        # Its path in the guide is relative: the checkout is a neighbour of the new service.
        checkout = Path(parent) / "checkout"
        checkout.symlink_to(ROOT)
        try:
            service = _follow_guide(checkout, parts)
            _check(service)
            _serve(service, Path(parent) / "local")
        except (StepError, AssertionError) as failure:
            typer.echo(failure)
            return 1
    _print_table(parts)
    return 0


def guide() -> list[Part]:
    """Return the sections of the guide that have commands in bash blocks."""
    sections = GUIDE.read_text(encoding="utf-8").split("\n## ")[1:]
    parts = (Part(section.partition("\n")[0], list(_commands(section))) for section in sections)
    return [part for part in parts if part.commands]


def _commands(section: str) -> Iterator[list[str]]:
    for block in re.findall(r"(?ms)^```bash\n(.*?)^```$", section):
        yield from map(shlex.split, block.splitlines())


def _follow_guide(checkout: Path, parts: list[Part]) -> Path:
    folder = checkout
    for part in parts:
        began = time.monotonic()
        for command in part.commands:
            if command[0] == "cd":
                folder = folder.parent / Path(command[1]).name
            elif command[:3] == ["./stack", "new", "service"]:
                target = str(checkout.parent / Path(command[3]).name)
                _run(ROOT, *command[:3], target, *command[4:])
                _copy_types(Path(target))
            else:
                _run(folder, *command)
                if command[:2] == ["./stack", "new"]:
                    _count_files(folder, part)
        part.seconds = time.monotonic() - began
    return folder


def _copy_types(service: Path) -> None:
    """Give mypy what it knows of the same code here: from nothing, it takes most of the time."""
    if (known := ROOT / ".mypy_cache").is_dir():
        shutil.copytree(known, service / known.name)


def _count_files(service: Path, part: Part) -> None:
    """Add the files of one command to its part, and commit them. Raise StepError where too many are edited."""
    _run(service, "git", "add", "--all", quiet=True)
    status = [
        line.split("\t") for line in _run(service, "git", "diff", "--cached", "--name-status", quiet=True).splitlines()
    ]
    edited = [name for kind, name in status if kind == "M" and not name.startswith(GENERATED)]
    if len(edited) > MOST_EDITED_FILES:
        raise StepError(f"One command edits {', '.join(edited)}: at most {MOST_EDITED_FILES} files are wanted")
    part.written += sum(kind == "A" for kind, _ in status)
    part.edited += [name for name in edited if name not in part.edited]
    _run(service, "git", "commit", "--quiet", "--message", "A new part", quiet=True)


def _check(service: Path) -> None:
    """Run what a pull request runs of the new service, besides the commands of the guide."""
    _run(service, sys.executable, "-m", "pytest", "-n0", "-q", *TESTS)
    _run(service, "./stack", "policies")
    _run(service, "./stack", "compliance", "dev")
    _run(service, "./stack", "dossier", "--base", "HEAD~1")
    _run(service, "./stack", "generate")
    if changed := _run(service, "git", "status", "--short", quiet=True):
        raise StepError(f"Files are not as they are generated:\n{changed}")


def _serve(service: Path, folder: Path) -> None:
    """Create a record through the local stack of the new service, and send a message through its queue."""
    began = time.monotonic()
    stack = LocalStackProcess(folder, root=service)
    try:
        stack.wait_until_ready()
        with stack.client(stack.token()) as demo:
            created = demo.post(PATH, json=CUSTOMER)
            assert created.status_code == 201, created.text
            found = demo.get(PATH, params={"email_prefix": "ada@"}).json()
            assert found["customers"] == [created.json()], found
        _report(began, "./stack up: a record is created, and found by its index")
        began = time.monotonic()
        _send_message(stack)
        _report(began, "./stack up: a message goes through queue and worker")
    finally:
        stack.stop()


def _send_message(stack: LocalStackProcess) -> None:
    running = RunningStack.read(stack.folder)
    session = boto3.Session(running.access_key_id, running.secret_access_key, region_name=running.region)
    sqs = session.client("sqs", endpoint_url=running.endpoint_url)
    urls = sqs.list_queues()["QueueUrls"]
    (queue,) = (url for url in urls if f"-{QUEUE}-" in url)
    (dead_letters,) = (url for url in urls if f"-{WORKER}-dead-letters-" in url)
    identifier = str(uuid.uuid4())
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({"id": identifier}))
    log = stack.folder / "logs" / f"{WORKER}.log"
    _wait(lambda: log.is_file() and identifier in log.read_text(errors="replace"), f"{WORKER} did not log {identifier}")
    _wait(lambda: not _messages(sqs, queue) and not _messages(sqs, dead_letters), "a queue has messages")


def _messages(sqs: Any, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return sum(map(int, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values()))


def _wait(is_done: Callable[[], bool], failure: str) -> None:
    latest = time.monotonic() + LATEST_SECONDS
    while not is_done():
        assert time.monotonic() < latest, failure
        time.sleep(0.1)


def _print_table(parts: list[Part]) -> None:
    table = Table("step of the guide", "seconds", "files written", "files edited", box=None)
    for part in parts:
        table.add_row(part.heading, f"{part.seconds:.0f}", str(part.written), ", ".join(part.edited) or "0")
    Console(width=120).print(table)


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
