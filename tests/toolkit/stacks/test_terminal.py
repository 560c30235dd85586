"""Text from outside is printed as it is spelled, on any terminal."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.table import Table

from tests.support.command_line import PROCESS
from toolkit.stacks.terminal import console, styled, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x[/]", "x[/]"),
        ("uploads[public]", "uploads[public]"),
        ("[link=http://evil]x[/link]", "[link=http://evil]x[/link]"),
        (":smile:", ":smile:"),
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\rb\x07\x9b", r"a\rb\x07\x9b"),
        ("\u202edev\u2066", r"\u202edev\u2066"),
        ("a\udcff", r"a\udcff"),
        ("::add-mask::x", r"\u003a:add-mask::x"),
        ("ok\n  ::set-output name=a::b", "ok\n  \\u003a:set-output name=a::b"),
        ("a ##[add-mask]x", r"a \u0023#[add-mask]x"),
        ("a::b\tc", "a::b\tc"),
    ],
)
def test_control_sequences_in_a_name_are_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_escaped_json_has_the_same_content() -> None:
    text = "::x\n##[add-mask]x \x7f \x1b[31m \u202e \udcff é"
    shown = visible(json.dumps({text: text}, indent=2))
    assert json.loads(shown) == {text: text}
    assert "##[" not in shown


@pytest.mark.parametrize("name", ["x[/]", "uploads[public]", "[link=http://evil]x[/link]", "[bold]x", "a\\", ":smile:"])
def test_long_name_is_not_truncated_in_line_table_and_style(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    output = console(wide=True)
    table = Table("a", title=name)
    table.add_row(name)
    output.print(table)
    output.print(name)
    output.print(styled((name, "bold"), " ", name))
    assert written.getvalue().count(name) == 5


@pytest.mark.parametrize("columns", ["0", "-5", "abc", "9" * 30, "1"])
def test_invalid_terminal_size_is_ignored(columns: str, root: Path) -> None:
    done = run(root, ["preview", "nowhere"], COLUMNS=columns, LINES="0", TERMINAL_WIDTH="abc")
    assert done.stderr.startswith("error: There is no stack 'nowhere'")
    assert done.returncode == 2


def test_ascii_terminal_and_warnings_as_errors_do_not_change_the_output(root: Path) -> None:
    done = run(root, ["preview", "dév"], PYTHONIOENCODING="ascii", PYTHONWARNINGS="error", LC_ALL="C")
    assert (done.returncode, r"'d\xe9v' is no name of a stack" in done.stderr) == (2, True)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_stream_does_not_fail_the_command(closed: str, root: Path) -> None:
    command = ["bash", "-c", f'"$@" {closed}', "x", *PROCESS, "preview", "nowhere"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert (done.returncode, "Traceback" in done.stdout + done.stderr) == (2, False)


def run(root: Path, arguments: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the preview with these variables."""
    command = [*PROCESS, *arguments]
    return subprocess.run(command, cwd=root, env=os.environ | environment, capture_output=True, text=True)
