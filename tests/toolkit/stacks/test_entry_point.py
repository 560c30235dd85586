"""Every command ends with one sentence and an exit code."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from toolkit.stacks.entry_point import CLOSED_PIPE, DEFECT, command_line, run


def ended(main: Callable[[], int | None]) -> int:
    """Return the exit code."""
    with pytest.raises(SystemExit) as caught:
        run(main)
    assert isinstance(caught.value.code, int)
    return caught.value.code


def fail() -> int:
    raise KeyError("x[/]\n::set-output")


def test_defect_prints_one_sentence_and_writes_its_trace_below_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Pulumi.yaml").touch()
    assert ended(fail) == DEFECT
    said = capsys.readouterr().err
    (log,) = (tmp_path / "build" / "defects").iterdir()
    assert said.startswith("The command has a defect, KeyError: ")
    assert said.endswith(f"the trace is in build/defects/{log.name}.\n")
    assert said.count("\n") == 1
    assert "Traceback (most recent call last)" in log.read_text()


def test_defect_outside_a_project_writes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ended(fail) == DEFECT
    assert "run it in the root of the project for its trace" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_deleted_working_directory_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert ended(lambda: 0) == 2
    assert capsys.readouterr().err.startswith("The current folder cannot be used (No such file or directory)")


PRINTING = "from toolkit.stacks.entry_point import run; run(lambda: print('x' * 100000))"


def test_full_disk_ends_with_2_and_one_sentence() -> None:
    with Path("/dev/full").open("w") as output:
        done = subprocess.run([sys.executable, "-c", PRINTING], stdout=output, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (2, "The output cannot be written: No space left on device.\n")


def test_closed_pipe_ends_with_141_and_no_message() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as output:
        done = subprocess.run([sys.executable, "-c", PRINTING], stdout=output, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (CLOSED_PIPE, "")


app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def one(number: int, *, answer: int = 0) -> None:
    """Exit with the answer."""
    raise typer.Exit(answer if number else 1)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["1", "--answer", "3"], 3, ""),
        (["x[/]"], 2, "error: Invalid value for 'number': "),
        (["1", "--nope\x1b[31m"], 2, r"error: No such option: --nope\x1b[31m"),
        ([], 2, "error: Missing argument 'number'."),
    ],
)
def test_wrong_arguments_print_one_sentence(
    arguments: list[str], code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["one", *arguments])
    assert ended(command_line(app)) == code
    found = capsys.readouterr().err
    assert found.lower().startswith(said.lower())
    assert found.count("\n") <= 1
