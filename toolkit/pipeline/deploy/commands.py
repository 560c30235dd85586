"""`plan`, `deploy` and `canary`: save the steps of an update, apply them, and finish a canary deployment."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, path_option, stack_argument
from toolkit.pipeline.deploy.apply import DeployRequest, apply_plan
from toolkit.pipeline.deploy.canary import MovedCallers
from toolkit.pipeline.deploy.plan import make_plan
from toolkit.pipeline.deploy.released_stack import move_callers, version_now
from toolkit.pipeline.settings_and_outputs import outputs_of
from toolkit.refusals import refusals, say
from toolkit.stacks.settings import load_stack_file
from toolkit.stacks.terminal import echo

AllowDataLoss = Annotated[
    list[str] | None,
    typer.Option("--allow-data-loss", metavar="URN", help="Accept the data loss of this resource; repeatable."),
]
AllowOlder = Annotated[
    bool,
    typer.Option(
        "--allow-older",
        help="Also where a newer commit is deployed, or the state's history does not show which is newer.",
    ),
]


def plan(
    stack: Annotated[str, stack_argument("The stack to update.")],
    allow_data_loss: AllowDataLoss = None,
    allow_older: AllowOlder = False,
    as_json: AsJson = False,
) -> None:
    """Write build/plan/STACK: the steps of the next update, and the digests of their inputs.

    Exit 1 where a newer commit is deployed, the preview fails, a policy is violated, or data loss is not accepted.
    """
    with refusals():
        root = Path.cwd()
        manifest = make_plan(load_stack_file(stack, root), root, allow_data_loss or (), say, allow_older=allow_older)
    if as_json:
        echo(json.dumps(asdict(manifest), indent=2))
        return
    counts = Counter(manifest.operations.values())
    nothing = "other outputs" if manifest.changes else "no changes"
    steps = ", ".join(f"{count} to {operation}" for operation, count in sorted(counts.items())) or nothing
    echo(f"build/plan/{stack}: {steps}, plan {manifest.plan_sha256[:12]}, package {manifest.package_sha256[:12]}")


def deploy(
    stack: Annotated[str, stack_argument("The stack to update.")],
    plan: Annotated[Path | None, path_option("The plan's folder; by default build/plan/STACK.")] = None,
    allow_data_loss: AllowDataLoss = None,
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
    folder = plan or root / "build" / "plan" / stack
    with refusals():
        file = load_stack_file(stack, root)
        request = DeployRequest(file, folder, allow_data_loss or (), dry_run, allow_older)
        before = None if dry_run else version_now(file, root)
        result = apply_plan(request, root, say)
        if not dry_run:
            say(canary_result(stack, move_callers(file, root, result["outputs"], before, say)))
    if as_json:
        echo(json.dumps(result, indent=2))
        return
    done = "would be deployed" if dry_run else "is deployed"
    echo(f"{stack} {done}: {len(result['operations'])} changes, package {result['package_sha256'][:12]}")
    for name, value in result["outputs"].items():
        echo(f"  {name}: {value}")


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
        file, outputs = load_stack_file(stack, root), outputs_of(stack, root)
        before = version_now(file, root)
        if dry_run:
            after = outputs.get("function_version")
            planned = {"stack": stack, "before": before, "after": after}
            echo(json.dumps(planned) if as_json else f"{stack} would go from version {before} to {after}.")
            return
        moved = move_callers(file, root, outputs, before, say)
    echo(json.dumps(asdict(moved)) if as_json else canary_result(stack, moved))


def canary_result(stack: str, moved: MovedCallers) -> str:
    """Return a canary deployment in one line."""
    if moved.before == moved.after:
        return f"{stack} serves version {moved.after} already."
    if moved.deployment is None:
        return f"{stack}: version {moved.before} → {moved.after}, all at once"
    return f"{stack}: version {moved.before} → {moved.after} by {moved.deployment}, {moved.seconds:.0f} s"
