"""`rehearsal plan|run|undo|report`: the first deployment to an AWS account and a repository."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from toolkit.arguments import AsJson, OutputsFile, command_group, stack_argument
from toolkit.pipeline.rehearsal.context import planned_context, real_context
from toolkit.pipeline.rehearsal.costs import prices_of
from toolkit.pipeline.rehearsal.model import Context, Step
from toolkit.pipeline.rehearsal.progress import Progress
from toolkit.pipeline.rehearsal.questions import QUESTIONS
from toolkit.pipeline.rehearsal.report import make_report
from toolkit.pipeline.rehearsal.runner import Ask, Rehearsal, show, wrapped
from toolkit.pipeline.rehearsal.steps import NAMES, STEPS
from toolkit.refusals import refusals, say
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.terminal import echo

rehearsal = command_group("The first deployment to an AWS account and a repository.", invoke_without_command=True)
Stack = Annotated[str, stack_argument("The stack to deploy; its environment must be dev.")]
Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing.")]


@rehearsal.callback()
def default(context: typer.Context) -> None:
    """Print the plan, unless a command follows."""
    if context.invoked_subcommand is None:
        plan()


@rehearsal.command()
def plan(stack: Stack = "dev", as_json: AsJson = False) -> None:
    """Print each step with its cost, its check and its undo. Needs no credentials and changes nothing."""
    root = Path.cwd()
    with refusals():
        context, prices = planned_context(stack, root), prices_of(stack, root)
    if as_json:
        echo(
            json.dumps(
                {
                    "stack": stack,
                    "steps": [_as_data(step, context) for step in STEPS],
                    "prices": {name: asdict(price) for name, price in prices.items()},
                },
                indent=2,
            )
        )
        return
    for step in STEPS:
        show(step, context, prices, echo)
    echo(f"\nTogether {sum(price.hourly for price in prices.values()):.3f} USD an hour until `rehearsal undo`.")
    echo(wrapped("Open questions that it answers: " + ", ".join(question.name for question in QUESTIONS)))


@rehearsal.command()
def run(
    stack: Stack = "dev",
    yes: Yes = False,
    start: Annotated[str | None, typer.Option("--from", metavar="STEP", help="Start at this step.")] = None,
    only: Annotated[str | None, typer.Option(metavar="STEP", help="This step alone.")] = None,
    outputs: OutputsFile = None,
) -> None:
    """Run the remaining steps, each after a confirmation. Exit 1 where one is declined, refused or fails."""
    root = Path.cwd()
    with refusals():
        context, progress = _begun(stack, root, outputs)
        steps = _chosen(progress, start, only)
        Rehearsal(context, progress, prices_of(stack, root), say, _asking(yes=yes)).run(steps)
        report = make_report(context, progress)
    echo(f"{len(report['differences'])} differences: build/rehearsal/report.md")
    echo(f"It costs money until it is undone: ./stack rehearsal undo {stack}")


@rehearsal.command()
def undo(stack: Stack = "dev", yes: Yes = False) -> None:
    """Undo the steps that the rehearsal did, the last one first; what existed before stays."""
    root = Path.cwd()
    with refusals():
        context, progress = _begun(stack, root, None)
        undone = Rehearsal(context, progress, prices_of(stack, root), say, _asking(yes=yes)).undo(STEPS)
    echo(f"undone: {', '.join(undone) or 'nothing'}")


@rehearsal.command()
def report(stack: Stack = "dev", as_json: AsJson = False) -> None:
    """Write build/rehearsal/report.md and report.json, which have no secrets and can be shared."""
    with refusals():
        context, progress = _begun(stack, Path.cwd(), None)
        if not progress.attempts:
            raise RefusedError(f"Nothing was rehearsed yet: ./stack rehearsal run {stack}")
        made = make_report(context, progress)
    if as_json:
        echo(json.dumps(made, indent=2))
    else:
        echo(f"build/rehearsal/report.md: {len(made['differences'])} differences")


def _begun(stack: str, root: Path, outputs: Path | None) -> tuple[Context, Progress]:
    context = real_context(stack, root, outputs)
    return context, Progress.read(context.folder / "progress.json", stack)


def _chosen(progress: Progress, start: str | None, only: str | None) -> Sequence[Step]:
    for name in filter(None, (start, only)):
        if name not in NAMES:
            raise RefusedError(f"There is no step {name!r}: the steps are {', '.join(NAMES)}.")
    if only:
        return [step for step in STEPS if step.name == only]
    if start:
        return STEPS[NAMES.index(start) :]
    return [step for step in STEPS if not progress.is_done(step.name)]


def _asking(*, yes: bool) -> Ask | None:
    return None if yes else (lambda question: typer.confirm(question, default=False, err=True))


def _as_data(step: Step, context: Context) -> dict[str, Any]:
    return {
        "name": step.name,
        "title": step.title,
        "does": step.does,
        "who": step.who,
        "costs": step.costs,
        "commands": [command.shown(context.facts) for command in step.commands],
        "undo": [command.shown(context.facts) for command in step.undo],
        "expected": step.expected,
    }
