"""Every command of the manual is one that the CLI has."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

MANUAL = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
PARENTS = {"config", "stack", "state"}
COMMAND = re.compile(r"\bpulumi ((?:[a-z][a-z-]* )?[a-z][a-z-]*)((?: +(?:'[^']*'|\"[^\"]*\"|[^\s`'\"|&;)]+))*)")


def commands() -> dict[str, set[str]]:
    """The subcommands that the manual tells to type, each with its long options."""
    found: dict[str, set[str]] = {}
    blocks = re.findall(r"```(?:console|bash)\n(.*?)```", MANUAL, re.S)
    code = "\n".join([*blocks, *re.findall(r"`([^`]*pulumi [^`]+)`", MANUAL)])
    for line in code.replace("\\\n", " ").splitlines():
        for words, rest in COMMAND.findall(line):
            first, _, second = words.partition(" ")
            name = f"{first} {second}" if first in PARENTS and second else first
            options = {word.partition("=")[0] for word in shlex.split(rest) if word.startswith("--")}
            found.setdefault(name, set()).update(options)
    return found


def test_the_manual_names_the_commands_that_it_is_about() -> None:
    expected = {"preview", "up", "destroy", "refresh", "cancel", "login", "config set", "stack init", "stack output"}
    assert expected <= commands().keys()


@pytest.mark.parametrize("command", sorted(commands()))
def test_the_cli_has_the_command_and_its_options(command: str, cli: Path, tmp_path: Path) -> None:
    asked = [str(cli), *command.split(), "--help"]
    environment = {"HOME": str(tmp_path), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    answer = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True).stdout
    alias = rf"^Aliases:\n  (?:[\w, -]*, )?{command.split()[-1]}(?:,|$)"
    assert re.search(rf"^  pulumi {command}\b|{alias}", answer, re.M), answer
    assert commands()[command] <= set(re.findall(r"--[a-z-]+", answer))
