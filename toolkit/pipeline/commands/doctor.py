"""`doctor`: is everything set up that the pipeline needs."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from toolkit.arguments import AsJson, stack_argument
from toolkit.pipeline.doctor import account, github, machine
from toolkit.pipeline.doctor.check import Check, Examination, Patient
from toolkit.refusals import refusals, say
from toolkit.stacks import load_stack_config
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
    stack: Annotated[str, stack_argument("The stack to look after.")] = "dev",
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
    config = load_stack_config(stack, root)
    settings: Any = config.get("items-api:settings")
    known = settings if isinstance(settings, Mapping) else {}
    return Patient(
        stack, root, str(config.get("aws:region")), str(known.get("account-id")), known.get("permissions-boundary")
    )
