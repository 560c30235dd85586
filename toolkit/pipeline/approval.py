"""`approval`: decide whether a run may change a stack, and find who approved it."""

import json
import os
from dataclasses import dataclass
from typing import Annotated, Self

import typer

from toolkit.arguments import AsJson, stack_argument
from toolkit.pipeline.github.client import GitHub, NotFoundError
from toolkit.pipeline.github.environments import DeploymentEnvironment
from toolkit.pipeline.github.responses import EnvironmentReview
from toolkit.refusals import refusals, say
from toolkit.stacks.errors import FileError, RefusedError, shown
from toolkit.stacks.json_documents import parse_json
from toolkit.stacks.terminal import echo

SET_UP = "see docs/pipeline.md, Approval of prod"


@dataclass(frozen=True)
class Run:
    """A run of a workflow: actor, event, and the repository's variables on approval."""

    event: str
    actor: str
    reviewers: str = ""
    approvers: str = ""

    @classmethod
    def of_environment(cls, stack: str) -> Self:
        """Return this run, with the variables that the workflow sets for a stack."""
        names = (
            "GITHUB_EVENT_NAME",
            "GITHUB_TRIGGERING_ACTOR",
            f"{stack.upper()}_REVIEWERS",
            f"{stack.upper()}_APPROVERS",
        )
        return cls(*(os.environ.get(name, "") for name in names))


@dataclass(frozen=True)
class Decision:
    """Whether a run may change the stack, and the reason in one sentence."""

    approved: bool
    reason: str


def decide(run: Run, stack: str, github: GitHub) -> Decision:
    """Return whether the run may change the stack.

    Raises RefusedError where the variables claim reviewers that the environment does not ask, or cannot be read.
    """
    if run.approvers:
        return _by_list(run, stack)
    if run.reviewers == "yes":
        require_reviewers(stack, github)
        return Decision(True, f"{stack} waits for a reviewer of the environment {stack}.")
    name = stack.upper()
    if run.reviewers not in ("", "no"):
        raise RefusedError(f"The variable {name}_REVIEWERS is {run.reviewers!r}: write yes, or remove it; {SET_UP}.")
    return Decision(
        False,
        f"{stack} is not changed, because no approval is set up: set {name}_REVIEWERS to yes where the environment "
        f"{stack} has required reviewers, else list in {name}_APPROVERS who may change {stack}; {SET_UP}.",
    )


def read_approvers(text: str, stack: str) -> list[str]:
    """Return the accounts of the variable that lists them. Raises RefusedError for anything but a list of names."""
    try:
        names = parse_json(text, "the variable")
    except FileError:
        names = None
    if not isinstance(names, list) or not names or not all(isinstance(n, str) and n for n in names):
        raise RefusedError(
            f"The variable {stack.upper()}_APPROVERS is {shown(text)}: write a JSON list of accounts on "
            'GitHub, such as ["ana", "ben"].'
        )
    return names


def require_reviewers(stack: str, github: GitHub) -> None:
    """Raise RefusedError where the environment of the stack is missing or has no required reviewers."""
    claim = f"{stack.upper()}_REVIEWERS is yes, but"
    try:
        environment = DeploymentEnvironment(github, stack)
    except NotFoundError:
        raise RefusedError(f"{claim} there is no environment {stack}, or the token may not see it; {SET_UP}.") from None
    if not environment.asks_reviewers:
        raise RefusedError(
            f"{claim} the environment {stack} has no required reviewers, so {stack} would not wait: add them, or "
            f"remove the variable; {SET_UP}."
        )


def _by_list(run: Run, stack: str) -> Decision:
    names, variable = read_approvers(run.approvers, stack), f"{stack.upper()}_APPROVERS"
    if run.event == "workflow_dispatch" and run.actor.lower() in {name.lower() for name in names}:
        return Decision(True, f"{stack} may be changed: {run.actor}, who started this run, is on the list {variable}.")
    return Decision(
        False, f"{stack} is not changed: one of {', '.join(names)} ({variable}) has to start this workflow by hand."
    )


def approver_of(run: Run, run_id: str, stack: str, github: GitHub) -> str:
    """Return who approved the deployment of a stack, as text. Raises GitHubError, or RefusedError for a bad list.

    https://docs.github.com/en/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run, read 2026-11-30
    """
    reviews = github.all(f"/actions/runs/{run_id}/approvals", EnvironmentReview)
    approved = [
        review.user.login if review.user else "a deleted account"
        for review in reviews
        if review.state == "approved" and any(one.name == stack for one in review.environments)
    ]
    if approved:
        return ", ".join(dict.fromkeys(approved))
    if run.approvers and run.actor.lower() in {name.lower() for name in read_approvers(run.approvers, stack)}:
        return f"{run.actor}, who started the run"
    return f"no person: {stack} requires no approval"


def approval(
    stack: Annotated[str, stack_argument("The stack that is changed with approval.")] = "prod",
    required: Annotated[bool, typer.Option("--required", help="Exit 1 unless this run may change the stack.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show whether this run of a workflow may change the stack, and why.

    Exit 1 where a variable claims reviewers that the environment on GitHub does not have.
    """
    with refusals():
        decision = decide(Run.of_environment(stack), stack, GitHub.of_environment(say))
        if required and not decision.approved:
            raise RefusedError(decision.reason)
        data = {"stack": stack, "approved": decision.approved, "reason": decision.reason}
        echo(json.dumps(data) if as_json else decision.reason)
