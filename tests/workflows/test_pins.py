"""Every action is pinned by commit, with its release beside it, and is given inputs that it has."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.workflows.action_inputs import INPUTS
from tests.workflows.workflow_files import ACTION_JOBS, ACTIONS, GITHUB, JOBS, ROOT, WORKFLOWS, Job
from toolkit.stacks import load_stack_config

STEPS = [(job, step) for job in [*JOBS, *ACTION_JOBS] for step in job.steps if "uses" in step]
OTHERS = [(job, step) for job, step in STEPS if not step["uses"].startswith("./")]


PINNED = re.compile(r"(?:- )?uses: (?P<action>[\w.-]+/[\w./-]+)@(?P<commit>[0-9a-f]{40}) # (?P<tag>v\d+\.\d+\.\d+)")


def uses_lines() -> Iterator[str]:
    for file in sorted(GITHUB.rglob("*.yml")):
        yield from (line.strip() for line in file.read_text().splitlines() if re.match(r" *(- )?uses: [^.]", line))


def test_every_action_is_pinned_by_commit_with_its_release_beside_it() -> None:
    assert [line for line in uses_lines() if not PINNED.fullmatch(line)] == []


def test_an_action_has_the_same_pin_in_every_workflow() -> None:
    pins: dict[str, set[str]] = {}
    for line in uses_lines():
        found = PINNED.fullmatch(line)
        assert found, line
        pins.setdefault(found["action"], set()).add(f"{found['commit']} {found['tag']}")
    assert {action: sorted(each) for action, each in pins.items() if len(each) > 1} == {}
    assert pins.keys() == INPUTS.keys()


@pytest.mark.parametrize(("job", "step"), OTHERS, ids=[f"{job}/{step['name']}" for job, step in OTHERS])
def test_an_action_gets_inputs_that_it_has_and_all_that_it_needs(job: Job, step: dict[str, Any]) -> None:
    inputs = INPUTS[step["uses"].partition("@")[0]]
    given = set(step.get("with", {}))
    assert given - inputs.known == set()
    assert inputs.required - given == set()


def test_every_local_action_exists_and_gets_its_inputs() -> None:
    for _, step in STEPS:
        if step["uses"].startswith("./"):
            action = ACTIONS[step["uses"].removeprefix("./.github/actions/")]
            assert set(step.get("with", {})) <= set(action.get("inputs", {}))


def test_every_called_workflow_exists_and_gets_exactly_its_inputs() -> None:
    calls = [job for job in JOBS if "uses" in job.content]
    assert {str(job) for job in calls} == {"deploy/dev", "deploy/staging", "deploy/prod"}
    for job in calls:
        called = WORKFLOWS[job.content["uses"].removeprefix("./.github/workflows/").removesuffix(".yml")]
        assert set(job.content["with"]) == set(called["on"]["workflow_call"]["inputs"])


def setup_input(action: str, name: str) -> str:
    (step,) = (step for step in ACTIONS["setup"]["runs"]["steps"] if step.get("uses", "").startswith(action))
    return str(step["with"][name])


def test_uv_is_the_locked_one() -> None:
    locked = re.findall(r"^uv==(\S+)", (ROOT / "requirements" / "uv.txt").read_text(), re.M)
    assert [setup_input("astral-sh/setup-uv", "version")] == locked


def test_python_is_the_one_that_compiles_for_every_deployed_function() -> None:
    ours = f"python{setup_input('actions/setup-python', 'python-version').split()[0]}"
    settings: list[Any] = [load_stack_config(stack, ROOT)["items-api:settings"] for stack in ("dev", "staging", "prod")]
    assert {each["function"]["runtime"] for each in settings} == {ours}


def test_the_pulumi_cli_is_the_one_that_the_tests_build() -> None:
    file = ROOT / setup_input("pulumi/actions", "pulumi-version-file")
    built = re.findall(r"require github\.com/pulumi/pulumi/pkg/v3 v(\S+)", (ROOT / "toolkit/engine/go.mod").read_text())
    assert [file.read_text().strip()] == built


def test_the_linter_lists_the_same_actions() -> None:
    written = (GITHUB / "zizmor.yml").read_text()
    allowed = re.findall(r"^        - ([\w.-]+/[\w./-]+)$", written.partition("unpinned-uses")[0], re.M)
    assert json.dumps(allowed) == json.dumps(sorted(INPUTS))
