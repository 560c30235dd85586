"""What docs/pipeline.md names is there: workflows, their inputs, variables, environments, checks, commands, outputs."""

import json
import re
from pathlib import Path

import pytest

from tests.pythons import TESTED
from tests.support.accounts import EVERY_ACCOUNT, bootstrap_graph
from tests.workflows.workflow_files import JOBS, WORKFLOWS, Job, texts
from toolkit.cli import COMMANDS
from toolkit.pipeline.doctor.protection import RULESET

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "pipeline.md").read_text()
STARTED = re.compile(r"gh workflow run ([\w-]+)\.yml((?: -f [\w-]+=(?:'[^']*'|\S+))*)")
VARIABLE = (
    r"(?:AWS_REGION|ATTESTATIONS|CODE_SCANNING|PROD_(?:APPROVERS|REVIEWERS)"
    r"|(?:STATE|(?:PREVIEW|PLAN|DEPLOY|DESTROY)_ROLE)_[A-Z]+)"
)


def section(heading: str) -> str:
    return GUIDE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def used_variables() -> set[str]:
    read = {
        name for workflow in WORKFLOWS.values() for text in texts(workflow) for name in re.findall(r"vars\.(\w+)", text)
    }
    looked_up = {"STATE", "DEPLOY_ROLE"}
    return read | {f"{prefix}_{stack}" for prefix in looked_up for stack in ("DEV", "STAGING", "PROD")}


def test_every_workflow_has_its_row_and_no_other() -> None:
    rows = re.findall(r"^\| `([\w-]+)\.yml` \|", section("Workflows"), re.M)
    assert sorted(rows) == sorted(WORKFLOWS)


def test_every_variable_has_its_row_and_no_other() -> None:
    table = set(re.findall(rf"`({VARIABLE})`", section("Variables")))
    assert table == used_variables()


def test_a_variable_that_is_set_is_one_of_the_table() -> None:
    named = set(re.findall(r"gh variable set (\w+)", GUIDE))
    assert named
    assert named <= used_variables()


def test_guide_names_the_time_limits_of_jobs_that_write_to_a_state() -> None:
    writers = [job for job in JOBS if any("unlock" in step.get("run", "") for step in job.steps)]
    named = set(re.findall(r"limit is (\d+) minutes, or (\d+) for", section("A cancelled run")))
    assert named == {("50", "45")}
    assert {job.content["timeout-minutes"] for job in writers} == {"50", "45"}


def test_every_environment_is_made() -> None:
    named = {job.environment for job in JOBS if job.environment}
    step = section("Set-up in ten steps").partition("\n4. ")[2].partition("\n5. ")[0]
    assert named == {"${{ inputs.stack }}", "review", "review-cleanup"}
    assert "for stack in dev staging prod" in step
    reviews = section("Stacks of pull requests")
    assert "environments/review " in reviews
    assert "for environment in review-cleanup" in reviews


def required_checks() -> dict[str, Job]:
    """The jobs behind the checks that the ruleset requires, which step 7 sets up."""
    step = section("Set-up in ten steps").partition("\n7. ")[2].partition("\n8. ")[0]
    assert f"--input {RULESET}" in step
    rules = {rule["type"]: rule.get("parameters", {}) for rule in json.loads((ROOT / RULESET).read_text())["rules"]}
    jobs = {name: job for job in JOBS for name in check_names(job)}
    return {
        each["context"]: jobs[each["context"]] for each in rules["required_status_checks"]["required_status_checks"]
    }


def check_names(job: Job) -> list[str]:
    """The names of a job's checks: one for each Python of its matrix."""
    pythons = job.content.get("strategy", {}).get("matrix", {}).get("python", ["none"])
    return [job.content["name"].replace("${{ matrix.python }}", python) for python in pythons]


def test_every_python_of_the_suite_is_required() -> None:
    tests = [name for job in JOBS if str(job) == "pull-request/tests" for name in check_names(job)]
    assert set(tests) <= set(required_checks())
    assert tests == [f"Tests on Python {version}" for version in TESTED]


@pytest.mark.parametrize("event", ["pull_request", "merge_group"])
def test_required_check_reports_on_every_event_that_waits_for_it(event: str) -> None:
    """A workflow that does not run leaves its checks pending, and nothing could be merged."""
    assert required_checks()
    for name, job in required_checks().items():
        trigger = WORKFLOWS[job.workflow]["on"].get(event)
        assert trigger is not None, name
        assert set(trigger) <= {"branches", "types"}, name


def test_required_check_is_never_skipped_by_an_edit() -> None:
    """A job that is skipped counts as passed, also over its own failure for the same commit.

    https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-jobs-with-conditions
    """
    conditional = {name: job.content["if"] for name, job in required_checks().items() if "if" in job.content}
    same = "github.event.pull_request.head.repo.full_name == github.repository"
    assert conditional == {"Preview of dev": f"{same} && vars.PREVIEW_ROLE_DEV != ''"}
    for job in required_checks().values():
        assert "types" not in WORKFLOWS[job.workflow]["on"]["pull_request"]  # opened, synchronize, reopened


def test_there_are_ten_steps() -> None:
    assert re.findall(r"^(\d+)\. ", section("Set-up in ten steps"), re.M) == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize(("workflow", "given"), sorted(set(STARTED.findall(GUIDE))))
def test_a_workflow_that_is_started_by_hand_takes_what_it_is_given(workflow: str, given: str) -> None:
    taken = (WORKFLOWS[workflow]["on"]["workflow_dispatch"] or {}).get("inputs", {})
    assert set(re.findall(r"-f ([\w-]+)=", given)) <= set(taken)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"\./stack ([a-z-]+)", GUIDE))))
def test_command_in_the_guide_exists(command: str) -> None:
    assert command in COMMANDS


@pytest.mark.parametrize("output", sorted(set(re.findall(r"pulumi stack output (\w+)", GUIDE))))
def test_an_output_is_one_of_an_accounts(output: str) -> None:
    assert output in {*bootstrap_graph("dev").outputs, *bootstrap_graph("review").outputs}


def test_an_output_of_the_table_is_one_of_an_accounts() -> None:
    named = set(re.findall(r"`(state|\w+_role)`", section("Variables")))
    had = {name for account in EVERY_ACCOUNT for name in bootstrap_graph(account).outputs}
    assert named <= had
    assert named >= {"state", "preview_role", "plan_role", "deploy_prod_role"}


@pytest.mark.parametrize("anchor", sorted(set(re.findall(r"\]\(#([a-z-]+)\)", GUIDE))))
def test_a_link_leads_to_a_heading(anchor: str) -> None:
    headings = re.findall(r"^##+ (.+)$", GUIDE, re.M)
    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("anchor", sorted(set(re.findall(r"\]\(operations\.md#([a-z-]+)\)", GUIDE))))
def test_a_link_to_the_manual_leads_to_a_heading(anchor: str) -> None:
    headings = re.findall(r"^##+ (.+)$", (ROOT / "docs" / "operations.md").read_text(), re.M)
    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}


def test_the_words_of_confirmation_are_those_that_the_workflow_wants() -> None:
    for workflow, words in (("rollback", "roll back prod"), ("destroy", "destroy dev")):
        verb, _, _stack = words.rpartition(" ")
        assert f"confirm='{words}'" in GUIDE
        assert any(f'"{verb} ${{STACK:?}}"' in text for text in texts(WORKFLOWS[workflow]))
