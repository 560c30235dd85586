"""`rollback`: return callers to the previous version."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, OutputsFile, stack_argument
from toolkit.pipeline.deploy.commands import canary_result
from toolkit.pipeline.deploy.released_stack import ReleasedStack
from toolkit.pipeline.deploy.version_history import History
from toolkit.pipeline.rollback.redeploy import redeploy
from toolkit.pipeline.rollback.rollback import RolledBack, roll_back, version_before
from toolkit.pipeline.settings_and_outputs import outputs_of
from toolkit.refusals import refusals, say
from toolkit.stacks.settings import load_stack_file
from toolkit.stacks.terminal import echo


def rollback(
    stack: Annotated[str, stack_argument("The stack to roll back.")],
    to: Annotated[str | None, typer.Option(help="The version; by default the previous one.")] = None,
    outputs: OutputsFile = None,
    again: Annotated[
        bool, typer.Option("--redeploy", help="Then plan and deploy the package of that version again.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print the version.")] = False,
    as_json: AsJson = False,
) -> None:
    """Point the alias to the previous version, stop a running canary deployment, and check the answer."""
    root = Path.cwd()
    with refusals():
        file, history = load_stack_file(stack, root), History(root, stack)
        released = ReleasedStack.of(file, outputs_of(stack, root, outputs))
        target = version_before(released, history, to)
        if dry_run:
            now = released.alias.routing().version
            planned = {"stack": stack, "from_version": now, "to_version": target}
            echo(json.dumps(planned) if as_json else f"{stack} would go back from version {now} to {target}.")
            return
        done = roll_back(stack, released, history, target)
        echo(json.dumps(asdict(done), indent=2) if as_json else _rollback_result(done))
        if again:
            say(canary_result(stack, redeploy(file, root, released, done.to_version, say)))
        else:
            say(
                f"The program still deploys the code of version {done.from_version}: revert its commit, or deploy "
                f"what serves: ./stack rollback {stack} --to {done.to_version} --redeploy"
            )


def _rollback_result(done: RolledBack) -> str:
    stopped = f" (canary deployment {done.stopped_deployment} stopped)" if done.stopped_deployment else ""
    if done.from_version == done.to_version:
        return f"{done.stack} serves version {done.to_version} already, and {done.serves} answers"
    return (
        f"{done.stack}: version {done.from_version} → {done.to_version}{stopped}; the alias moved in "
        f"{done.alias_seconds:.1f} s, {done.serves} answers after {done.seconds:.1f} s"
    )
