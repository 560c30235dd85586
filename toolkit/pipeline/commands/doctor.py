"""`doctor`: is everything set up that the pipeline needs."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from toolkit.pipeline.commands.arguments import stack_option
from toolkit.pipeline.commands.plan import AsJson
from toolkit.pipeline.commands.refusals import refusals, say
from toolkit.pipeline.doctor import account, github, machine
from toolkit.pipeline.doctor.check import Check, Examination, Patient
from toolkit.stacks.settings import load_stack_file
from toolkit.stacks.terminal import echo

EXAMINATIONS: tuple[Examination, ...] = (
    machine.cli,
    machine.stack_file,
    machine.package,
    account.backend,
    account.credentials,
    github.github,
)


def doctor(
    stack: Annotated[str, stack_option("The stack to look after.")] = "dev",
    as_json: AsJson = False,
) -> None:
    """Look for everything that the pipeline needs, each line with its fix. Exit 1 where something is missing."""
    with refusals():
        patient = _patient(stack, Path.cwd())
    checks: list[Check] = []
    with refusals():
        for check in (check for examine in EXAMINATIONS for check in examine(patient)):
            checks.append(check)
            if not as_json:
                _print(check)
    if as_json:
        echo(json.dumps({"stack": stack, "checks": [asdict(check) for check in checks]}, indent=2))
    lacking = sum(not check.ok for check in checks)
    if lacking:
        say(f"error: {lacking} of {len(checks)} things are missing for {stack}.", "red")
        raise typer.Exit(1)


def _print(check: Check) -> None:
    echo(f"{'ok     ' if check.ok else 'missing'}  {check.name}: {check.detail}")
    if check.fix:
        echo(f"         fix: {check.fix}")


def _patient(stack: str, root: Path) -> Patient:
    file = load_stack_file(stack, root)
    return Patient(stack, root, file.region, file.account_id, file.settings.permissions_boundary)
