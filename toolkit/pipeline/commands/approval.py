"""`approval`: the approvers of a stack, and whether the repository is set up for approval."""

import json
import os
from typing import Annotated

import typer

from toolkit.arguments import AsJson, stack_argument
from toolkit.pipeline.approval import Run, decide
from toolkit.pipeline.github.client import GitHub
from toolkit.refusals import refusals, say
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.terminal import echo


def approval(
    stack: Annotated[str, stack_argument("The stack that is changed with approval.")] = "prod",
    required: Annotated[bool, typer.Option("--required", help="Exit 1 unless this run may change the stack.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show whether this run of a workflow may change the stack, and why.

    Exit 1 where a variable claims reviewers that the environment on GitHub does not have.
    """
    name = stack.upper()
    with refusals():
        run = Run(
            event=os.environ.get("GITHUB_EVENT_NAME", ""),
            actor=os.environ.get("GITHUB_TRIGGERING_ACTOR", ""),
            reviewers=os.environ.get(f"{name}_REVIEWERS", ""),
            approvers=os.environ.get(f"{name}_APPROVERS", ""),
        )
        decision = decide(run, stack, GitHub.of_environment(say))
        if required and not decision.approved:
            raise RefusedError(decision.reason)
        data = {"stack": stack, "approved": decision.approved, "reason": decision.reason}
        echo(json.dumps(data) if as_json else decision.reason)
