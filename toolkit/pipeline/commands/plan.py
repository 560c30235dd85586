"""`plan`: save the steps of the next update of a stack, bound to their inputs."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, stack_argument
from toolkit.pipeline.deploy.plan import make_plan
from toolkit.refusals import refusals, say
from toolkit.stacks.terminal import echo

AllowDanger = Annotated[
    list[str] | None,
    typer.Option("--allow-danger", metavar="URN", help="Accept the data loss of this resource; repeatable."),
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
    allow_danger: AllowDanger = None,
    allow_older: AllowOlder = False,
    as_json: AsJson = False,
) -> None:
    """Write build/plan/STACK: the steps of the next update, and the digests of their inputs.

    Exit 1 where a newer commit is deployed, the preview fails, a policy is violated, or data loss is not accepted.
    """
    with refusals():
        manifest = make_plan(stack, Path.cwd(), allow_danger or (), say, allow_older=allow_older)
    if as_json:
        echo(json.dumps(asdict(manifest), indent=2))
        return
    counts = Counter(manifest.operations.values())
    nothing = "other outputs" if manifest.changes else "no changes"
    steps = ", ".join(f"{count} to {operation}" for operation, count in sorted(counts.items())) or nothing
    echo(f"build/plan/{stack}: {steps}, plan {manifest.plan_sha256[:12]}, package {manifest.package_sha256[:12]}")
