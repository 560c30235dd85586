"""`canary`: finish the canary deployment of a deployed version after an interruption."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, stack_argument
from toolkit.pipeline.deploy.canary import MovedCallers
from toolkit.pipeline.deploy.new_version import move_callers, version_now
from toolkit.pipeline.settings_and_outputs import outputs_of
from toolkit.refusals import refusals, say
from toolkit.stacks.terminal import echo


def canary(
    stack: Annotated[str, stack_argument("The stack with the deployed version.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print the version.")] = False,
    as_json: AsJson = False,
) -> None:
    """Shift calls to the deployed version: first a tenth, then all. `deploy` does this itself.

    Exit 1 where an alarm or a stop rolled the deployment back.
    """
    root = Path.cwd()
    with refusals():
        outputs, before = outputs_of(stack, root), version_now(stack, root)
        if dry_run:
            after = outputs.get("function_version")
            planned = {"stack": stack, "before": before, "after": after}
            echo(json.dumps(planned) if as_json else f"{stack} would go from version {before} to {after}.")
            return
        moved = move_callers(stack, root, outputs, before, say)
    echo(json.dumps(asdict(moved)) if as_json else words(stack, moved))


def words(stack: str, moved: MovedCallers) -> str:
    """Return a canary deployment in one line."""
    if moved.before == moved.after:
        return f"{stack} serves version {moved.after} already."
    if moved.deployment is None:
        return f"{stack}: version {moved.before} → {moved.after}, all at once"
    return f"{stack}: version {moved.before} → {moved.after} by {moved.deployment}, {moved.seconds:.0f} s"
