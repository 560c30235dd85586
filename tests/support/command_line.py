"""Runs commands of the command line: inside the test's process, or as a process of their own."""

import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from toolkit.cli import application
from toolkit.stacks.entry_point import command_line

ROOT = Path(__file__).resolve().parents[2]
PROCESS = (sys.executable, str(ROOT / "toolkit"))
"""The arguments that start the command line of this checkout in a separate process."""
PROCESS_HERE = (sys.executable, "-c", "from pathlib import Path; from toolkit.cli import main; main(Path.cwd())")
"""The same with the current folder as the root; PYTHONPATH must have this checkout."""


def run_command(name: str, *arguments: str, **given: Any) -> Result:
    """Run a command in the current folder and return what it printed and its exit code."""
    return CliRunner().invoke(application(name), arguments, **given)


def code_of(name: str, *arguments: str) -> int:
    """Run a command in the current folder and return its exit code; its output is that of the test."""
    return command_line(application(name), arguments, f"./stack {name}")() or 0
