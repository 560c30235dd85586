"""`approval`: who approves a change of a stack, and whether the repository is set up for it."""

import os
from typing import Annotated

import typer

from toolkit.pipeline.approval import Run, decide
from toolkit.pipeline.commands.arguments import stack_option
from toolkit.pipeline.commands.refusals import refusals, say
from toolkit.pipeline.github.client import GitHub
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.terminal import echo


def approval(
    stack: Annotated[str, stack_option("The stack that is changed with approval.")] = "prod",
    required: Annotated[bool, typer.Option("--required", help="Exit 1 unless this run may change the stack.")] = False,
) -> None:
    """Say whether this run of a workflow may change the stack, and why.

    Exit 1 where a variable claims reviewers that the environment on GitHub does not ask.
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
        echo(decision.reason)
