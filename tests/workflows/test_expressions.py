"""Every property that an expression names exists: GitHub reads an unknown one as an empty text without an error."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.workflows.expressions import named
from tests.workflows.workflow_files import BLOCKS, EXPRESSION, JOBS, WORKFLOWS, Block, Job, texts

FUNCTIONS = {"cancelled", "contains", "failure", "format", "fromJSON"}
GITHUB_HAS = {
    "github.event_name",
    "github.ref",
    "github.ref_name",
    "github.repository",
    "github.server_url",
    "github.sha",
    "github.token",
    "github.triggering_actor",
}
PULL_REQUESTS_HAVE = {
    "github.event.action",
    "github.event.changes.base",
    "github.event.label.name",
    "github.event.pull_request.head.ref",
    "github.event.pull_request.head.repo.full_name",
    "github.event.pull_request.head.sha",
    "github.event.pull_request.labels.*.name",
    "github.event.pull_request.number",
}
REPOSITORYS_EVENTS = {"pull_request", "push", "workflow_call", "workflow_dispatch"}
"""The events that come with the repository; the event of a schedule may not."""
VARIABLE = re.compile(
    r"AWS_REGION|ATTESTATIONS|CODE_SCANNING|PROD_APPROVERS|PROD_REVIEWERS|PREVIEW_ROLE_DEV"
    r"|(STATE|PLAN_ROLE|DEPLOY_ROLE)_(DEV|STAGING|PROD)|(STATE|DEPLOY_ROLE|DESTROY_ROLE)_REVIEW"
)


def expressions(value: Any, *, condition: str | None = None) -> Iterator[str]:
    """Those inside texts; a condition is one as a whole."""
    for text in texts(value):
        yield from EXPRESSION.findall(text)
    if condition is not None and not EXPRESSION.search(condition):
        yield condition


def of_job(job: Job) -> Iterator[str]:
    yield from expressions(job.content, condition=job.content.get("if"))
    for step in job.steps:
        if "if" in step and not EXPRESSION.search(step["if"]):
            yield step["if"]


def written_outputs(block: Block) -> set[str]:
    return set(re.findall(r'echo "(\w+)=.*GITHUB_OUTPUT', block.script))


def step_outputs(job: Job) -> set[str]:
    """What steps of a job can be asked for."""
    known = set()
    for block in BLOCKS:
        (step,) = (step for step in job.steps if step["name"] == block.name) if block.job == job else (None,)
        if step is not None and "id" in step:
            known |= {f"steps.{step['id']}.outputs.{name}" for name in written_outputs(block)}
            known |= {f"steps.{step['id']}.outcome"}
    return known


def available(job: Job) -> set[str]:
    """Every property that an expression of this job may name, variables left out."""
    workflow = WORKFLOWS[job.workflow]
    known = set(GITHUB_HAS) | step_outputs(job)
    if {"pull_request", "pull_request_target"} & set(workflow["on"]):
        known |= PULL_REQUESTS_HAVE
    if REPOSITORYS_EVENTS & set(workflow["on"]):
        known.add("github.event.repository.visibility")
    for trigger in ("workflow_call", "workflow_dispatch"):
        known |= {f"inputs.{name}" for name in (workflow["on"].get(trigger) or {}).get("inputs", {})}
    needs = job.content.get("needs", [])
    for other in [needs] if isinstance(needs, str) else needs:
        known.add(f"needs.{other}.result")
        known |= {f"needs.{other}.outputs.{name}" for name in workflow["jobs"][other].get("outputs", {})}
    matrix = job.content.get("strategy", {}).get("matrix", {})
    keys = set(matrix) - {"include"} | {key for row in matrix.get("include", ()) for key in row}
    return known | {f"matrix.{key}" for key in keys}


@pytest.mark.parametrize("job", JOBS, ids=str)
def test_names_in_an_expression_exist(job: Job) -> None:
    for expression in of_job(job):
        functions, properties = named(expression)
        variables = {name for name in properties if name.startswith("vars.")}
        assert functions <= FUNCTIONS, expression
        assert properties - variables - {"vars"} - available(job) == set(), expression
        assert [name for name in variables if not VARIABLE.fullmatch(name.removeprefix("vars."))] == [], expression


@pytest.mark.parametrize("name", WORKFLOWS)
def test_names_outside_the_jobs_of_a_workflow_exist(name: str) -> None:
    outside = {key: value for key, value in WORKFLOWS[name].items() if key != "jobs"}
    known = available(Job(name, "", {}))
    for expression in expressions(outside):
        assert named(expression)[1] <= known


@pytest.mark.parametrize("stem", ["destroy", "rollback"])
def test_a_variable_looked_up_by_a_stacks_name_is_one_that_each_stack_has(stem: str) -> None:
    text = "".join(texts(WORKFLOWS[stem]))
    prefixes = set(re.findall(r"vars\[format\('(\w+)_\{0\}', inputs\.stack\)\]", text))
    assert text.count("vars[") == text.count("vars[format('")
    stacks = WORKFLOWS[stem]["on"]["workflow_dispatch"]["inputs"]["stack"]["options"]
    names = [f"{prefix}_{stack.upper()}" for prefix in prefixes for stack in stacks]
    assert prefixes == {"STATE", "DEPLOY_ROLE"}
    assert all(VARIABLE.fullmatch(name) for name in names)


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_no_script_contains_an_expression(block: Block) -> None:
    assert "${{" not in block.script


@pytest.mark.parametrize(
    ("expression", "functions", "properties"),
    [
        ("a.b == 'it''s c.d' && !e.f", set(), {"a.b", "e.f"}),
        ("contains(a.*.name, 'x') || true", {"contains"}, {"a.*.name"}),
        ("vars[format('S_{0}', inputs.stack)]", {"format"}, {"vars", "inputs.stack"}),
    ],
)
def test_expressions_are_read(expression: str, functions: set[str], properties: set[str]) -> None:
    assert named(expression) == (functions, properties)


def test_text_that_is_no_expression_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be read from"):
        named("a.b == $c")
