"""The door knows every command by name and imports the one that is asked for."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from pipeline.__main__ import NAMES, app

DEAR = ("pulumi", "httpx", "policies", "boto3")


def test_every_name_is_a_command_and_every_command_has_a_name(root: Path) -> None:
    command = get_command(app)
    assert [command.commands[name].name for name in NAMES] == list(NAMES)  # type: ignore[attr-defined] # it is a group
    parts = {"__init__", "arguments", "drift_publish", "refusals"}  # of other commands
    assert {path.stem for path in (root / "pipeline/commands").glob("*.py")} - parts == {
        name.replace("-", "_") for name in NAMES
    }


def test_the_help_names_every_command_with_a_sentence() -> None:
    lines = CliRunner().invoke(app, ["--help"]).stdout.splitlines()
    told = {words[0]: words[1:] for line in lines if len(words := line.split()) > 1}
    assert set(NAMES) <= told.keys()
    assert all(told[name] for name in NAMES)


@pytest.mark.parametrize("command", ["plan", "deploy"])
def test_a_command_that_asks_the_engine_imports_no_sdk_of_pulumi(command: str, root: Path) -> None:
    code = f"import sys, pipeline.commands.{command}; print('pulumi' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


def test_packaging_imports_neither_the_sdk_nor_what_other_commands_need(root: Path) -> None:
    code = (
        "import sys; from typer.main import get_command; from pipeline.__main__ import app\n"
        "get_command(app).commands['package']\n"
        f"print([name for name in {DEAR} if name in sys.modules], 'pipeline.package.build' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert done.stdout.strip() == "[] True", done.stderr
