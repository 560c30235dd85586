"""A job's token opens the role that the job takes, no other one, and only as this repository's and on its branch."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from tests.support.github_tokens import MAIN, Token, assumable_roles
from tests.workflows.workflow_files import JOBS, WORKFLOWS, Job

STACKS = ("dev", "staging", "prod")
PULL_REQUEST = "refs/pull/7/merge"
REVIEWS = {"review-stack": "deploy-review", "review-cleanup": "destroy-review"}


@dataclass(frozen=True)
class Taking:
    """One job that takes one role for one stack, with the token it has on an event."""

    job: Job
    role: str
    stack: str
    token: Token

    def __str__(self) -> str:
        return f"{self.job} for {self.stack} at {self.token.ref}"


def role_written(job: Job) -> str | None:
    """What stands where the job says which role it takes."""
    steps = [step for step in job.steps if "configure-aws-credentials" in step.get("uses", "")]
    return steps[0]["with"]["role-to-assume"] if steps else None


def role_of(job: Job, stack: str) -> str:
    """The variable that it comes to for a stack, followed through what calls the workflow and through the matrix."""
    written = role_written(job) or ""
    if written == "${{ matrix.role }}":
        rows = job.content["strategy"]["matrix"]["include"]
        (written,) = (row["role"] for row in rows if row["stack"] == stack)
    if called := re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", written):
        written = WORKFLOWS["deploy"]["jobs"][stack]["with"][called[1]]
    written = written.replace("vars[format('DEPLOY_ROLE_{0}', inputs.stack)]", f"vars.DEPLOY_ROLE_{stack.upper()}")
    return written.removeprefix("${{ vars.").removesuffix(" }}")


def refs(job: Job) -> set[str]:
    """Where its runs are: on a pull request, or on main."""
    events = set(WORKFLOWS[job.workflow]["on"]) - {"merge_group"}  # in which no job takes a role, as a test below holds
    return ({PULL_REQUEST} if "pull_request" in events else set()) | ({MAIN} if events - {"pull_request"} else set())


def token(job: Job, stack: str, ref: str) -> Token:
    if job.environment:
        environment = job.environment.replace("${{ inputs.stack }}", stack)
        return Token(f"environment:{environment}", ref, environment)
    return Token("pull_request" if ref == PULL_REQUEST else f"ref:{ref}", ref)


def takings() -> Iterator[Taking]:
    for job in (job for job in JOBS if role_written(job) and job.workflow not in REVIEWS):  # they are below
        for stack in STACKS if str(job) != "pull-request/preview" else ("dev",):
            for ref in refs(job):
                yield Taking(job, role_of(job, stack), stack, token(job, stack, ref))


TAKINGS = list(takings())
NAMES = {"PREVIEW_ROLE": "preview", "PLAN_ROLE": "plan", "DEPLOY_ROLE": "deploy"}


def test_merge_queue_takes_no_role() -> None:
    """Its token names its own branch, so the one job that could ask for a role is for pull requests only."""
    queues = [job for job in JOBS if "merge_group" in WORKFLOWS[job.workflow]["on"]]
    takers = [job for job in queues if role_written(job)]
    assert [(str(job), "pull_request.head.repo.full_name ==" in job.content["if"]) for job in takers] == [
        ("pull-request/preview", True)
    ]
    ref = "refs/heads/gh-readonly-queue/main/pr-7-0123456789abcdef0123456789abcdef01234567"
    queued = Token(f"ref:{ref}", ref)
    for immutable in (False, True):
        assert assumable_roles(queued, "dev", ("preview", "plan", "deploy-dev"), immutable=immutable) == set()


def test_every_job_with_a_role_is_tested() -> None:
    assert {str(taking.job) for taking in TAKINGS} == {
        *("deploy-stack/deploy", "deploy-stack/plan", "destroy/destroy", "drift/drift"),
        *("pull-request/preview", "rollback/roll-back"),
    }


@pytest.mark.parametrize("immutable", [False, True], ids=["classic", "immutable"])
@pytest.mark.parametrize("taking", TAKINGS, ids=str)
def test_token_of_a_job_is_trusted_by_its_role_and_no_other(taking: Taking, immutable: bool) -> None:
    kind, _, stack = taking.role.rpartition("_")
    role = NAMES[kind] + (f"-{taking.stack}" if kind == "DEPLOY_ROLE" else "")
    roles = ("preview", "plan", f"deploy-{taking.stack}")

    assert stack.lower() == taking.stack
    assert assumable_roles(taking.token, taking.stack, roles, immutable=immutable) == {role}


@pytest.mark.parametrize("taking", TAKINGS, ids=str)
def test_same_job_of_a_fork_or_another_branch_takes_no_role(taking: Taking) -> None:
    roles = ("preview", "plan", f"deploy-{taking.stack}")
    theirs = [replace(taking.token, repository="another/items-api", numbers=(3, 4))]
    if taking.token.ref == MAIN:
        context = taking.token.context.replace(MAIN, "refs/heads/feature")
        theirs.append(replace(taking.token, ref="refs/heads/feature", context=context))
    for other in theirs:
        assert assumable_roles(other, taking.stack, roles, immutable=True) == set()
        assert assumable_roles(other, taking.stack, roles, immutable=False) == set()


@pytest.mark.parametrize("taking", [each for each in TAKINGS if each.token.environment], ids=str)
def test_job_of_one_stack_takes_no_role_of_another(taking: Taking) -> None:
    for other in set(STACKS) - {taking.stack}:
        assert assumable_roles(taking.token, other, ("preview", "plan", f"deploy-{other}"), immutable=True) == set()


@pytest.mark.parametrize("immutable", [False, True], ids=["classic", "immutable"])
def test_jobs_of_reviews_take_their_own_role_only(immutable: bool) -> None:
    jobs = [job for job in JOBS if job.workflow in REVIEWS and role_written(job)]
    assert {str(job) for job in jobs} == {"review-stack/up", "review-cleanup/down", "review-cleanup/sweep"}
    for job in jobs:
        role = REVIEWS[job.workflow]
        assert role_written(job) == f"${{{{ vars.{role.replace('-', '_ROLE_').upper()} }}}}"
        for ref in refs(job):
            assert assumable_roles(token(job, "review", ref), "review", REVIEWS.values(), immutable=immutable) == {role}
