"""`approval`: who approves a deployment, and whether the repository is set up for it."""

import os
from typing import Annotated

import typer

from pipeline.approval import Run, decide
from pipeline.commands.refusals import refusals
from pipeline.github import GitHub


def approval(stack: Annotated[str, typer.Option(help="The stack that is deployed with approval.")] = "prod") -> None:
    """Say whether this run of a workflow deploys the stack or only plans it, and why.

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
        typer.echo(decide(run, stack, GitHub.of_environment()))
