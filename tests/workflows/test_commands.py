"""Every command of ours that a workflow calls is there and takes the options it is given."""

import shlex
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

from tests.workflows.scripts import Machine, given
from tests.workflows.workflow_files import BLOCKS, Block
from toolkit.cli import COMMANDS, application

CALLERS = [block for block in BLOCKS if "./stack " in block.script]


def refusal(words: list[str]) -> str | None:
    """What the command line says against a call; nothing is run."""
    name, *words = words
    if name not in COMMANDS:
        return f"There is no command {name}."
    command: Any = get_command(application(name))
    if isinstance(command, TyperGroup) and words and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    try:
        command.make_context(command.name, words)
    except TyperException as error:
        return f"{type(error).__name__}: {error}"
    return None


@pytest.mark.parametrize("block", CALLERS, ids=str)
def test_every_command_exists_and_accepts_its_arguments(block: Block, machine: Machine) -> None:
    calls = [words for program, *words in machine.run(block.script, given(block)).calls if program == "stack"]
    assert calls
    assert [said for words in calls if (said := refusal(words))] == []


@pytest.mark.parametrize("block", CALLERS, ids=str)
def test_stack_in_a_variable_is_passed_after_two_dashes(block: Block) -> None:
    """So a name that begins with a dash is a name that is refused, and never an option."""
    assert '"${STACK:?}"' not in block.script.replace('-- "${STACK:?}"', "").replace("build/plan/${STACK:?}", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("package dev", None),
        ("package", "MissingParameter"),
        ("package --quickly dev", "--quickly"),
        ("package -- --help", "'--help' is no name of a stack"),
        ("pakcage dev", "There is no command pakcage."),
    ],
)
def test_a_wrong_call_is_refused(words: str, said: str | None) -> None:
    message = refusal(shlex.split(words))
    assert message is None if said is None else said in (message or "")
