"""The runner of these tests does with a job what GitHub's does; each rule has its source in runner.py."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.evaluation import condition_holds, evaluated, filled_in
from tests.workflows.fake_actions import Others, commit_checkout, path_with
from tests.workflows.runner import Ended, Runner
from tests.workflows.workflow_files import Job

RunSteps = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path) -> RunSteps:
    """Runs steps as a job of their own."""

    def run_steps(*steps: dict[str, Any], **how: Any) -> Ended:
        runner = Runner(tmp_path / "machine", {}, path_with(), scale=0.1, **how)
        return runner.run(Job("destroy", "try", {"steps": list(steps)}))

    return run_steps


def step(name: str, script: str, **more: str) -> dict[str, Any]:
    return {"name": name, "run": script, **more}


def test_a_script_stops_at_its_first_failure_also_in_a_pipe(run: RunSteps) -> None:
    ended = run(step("fails", "false | cat\necho after"))
    assert (ended["fails"].outcome, ended["fails"].output) == ("failure", "")


def test_only_steps_with_a_condition_run_after_a_failure(run: RunSteps) -> None:
    ended = run(
        step("one", "exit 3", id="one"),
        step("usual", "true"),
        step("a condition without a status", "true", **{"if": "github.event_name == 'workflow_dispatch'"}),
        step("failed", "true", **{"if": "${{ failure() && steps.one.outcome == 'failure' }}"}),
        step("not cancelled", "true", **{"if": "${{ !cancelled() }}"}),
        step("cancelled", "true", **{"if": "${{ cancelled() }}"}),
    )
    assert ended.status == "failure"
    assert ended.outcomes == {
        "one": "failure",
        "usual": "skipped",
        "a condition without a status": "skipped",
        "failed": "success",
        "not cancelled": "success",
        "cancelled": "skipped",
    }


def test_outputs_of_a_step_reach_the_next(run: RunSteps) -> None:
    ended = run(
        step(
            "writes",
            'echo "word=two words" >> "$GITHUB_OUTPUT"\necho "ONE=1" >> "$GITHUB_ENV"\n'
            'printf "TEXT<<end\\na\\nb\\nend\\n" >> "$GITHUB_ENV"\nmkdir own\necho "$PWD/own" >> "$GITHUB_PATH"\n'
            'echo "said" >> "$GITHUB_STEP_SUMMARY"',
            id="first",
        ),
        {**step("reads", 'echo "$WORD/$ONE/$TEXT/${PATH%%:*}"'), "env": {"WORD": "${{ steps.first.outputs.word }}"}},
    )
    assert ended["reads"].output.startswith("two words/1/a\nb/")
    assert ended["reads"].output.endswith("/items-api/own\n")
    assert ended.summary == "said\n"


def test_a_step_has_a_runners_variables_and_nothing_of_this_machine(
    run: RunSteps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THIS_MACHINE", "1")
    found = dict(line.split("=", 1) for line in run(step("env", "env"))["env"].output.splitlines())
    assert "OF_THIS_MACHINE" not in found
    assert {"CI": "true", "GITHUB_ACTIONS": "true", "RUNNER_OS": "Linux", "GITHUB_JOB": "try"}.items() <= found.items()
    assert Path(found["RUNNER_TEMP"]).is_dir()


REPORTS = """
report() { echo "$1 got $2"; }
trap 'report child INT' INT; trap 'report child TERM' TERM
echo begun
for _ in {1..400}; do /bin/sleep 0.05; done
"""


def begun(_step: str, output: str) -> bool:
    return "begun" in output


def test_cancellation_does_not_reach_a_child_of_bash(run: RunSteps) -> None:
    """The fault of every step without `exec`: the command gets no signal, and goes on after the end of bash."""
    script = f"cat > child.sh <<'end'\n{REPORTS}\nend\necho begun\nbash child.sh > child.log 2>&1\n"
    ended = run(
        step("works", script),
        step("after", "cat child.log; echo seen", **{"if": "${{ cancelled() }}"}),
        cancel_when=begun,
    )
    assert ended["works"].signals == ("SIGINT", "SIGTERM")
    assert "got" not in ended["after"].output
    assert ended["after"].output.endswith("seen\n")
    assert [orphan for orphan in ended.orphans if "child.sh" in orphan]


def test_cancellation_reaches_an_exec_process_and_kills_it_after_the_wait(run: RunSteps) -> None:
    script = f"cat > child.sh <<'end'\n{REPORTS}\nend\nexec bash child.sh\n"
    ended = run(step("works", script), cancel_when=begun)
    assert ended["works"].signals == ("SIGINT", "SIGTERM", "SIGKILL")
    assert ended["works"].output == "begun\nchild got INT\nchild got TERM\n"
    assert ended.status == "cancelled"


def test_cancelled_job_runs_only_steps_with_a_condition(run: RunSteps) -> None:
    ended = run(
        step("works", "echo begun; exec sleep 20"),
        step("usual", "true"),
        step("failed", "true", **{"if": "${{ failure() }}"}),
        step("cancelled", "true", **{"if": "${{ failure() || cancelled() }}"}),
        cancel_when=begun,
    )
    assert ended.outcomes == {"works": "cancelled", "usual": "skipped", "failed": "skipped", "cancelled": "success"}


def test_a_check_out_is_one_commit_without_a_branch(tmp_path: Path) -> None:
    others = Others(commit_checkout(tmp_path / "source"), tmp_path / "artifacts", {})
    runner = Runner(tmp_path / "machine", others.actions(), path_with())
    ended = runner.run(
        Job(
            "destroy",
            "try",
            {
                "steps": [
                    {"name": "Check out", "uses": "actions/checkout@0"},
                    step(
                        "look",
                        "git rev-list --count HEAD; git branch --format '%(refname)'; git status --short; git tag",
                    ),
                ]
            },
        )
    )
    assert ended["look"].output.splitlines()[0] == "1"
    assert "refs/heads" not in ended["look"].output
    assert len(ended["look"].output.splitlines()) == 2  # the detached head, and nothing that differs


CONTEXTS = {
    "github": {"event": {"labels": [{"name": "one"}, {"name": "Two"}]}, "event_name": "push"},
    "inputs": {"stack": "dev", "apply": True},
    "vars": {"STATE_DEV": "s3://state", "LIST": json.dumps(["ana"])},
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("vars[format('STATE_{0}', inputs.stack)]", "s3://state"),
        ("contains(github.event.labels.*.name, 'two')", True),
        ("contains(fromJSON(vars.LIST), 'ben')", False),
        ("vars.NONE == ''", True),
        ("inputs.none || ''", ""),
        ("!inputs.apply || github.event_name == 'PUSH' && inputs.stack != 'prod'", True),
        ("(true || false) && null", None),
        ("1 == '1'", True),
    ],
)
def test_an_expression_has_the_value_that_github_gives_it(expression: str, value: object) -> None:
    assert evaluated(expression, CONTEXTS) == value


def test_a_text_is_filled_in(tmp_path: Path) -> None:
    assert filled_in("${{ inputs.stack }}-${{ inputs.none }}-${{ inputs.apply }}", CONTEXTS) == "dev--true"


@pytest.mark.parametrize("wrong", ["a b", "hashFiles('x')", "(a", "&& a"])
def test_an_expression_that_is_not_known_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"stands where|is not known here|is no value"):
        condition_holds(wrong, {}, "success")
