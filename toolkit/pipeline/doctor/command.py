"""`doctor`: check the set-up that the pipeline needs."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, stack_argument
from toolkit.pipeline.doctor import aws, first_time, github, machine
from toolkit.pipeline.doctor.model import Check, CheckResult, Target
from toolkit.refusals import refusals, say
from toolkit.stacks.settings import load_stack_file
from toolkit.stacks.terminal import echo

CHECKS: tuple[Check, ...] = (
    machine.cli,
    machine.stack_file,
    machine.package,
    machine.licence,
    aws.backend,
    aws.credentials,
    github.github,
)


FIRST_TIME: tuple[Check, ...] = (
    machine.cli,
    first_time.plugin,
    machine.stack_file,
    first_time.examples,
    aws.credentials,
    first_time.names,
)
"""What must be right before anything is created."""


def doctor(
    stack: Annotated[str, stack_argument("The stack to check.")] = "dev",
    first: Annotated[
        bool, typer.Option("--first-time", help="Check what must be right before anything is created, and only that.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check everything that the pipeline needs, and print the fix of what is missing. Exit 1 where something is."""
    with refusals():
        target = _target(stack, Path.cwd())
    checks: list[CheckResult] = []
    with refusals():
        for check in (check for check_of in (FIRST_TIME if first else CHECKS) for check in check_of(target)):
            checks.append(check)
            if not as_json:
                _print(check)
    if as_json:
        echo(json.dumps({"stack": stack, "checks": [asdict(check) for check in checks]}, indent=2))
    missing = sum(not check.ok for check in checks)
    if missing:
        say(f"error: {missing} of {len(checks)} things are missing for {stack}.", "red")
        raise typer.Exit(1)


def _print(check: CheckResult) -> None:
    echo(f"{'ok     ' if check.ok else 'missing'}  {check.name}: {check.detail}")
    if check.fix:
        echo(f"         fix: {check.fix}")


def _target(stack: str, root: Path) -> Target:
    file = load_stack_file(stack, root)
    return Target(stack, root, file.region, file.account_id, file.settings.permissions_boundary)
