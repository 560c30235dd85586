"""The command `rehearsal`: the plan needs nothing, a run refuses what it cannot do, the steps are whole."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from typer.testing import Result

from infrastructure.rehearsal_probes import PROBES
from tests.support.command_line import PROCESS_HERE, run_command
from tests.support.whole_program import ROOT
from toolkit.pipeline.rehearsal.model import Command, Facts, StartedBy
from toolkit.pipeline.rehearsal.questions import QUESTIONS
from toolkit.pipeline.rehearsal.steps import NAMES, STEPS

ANY = Facts({}, lambda name: f"<{name}>")
COMMANDS = [command for step in STEPS for command in (*step.commands, *step.undo)]


def ended(*arguments: str) -> Result:
    return run_command("rehearsal", *arguments)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a rehearsal reads of a fresh clone."""
    for path in (*ROOT.glob("Pulumi*.yaml"), *ROOT.glob(".pulumi.version"), ROOT / "infrastructure"):
        (tmp_path / path.name).symlink_to(path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_plan_needs_no_credentials_and_changes_nothing(clone: Path) -> None:
    command = [*PROCESS_HERE, "rehearsal"]
    nothing = {"PATH": "/nowhere", "HOME": "/nowhere", "PYTHONPATH": str(ROOT)}
    before = sorted(clone.iterdir())
    plan = subprocess.run(command, cwd=clone, env=nothing, capture_output=True, text=True, check=True).stdout
    positions = [plan.index(f"\n{name}: ") for name in NAMES]
    assert positions == sorted(positions)
    assert re.search(
        r"who: an administrator of the AWS account; costs: about \$\d+\.\d\d a month, \$0\.\d{3} an hour", plan
    )
    assert "not priced" not in plan
    prose = [line for line in plan.splitlines() if not re.match(r"  (run|undo|by hand|checked): ", line)]
    assert max(map(len, prose)) <= 100
    assert "undo: pulumi destroy --stack dev" in plan
    assert sorted(clone.iterdir()) == before


def test_json_plan_has_every_step_and_both_prices(clone: Path) -> None:
    plan = json.loads(ended("plan", "--json").stdout)
    assert [step["name"] for step in plan["steps"]] == list(NAMES)
    assert plan["prices"].keys() == {"account", "stack"}
    assert all(price["monthly"] > 0 for price in plan["prices"].values())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("plan", "prod"), "prod is of the environment prod: rehearse with one whose environment is dev"),
        (("run", "--only", "fly"), "There is no step 'fly': the steps are settings, account, bootstrap"),
        (("run", "--from", "fly"), "There is no step 'fly'"),
        (("report",), "Nothing was rehearsed yet: ./stack rehearsal run dev"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(clone: Path, arguments: tuple[str, ...], words: str) -> None:
    result = ended(*arguments)
    assert result.exit_code == 1
    assert f"error: {words}" in result.stderr


def test_example_account_stops_the_run_at_its_first_step(clone: Path) -> None:
    result = ended("run", "--yes")
    assert result.exit_code == 1
    assert "Account: 111111111111 is an example" in " ".join(result.stderr.split())
    last = json.loads((clone / "build" / "rehearsal" / "progress.json").read_text())["attempts"][-1]
    assert (last["step"], last["result"]) == ("settings", "failed")


def test_step_that_needs_the_account_refuses_an_example_account(clone: Path) -> None:
    result = ended("run", "--yes", "--only", "up")
    assert result.exit_code == 1
    assert "Account 111111111111 in Pulumi.dev.yaml is an example" in " ".join(result.stderr.split())


def test_run_without_credentials_changes_nothing(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = clone / "Pulumi.dev.yaml"
    text = file.read_text().replace("111111111111", "444455556666")
    file.unlink()
    file.write_text(text)
    result = ended("run", "--yes", "--only", "bootstrap")
    assert result.exit_code == 1
    assert "The account of the credentials cannot be read: Unable to locate credentials" in " ".join(
        result.stderr.split()
    )
    assert not (clone / "build" / "rehearsal" / "progress.json").exists()


def test_declined_confirmation_changes_nothing(clone: Path) -> None:
    result = run_command("rehearsal", "run", "--only", "settings", input="n\n")
    assert result.exit_code == 1
    assert "Stopped before settings: nothing was done in it" in " ".join(result.stderr.split())
    assert not (clone / "build" / "rehearsal" / "progress.json").exists()


def test_steps_are_in_the_order_of_the_runbook() -> None:
    assert (
        *("settings", "account", "bootstrap", "state", "stack", "package", "preview", "up"),
        *("smoke", "probes", "drift", "rollback"),
        *("environment", "variables", "merge", "trust", "branch-rules", "pull-request", "questions"),
    ) == NAMES


@pytest.mark.parametrize("step", STEPS, ids=NAMES)
def test_step_that_creates_something_has_an_undo(step: object) -> None:
    making = {"bootstrap", "stack", "up", "environment", "variables", "pull-request"}
    (found,) = (one for one in STEPS if one is step)
    assert bool(found.undo) == (found.name in making)
    assert found.expected
    assert found.does


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.line[:60])
def test_shown_command_is_the_command_that_runs(command: Command) -> None:
    shown = command.shown(ANY)
    assert all(shlex.quote(argument) in shown for argument in command.filled(ANY))
    assert command.argv[0] in {"pulumi", "gh", "./stack", "git", "rm", "vi"}
    assert command.by is StartedBy.PERSON or command.argv[0] != "git"


def test_hostile_stack_name_is_one_quoted_argument() -> None:
    hostile = Facts({"stack": "dev; touch x"}, str)
    command = Command("pulumi preview --stack {stack}")
    assert command.filled(hostile)[-1] == "dev; touch x"
    assert command.shown(hostile) == "pulumi preview --stack 'dev; touch x'"


def test_question_has_a_probe_or_a_read_only_command() -> None:
    probes = {probe.name for probe in PROBES.probes} | {"route beside a throttled one"}
    for question in QUESTIONS:
        assert bool(question.probe) != bool(question.command), question.name
        assert not question.probe or question.probe in probes
        if question.command:
            assert re.match(
                r"(get|describe|list|lookup|filter|run|simulate)(-|$)",
                question.command.split()[2 if question.command.startswith("aws ") else 1],
            )
