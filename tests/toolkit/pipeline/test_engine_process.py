"""How a command and the engine that it started end, together or one after the other, with a script as the engine."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from toolkit.engine.cli import PulumiCli
from toolkit.engine.process import EngineRecord, last_engine, refuse_concurrent_run, run_to_its_end, stacks_with_engines
from toolkit.stacks.errors import RefusedError

ROOT = Path(__file__).parents[3]
ENGINE = """
import signal, sys, time
received = []
signal.signal(signal.SIGINT, lambda *_: received.append("SIGINT"))
signal.signal(signal.SIGTERM, lambda *_: received.append("SIGTERM"))
print("began", flush=True)
ends = time.monotonic() + float(sys.argv[2])
while time.monotonic() < ends and (not received or time.monotonic() < ends - 1):
    time.sleep(0.01)
print("received", *received, flush=True)
"""
"""Ends a second before its time after its first signal."""
COMMAND = """
import os, sys
from pathlib import Path
from toolkit.engine.cli import PulumiCli
from toolkit.engine.process import run_to_its_end
root = Path(sys.argv[1])
cli = PulumiCli(sys.executable, root, os.environ)
run_to_its_end(cli, sys.argv[2:], root / "log", lambda line: print(line, flush=True), "dev")
print("done", flush=True)
"""


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Callable[[float], "subprocess.Popen[str]"]]:
    """Starts a command that runs the engine for some seconds; returns once the engine has begun."""
    started: list[subprocess.Popen[str]] = []

    def start(seconds: float) -> "subprocess.Popen[str]":
        words = [sys.executable, "-c", COMMAND, str(tmp_path), "-c", ENGINE, "up", str(seconds)]
        process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "began\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def engine(root: Path) -> EngineRecord:
    found = last_engine(root, "dev")
    assert found is not None
    return found


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
def test_first_signal_sends_one_sigint_to_the_engine_and_waits_for_it(
    first: signal.Signals, command: Callable[[float], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    process = command(2)
    process.send_signal(first)
    said, _ = process.communicate(timeout=20)
    assert "received SIGINT\n" in said
    assert "done" not in said
    assert process.returncode != 0
    assert not engine(tmp_path).runs


def test_second_signal_ends_the_command_and_leaves_the_engine_running(
    command: Callable[[float], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    process = command(4)
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=2)
    found = engine(tmp_path)
    assert (found.runs, found.interrupted) == (True, True)
    assert found.interrupt(tmp_path).wait(10)
    assert (tmp_path / "log").read_text() == "began\nreceived SIGINT\n"


def test_engine_of_a_killed_command_runs_on_and_can_be_stopped(
    command: Callable[[float], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    process = command(4)
    process.kill()
    process.communicate(timeout=2)
    found = engine(tmp_path)
    assert (found.runs, found.interrupted) == (True, False)
    assert not found.wait(0.1)
    assert found.interrupt(tmp_path).wait(10)
    assert (tmp_path / "log").read_text() == "began\nreceived SIGINT\n"


def test_ctrl_c_of_a_terminal_reaches_the_command_alone(
    command: Callable[[float], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    command(1)
    assert os.getsid(engine(tmp_path).pid) == engine(tmp_path).pid != os.getsid(0)


def test_second_writing_command_is_refused_while_the_first_runs(
    command: Callable[[float], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    process = command(3)
    with pytest.raises(RefusedError, match=r"still runs \(pid \d+\): wait for its end, or stop it: .*--stop-within"):
        refuse_concurrent_run(tmp_path, "dev")
    refuse_concurrent_run(tmp_path, "prod")
    process.communicate(timeout=20)
    refuse_concurrent_run(tmp_path, "dev")


def test_every_line_is_reported_also_an_unfinished_one(tmp_path: Path) -> None:
    reported: list[str] = []
    cli = PulumiCli(sys.executable, tmp_path, os.environ)
    script = "import sys; sys.stdout.write('one\\n\\ntw'); sys.stdout.flush(); sys.stdout.write('o'); sys.exit(3)"
    code = run_to_its_end(cli, ["-c", script], tmp_path / "log", reported.append, None)
    assert (code, reported) == (3, ["one", "", "two"])
    assert stacks_with_engines(tmp_path) == []


def test_later_process_with_the_same_id_is_another_process(tmp_path: Path) -> None:
    ours = EngineRecord.of("dev", "up", os.getpid(), datetime.now(UTC))
    assert ours.runs
    assert not ours.model_copy(update={"identity": "another"}).runs
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        other = EngineRecord.of("dev", "up", process.pid, datetime.now(UTC))
        assert other.runs
        process.kill()
        assert other.wait(5)  # also before anyone has collected what it ended with
    ours.write(tmp_path)
    assert last_engine(tmp_path, "dev") == ours
    assert stacks_with_engines(tmp_path) == ["dev"]


def test_malformed_engine_record_is_refused_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "build/engine-runs/dev.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"pid": 1}))
    with pytest.raises(RefusedError, match=r"dev\.json is not a record of a running engine"):
        last_engine(tmp_path, "dev")
