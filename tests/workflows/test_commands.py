"""Every command of ours that a workflow calls is there and takes the options it is given."""

import shlex
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

from tests.workflows.scripts import Machine, given
from tests.workflows.workflow_files import BLOCKS, ROOT, Block

PIPELINE = ["python", "-m", "toolkit.pipeline"]
CALLERS = [block for block in BLOCKS if "python -m toolkit.pipeline" in block.script]


def refusal(words: list[str]) -> str | None:
    """What the command line says against a call; nothing is run."""
    command: Any = get_command(app)
    while isinstance(command, TyperGroup) and words and not words[0].startswith("-"):
        name, *words = words
        if name not in command.commands:
            return f"There is no command {name}."
        command = command.commands[name]
    try:
        command.make_context(command.name, words)
    except TyperException as error:
        return f"{type(error).__name__}: {error}"
    return None


@pytest.mark.parametrize("block", CALLERS, ids=str)
def test_a_command_is_there_and_takes_what_it_is_given(block: Block, machine: Machine) -> None:
    calls = [call for call in machine.run(block.script, given(block)).calls if call[:3] == PIPELINE]
    assert calls
    assert [said for call in calls if (said := refusal(call[3:]))] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("package --stack dev", None),
        ("package", "MissingParameter"),
        ("package --stack dev --quickly", "--quickly"),
        ("pakcage --stack dev", "There is no command pakcage."),
    ],
)
def test_a_wrong_call_is_told(words: str, said: str | None) -> None:
    told = refusal(shlex.split(words))
    assert told is None if said is None else said in (told or "")


@pytest.mark.parametrize("module", ["toolkit.policy.compliance"])
def test_a_module_that_is_called_is_there(module: str) -> None:
    called = {block.script for block in BLOCKS if f"python -m {module} " in block.script}
    assert called
    assert (ROOT / module.replace(".", "/") / "__main__.py").is_file()


def test_every_pull_request_counts_the_instructions_of_a_cold_start(machine: Machine) -> None:
    blocks = [block for block in BLOCKS if (block.job.workflow, block.job.name) == ("pull-request", "cold-start")]
    calls = [call for block in blocks for call in machine.run(block.script, given(block)).calls]
    assert ["make", "test-start"] in calls
    assert any(call[:2] == ["sudo", "apt-get"] and "valgrind" in call for call in calls)
