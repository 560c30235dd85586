"""`rollback`: callers go back to the version before."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.refusals import refusals
from pipeline.release.rollback import RolledBack, left_versions, record_path, roll_back, version_before
from pipeline.release.stack import ReleasedStack


def send_back(stack: str, root: Path, to: str | None = None, url: str | None = None) -> RolledBack:
    """Send the callers of a stack back to version `to`, or to the one before; raises RefusedError."""
    released, record = ReleasedStack.of(stack, root), record_path(root, stack)
    target = version_before(released.alias, released.delivery, left_versions(record), to)
    return roll_back(stack, released.alias, released.delivery, target, url or released.url, record)


def rollback(
    stack: Annotated[str, typer.Option(help="The stack whose callers go back.")],
    to: Annotated[str | None, typer.Option(help="The version; by default the one that callers reached before.")] = None,
    url: Annotated[str | None, typer.Option(help="Where the API answers, in the place of the stack's own.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which version it would be.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Move the alias back at once, stopping a delivery that runs, and see that the old version answers."""
    root = Path.cwd()
    with refusals():
        if dry_run:
            released = ReleasedStack.of(stack, root)
            target = version_before(released.alias, released.delivery, left_versions(record_path(root, stack)), to)
            typer.echo(f"{stack} would go back from version {released.alias.pointing().version} to {target}.")
            return
        done = send_back(stack, root, to, url)
    typer.echo(json.dumps(asdict(done), indent=2) if as_json else _words(done))


def _words(done: RolledBack) -> str:
    stopped = f" (delivery {done.stopped_delivery} stopped)" if done.stopped_delivery else ""
    return (
        f"{done.stack}: version {done.from_version} → {done.to_version}{stopped}; the alias moved in "
        f"{done.alias_seconds:.1f} s, {done.serves} answers after {done.seconds:.1f} s.\n"
        f"The code of {done.from_version} is still what the program deploys: revert its commit, then "
        f"python -m pipeline package --stack {done.stack}, plan and deploy."
    )
