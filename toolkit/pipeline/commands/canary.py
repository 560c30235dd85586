"""`canary`: the way of a deployed version to its callers, where that was broken off."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, stack_argument
from toolkit.pipeline.release.delivery import Delivered
from toolkit.pipeline.release.forward import deliver, version_now
from toolkit.pipeline.stack_facts import outputs_of
from toolkit.refusals import refusals, say
from toolkit.stacks.terminal import echo


def canary(
    stack: Annotated[str, stack_argument("The stack whose deployed version goes to its callers.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which version it would be.")] = False,
    as_json: AsJson = False,
) -> None:
    """Deliver what `deploy` put there: a tenth of the calls, then all; `deploy` itself does this, too.

    Exit 1 where an alarm or a stop brought the callers back.
    """
    root = Path.cwd()
    with refusals():
        outputs, before = outputs_of(stack, root), version_now(stack, root)
        if dry_run:
            after = outputs.get("function_version")
            planned = {"stack": stack, "before": before, "after": after}
            echo(json.dumps(planned) if as_json else f"{stack} would go from version {before} to {after}.")
            return
        delivered = deliver(stack, root, outputs, before, say)
    echo(json.dumps(asdict(delivered)) if as_json else words(stack, delivered))


def words(stack: str, delivered: Delivered) -> str:
    """A delivery in one line."""
    if delivered.before == delivered.after:
        return f"{stack} serves version {delivered.after} already."
    if delivered.deployment is None:
        return f"{stack}: version {delivered.before} → {delivered.after}, all at once"
    return (
        f"{stack}: version {delivered.before} → {delivered.after} by {delivered.deployment}, {delivered.seconds:.0f} s"
    )
