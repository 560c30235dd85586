"""`deploy`: apply a plan."""

import json
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, path_option, stack_argument
from toolkit.pipeline.commands.canary import words
from toolkit.pipeline.commands.plan import AllowDanger, AllowOlder
from toolkit.pipeline.deploy.apply import DeployRequest
from toolkit.pipeline.deploy.apply import deploy as carry_out
from toolkit.pipeline.deploy.new_version import move_callers, version_now
from toolkit.refusals import refusals, say
from toolkit.stacks.terminal import echo


def deploy(
    stack: Annotated[str, stack_argument("The stack to update.")],
    plan: Annotated[Path | None, path_option("The plan's folder; by default build/plan/STACK.")] = None,
    allow_danger: AllowDanger = None,
    allow_older: AllowOlder = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Update a stack as planned and write its outputs to build/deploy/STACK.json, without secrets.

    Its callers go to the new version, gradually where the stack says so. Exit 1 where commit, stack file, package,
    state or steps are no longer what was planned, a newer commit is deployed, the update failed, or an alarm brought
    the callers back.
    """
    root = Path.cwd()
    request = DeployRequest(stack, plan or root / "build" / "plan" / stack, allow_danger or (), dry_run, allow_older)
    with refusals():
        before = None if dry_run else version_now(stack, root)
        result = carry_out(request, root, say)
        if not dry_run:
            say(words(stack, move_callers(stack, root, result["outputs"], before, say)))
    if as_json:
        echo(json.dumps(result, indent=2))
        return
    done = "would be deployed" if dry_run else "is deployed"
    echo(f"{stack} {done}: {len(result['operations'])} changes, package {result['package_sha256'][:12]}")
    for name, value in result["outputs"].items():
        echo(f"  {name}: {value}")
