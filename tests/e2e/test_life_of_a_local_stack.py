"""How a local stack starts and ends, and what it says when it cannot."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.local_stack import ROOT, LocalStackProcess, copy_checkout, forbid, free_port
from tests.support.processes import is_gone, processes_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "local"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_order_to_end_and_closed_terminal_end_every_process(folder: Path, number: signal.Signals) -> None:
    stack = LocalStackProcess(folder).wait_until_ready()
    family = processes_of(stack.process.pid)
    assert len(family) >= 3, "the stack, the embedded AWS and a worker"
    stack.process.send_signal(number)
    assert stack.process.wait(timeout=20) == 0
    assert [process for process in family if not is_gone(process)] == []
    assert "Traceback" not in stack.words()
    assert not (folder / "stack.json").exists()


def test_ctrl_c_while_it_starts_leaves_no_process_behind(folder: Path) -> None:
    stack = LocalStackProcess(folder, build="sleep 600")
    deadline = time.monotonic() + 60
    while len(family := processes_of(stack.process.pid)) < 3:  # itself, the build, and the embedded AWS on its way up
        assert time.monotonic() < deadline, stack.words()
        time.sleep(0.02)
    assert stack.stop() == 0
    assert [process for process in family if not is_gone(process)] == []
    assert stack.words().splitlines()[-1] == "Ending every process ..."


def test_repeated_ctrl_c_loses_no_kept_data(folder: Path) -> None:
    stack = LocalStackProcess(folder, arguments=("--keep",)).wait_until_ready()
    while stack.process.poll() is None:
        stack.process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    assert stack.process.returncode == 0, stack.words()
    assert (folder / "kept/account").exists()


def test_stack_that_is_killed_leaves_no_process_behind(folder: Path) -> None:
    stack = LocalStackProcess(folder).wait_until_ready()
    family = processes_of(stack.process.pid)
    stack.process.kill()
    stack.process.wait()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not all(map(is_gone, family)):
        time.sleep(0.1)
    assert [process for process in family if not is_gone(process)] == []


def test_second_start_reports_the_running_stack(folder: Path) -> None:
    first = LocalStackProcess(folder).wait_until_ready()
    second = LocalStackProcess(folder)
    try:
        assert second.process.wait(timeout=30) == 2
        assert second.words().strip() == (
            "error: A local stack already runs here: use it, or end it with Ctrl-C where it was started."
        )
        with first.client() as nobody:
            assert nobody.get("/health").status_code == 200
    finally:
        first.stop()


def test_taken_port_is_named_with_way_to_choose_another(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        stack = LocalStackProcess(folder, port=port)
        assert stack.process.wait(timeout=30) == 2
    assert stack.words().strip() == (
        f"error: Port {port} of 127.0.0.1 cannot be used (Address already in use): "
        f"choose another, e.g. `./stack up --port {port + 100}`."
    )


@pytest.mark.parametrize(
    ("stack_file", "sentence"),
    [
        ("", "Pulumi.local.yaml: config has no items-api:settings; docs/settings.schema.json describes it."),
        ("config:\n  aws:region: moon\n  items-api:settings: hello\n", "items-api:settings is 'hello': Invalid JSON"),
        ("config: {aws:region: &x [*x]}\n", "Pulumi.local.yaml, line 1: the anchor 'x' contains itself."),
    ],
)
def test_incomplete_stack_file_is_rejected_with_the_programs_message(
    tmp_path: Path, folder: Path, stack_file: str, sentence: str
) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    (checkout / "Pulumi.local.yaml").write_text(stack_file)
    refused = LocalStackProcess(folder, root=checkout, build="true")
    assert refused.process.wait(timeout=60) == 2
    assert sentence in refused.words()
    assert "Traceback" not in refused.words()


def test_same_port_for_api_and_aws_is_rejected(folder: Path) -> None:
    port = free_port()
    stack = LocalStackProcess(folder, port=port, arguments=("--aws-port", str(port)))
    assert stack.process.wait(timeout=30) == 2
    assert f"choose another, e.g. `./stack up --aws-port {port + 100}`" in stack.words()
    assert "Traceback" not in stack.words()


def test_file_in_place_of_the_folder_is_reported_in_one_sentence(folder: Path) -> None:
    folder.write_text("not a folder")
    stack = LocalStackProcess(folder)
    assert stack.process.wait(timeout=30) == 2
    assert stack.words().strip() == f"error: {folder}: File exists."


def test_without_running_stack_there_is_no_token(folder: Path) -> None:
    command = [sys.executable, "toolkit", "token", "--folder", str(folder)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr.strip()) == (
        2,
        "error: No local stack runs here: start one with `./stack up`.",
    )


def test_kept_stack_continues_with_its_data_after_ctrl_c_and_after_sigkill(folder: Path) -> None:
    first = LocalStackProcess(folder, arguments=("--keep",)).wait_until_ready()
    with first.client(first.token()) as demo:
        path = demo.post("/api/v1/items", json={"name": "Hammer"}).headers["location"]
    assert first.stop() == 0

    second = LocalStackProcess(folder, arguments=("--keep",)).wait_until_ready()
    with second.client(second.token()) as demo:
        assert demo.get(path).json()["name"] == "Hammer"
        later = demo.post("/api/v1/items", json={"name": "Saw"}).headers["location"]
    for process in processes_of(second.process.pid):
        os.kill(process, signal.SIGKILL)
    second.process.wait()

    (folder / "stack.json").unlink()
    third = LocalStackProcess(folder, arguments=("--keep",)).wait_until_ready()
    try:
        with third.client(third.token()) as demo:
            assert demo.get(path).json()["name"] == "Hammer"
            assert demo.get(later).json()["name"] == "Saw"
    finally:
        third.stop()
    assert "Traceback" not in third.words()


def test_damaged_kept_account_is_reported_and_renamed(folder: Path) -> None:
    (folder / "kept").mkdir(parents=True)
    (folder / "kept/account").write_bytes(b"half a fi")
    stack = LocalStackProcess(folder, arguments=("--keep",)).wait_until_ready()
    assert stack.stop() == 0
    assert "The kept account is damaged, or another version of moto or Python wrote it" in stack.words()
    (aside,) = (folder / "kept").glob("account.damaged-*")
    assert aside.read_bytes() == b"half a fi"


def test_package_that_cannot_be_built_stops_start(folder: Path) -> None:
    stack = LocalStackProcess(folder, build="false")
    assert stack.process.wait(timeout=60) == 2
    assert stack.words().splitlines()[-1] == "error: The Lambda package was not built: see the message above."


def test_environment_of_the_parent_does_not_reach_the_function(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "a-profile")
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "CRITICAL")
    stack = LocalStackProcess(folder).wait_until_ready()
    try:
        folders = [Path(f"/proc/{process}") for process in processes_of(stack.process.pid)]
        (worker,) = [folder for folder in folders if "api.lambda_handler" in (folder / "cmdline").read_text()]
        environment = (worker / "environ").read_text().split("\0")
        assert "AWS_PROFILE=a-profile" not in environment
        assert "POWERTOOLS_LOG_LEVEL=CRITICAL" not in environment
        assert "AWS_LAMBDA_FUNCTION_VERSION=1" in environment
    finally:
        stack.stop()


def test_stack_with_policy_violations_is_rejected_before_any_resource_is_created(tmp_path: Path, folder: Path) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    shutil.copytree(ROOT / "build", checkout / "build")
    forbid(checkout / "Pulumi.local.yaml")
    refused = LocalStackProcess(folder, root=checkout)
    assert refused.process.wait(timeout=60) == 1
    assert "The policies block this stack; no resource was created:" in refused.words()
    assert "lambda-memory-cap at api-function: memorySize is above" in refused.words()
    assert "resources" not in refused.words()
    assert "Traceback" not in refused.words()
