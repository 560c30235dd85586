"""`canary`: the new version's way to callers, where the stack delivers gradually."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.refusals import refusals, say
from pipeline.release.delivery import Delivered
from pipeline.release.stack import ReleasedStack


def deliver(stack: str, root: Path, tell: Callable[[str], object], pause: float = 5.0) -> Delivered | None:
    """Bring callers to the version that was deployed last; None where an update alone does that.

    Asks after every `pause` seconds. Raises RefusedError where the delivery went back.
    """
    released = ReleasedStack.of(stack, root)
    if released.delivery is None:
        return None
    return released.delivery.deliver(released.alias, released.outputs["function_version"], tell, pause)


def canary(
    stack: Annotated[str, typer.Option(help="The stack whose deployed version goes to its callers.")],
    pause: Annotated[float, typer.Option(min=0.1, max=60, help="Seconds between two questions.")] = 5.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Deliver the deployed version: a tenth of the calls, then all; exit 1 where they were brought back."""
    with refusals():
        delivered = deliver(stack, Path.cwd(), say, pause)
    if as_json:
        typer.echo(json.dumps(asdict(delivered) if delivered else None))
    else:
        typer.echo(_line(stack, delivered))


def _line(stack: str, delivered: Delivered | None) -> str:
    if delivered is None:
        return f"{stack} delivers all at once: nothing is left to do."
    if delivered.deployment is None:
        return f"{stack} serves version {delivered.after} already."
    return f"{stack}: version {delivered.before} → {delivered.after} in {delivered.seconds:.1f} s"
