"""`./stack up --engine pulumi`: the local stack by the real engine, which keeps its state and all data between runs."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.engine.left_behind import left_in
from tests.support.local_stack import ROOT, LocalStackProcess, copy_checkout, free_port
from tests.support.processes import is_gone, processes_of
from toolkit.localcloud.running import RunningStack
from toolkit.stacks import evaluate

Start = Callable[..., LocalStackProcess]
CREATED = " created ("


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    copy = copy_checkout(tmp_path / "checkout")
    shutil.copytree(ROOT / "build/local", copy / "build/local")
    return copy


@pytest.fixture
def start(cli: Path, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts a stack of the copy as `./stack up --engine pulumi` does, each time in the same folder."""
    monkeypatch.setenv("PATH", str(cli.parent), prepend=os.pathsep)
    with ExitStack() as ends:

        def start(*arguments: str) -> LocalStackProcess:
            process = LocalStackProcess(
                tmp_path / "local", root=checkout, build="true", port=port, arguments=("--engine", "pulumi", *arguments)
            )
            ends.callback(process.stop)
            return process

        port = free_port()  # the same each time: the stack's settings name it
        yield start


def files_of(tree: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in tree.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def wait_for(stack: LocalStackProcess, words: str, times: int = 1, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while stack.words().count(words) < times:
        assert time.monotonic() < deadline, stack.words()
        assert stack.process.poll() is None, stack.words()
        time.sleep(0.05)


def post_item(stack: LocalStackProcess) -> str:
    with stack.client(stack.token()) as demo:
        answer = demo.post("/api/v1/items", json={"name": "Hammer"})
        assert answer.status_code == 201, answer.text
        return answer.headers["location"]


def get_item(stack: LocalStackProcess, path: str) -> httpx.Response:
    with stack.client(stack.token()) as demo:
        return demo.get(path)


def test_the_next_run_does_only_what_changed_and_has_all_data(checkout: Path, tmp_path: Path, start: Start) -> None:
    before, resources = files_of(checkout), len(evaluate("local", root=checkout).resources)
    first = start().wait_until_ready()
    assert f"+ {resources} created" in first.words()
    with first.client() as nobody:
        assert nobody.get("/health").status_code == 200
    item = post_item(first)
    family = processes_of(first.process.pid)
    assert first.stop() == 0
    assert [process for process in family if not is_gone(process)] == []
    assert files_of(checkout) == before
    passphrase = tmp_path / "local/pulumi/passphrase"
    assert passphrase.stat().st_mode & 0o777 == 0o600
    assert passphrase.read_text() not in first.words()

    again = start("--watch").wait_until_ready()
    assert f"{resources} unchanged" in again.words()
    assert get_item(again, item).json()["name"] == "Hammer"

    stack_file = checkout / "Pulumi.local.yaml"
    stack_file.write_text(stack_file.read_text().replace("echo: http", "parrot: http"))
    wait_for(again, "Pulumi.local.yaml: deployed")
    changes = again.words().partition("Ctrl-C ends it.")[2]
    assert "unchanged" in changes
    assert changes.count(CREATED) == changes.count(" deleted (") > 0
    with again.client(again.token()) as demo:
        assert demo.get("/upstreams/parrot/x").status_code == 200
        assert demo.get(item).status_code == 200
    assert again.stop() == 0
    assert "Traceback" not in first.words() + again.words()


def test_a_run_that_was_broken_off_is_repaired_by_the_next(start: Start) -> None:
    interrupted = start()
    wait_for(interrupted, CREATED, times=20)
    family = processes_of(interrupted.process.pid)
    assert interrupted.stop() == 0
    assert [process for process in family if not is_gone(process)] == []
    assert interrupted.words().endswith("Ending every process ...\n")

    killed = start()
    wait_for(killed, CREATED, times=10)
    for process in processes_of(killed.process.pid):
        os.kill(process, signal.SIGKILL)
    killed.process.wait()

    repaired = start().wait_until_ready()
    assert "The last update was interrupted: continuing from the state before it." in repaired.words()
    item = post_item(repaired)
    found = left_in(RunningStack.model_validate(repaired.record).connection)
    assert len(found["list_tables"]) == 2
    for once in ("list_functions", "get_apis", "list_roles", "list_user_pools"):
        assert len(found[once]) == 1, once

    repaired.process.kill()  # the embedded AWS sees its parent's end, and keeps what was written
    repaired.process.wait()
    again = start()
    wait_for(again, "Ctrl-C ends it.")
    assert get_item(again, item).status_code == 200


def test_a_state_whose_account_is_damaged_is_repaired_and_says_so(tmp_path: Path, start: Start) -> None:
    start().wait_until_ready().stop()
    account = tmp_path / "local/pulumi/account"
    account.write_bytes(account.read_bytes()[:-1])
    repaired = start().wait_until_ready()
    assert "The state's AWS account is missing, damaged or of another version" in repaired.words()
    post_item(repaired)
