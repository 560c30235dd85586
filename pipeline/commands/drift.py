"""`drift`: whether the cloud is still what was deployed."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.drift_publish import publish_drifts
from pipeline.commands.plan import AsJson
from pipeline.commands.refusals import refusals, say
from pipeline.deployment.drift import UnderWayError, find_drift

drift = typer.Typer(invoke_without_command=True)
drift.command("publish")(publish_drifts)


@drift.callback()
def compare(
    context: typer.Context,
    stack: Annotated[str | None, typer.Option(help="The stack to look at.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare a stack's state and released code with the cloud, into build/drift/STACK.json; writes no state.

    Exit 1 where something drifted or the comparison failed; 0, without a file, while the stack is being changed.
    """
    if context.invoked_subcommand:
        return
    if stack is None:
        raise typer.BadParameter("it is missing: name the stack to look at, such as --stack dev.", param_hint="--stack")
    root = Path.cwd()
    file = root / "build" / "drift" / f"{stack}.json"
    file.unlink(missing_ok=True)
    try:
        with refusals():
            findings = find_drift(stack, root, say)
    except UnderWayError as reason:
        typer.echo(json.dumps({"stack": stack, "skipped": str(reason)}) if as_json else f"not compared: {reason}")
        return
    result = {"stack": stack, "clean": not findings, "findings": [asdict(finding) for finding in findings]}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result, indent=2) + "\n")
    if as_json:
        typer.echo(json.dumps(result, indent=2))
    else:
        typer.echo(f"{stack}: {f'{len(findings)} findings' if findings else 'clean'}")
        for finding in findings:
            name = finding.urn.rpartition("::")[2]
            typer.echo(f"  {finding.kind} {name} {finding.detail or ', '.join(finding.properties)}".rstrip())
    raise typer.Exit(int(bool(findings)))
