"""`changes`: what an update of one stack would change."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, any_stack_argument
from toolkit.pipeline.preview.engine import preview_by_engine
from toolkit.pipeline.preview.model import Preview, PreviewError, write
from toolkit.pipeline.preview.model import as_json as preview_as_json
from toolkit.pipeline.preview.offline import compared_with, preview_offline
from toolkit.policy.pack import configured_pack
from toolkit.projects import stack_names
from toolkit.refusals import progress, refusals
from toolkit.stacks.errors import RefusedError, shown
from toolkit.stacks.files import output_folder
from toolkit.stacks.terminal import echo

FOLDER = Path("build", "preview")
Base = Annotated[
    str | None,
    typer.Option(help="The commit to compare with; by default the merge base with origin/main or main."),
]


def changes(
    stack: Annotated[str, any_stack_argument("The stack; bootstrap/STACK is a stack of the bootstrap program.")],
    offline: Annotated[bool, typer.Option("--offline", help="From files only: no engine, no credentials.")] = False,
    base: Base = None,
    as_json: AsJson = False,
) -> None:
    """Show what an update of a stack would change, and write it to build/preview/STACK.json.

    Exit 1 where the update is blocked or its preview fails.
    """
    root = Path.cwd()
    with refusals(RefusedError):
        if stack not in set(stack_names(root)):
            raise PreviewError(f"There is no stack {shown(stack)}: the stacks are {', '.join(stack_names(root))}.")
        output_folder(root, FOLDER)
        with progress(f"Previewing {stack}"):
            made = _preview(root, stack, base, offline)
        path = write(made, root / FOLDER)
    echo(preview_as_json(made) if as_json else f"{path.relative_to(root)}: {line(made)}")
    if made.status != "ok":
        raise typer.Exit(1)


def _preview(root: Path, stack: str, base: str | None, offline: bool) -> Preview:
    with compared_with(root, base) as against:
        made = preview_offline(stack, against, root / FOLDER, configured_pack())
    return made if offline or made.status == "failed" else preview_by_engine(made, root)


def line(preview: Preview) -> str:
    """Return one stack as one line for a terminal."""
    if preview.status == "failed":
        return f"failed: {preview.error}"
    counts = Counter(change.operation for change in preview.changes)
    moved = ", ".join(f"{count} to {operation}" for operation, count in counts.items()) or "no changes"
    blocks = sum(finding.blocks for finding in preview.policies)
    return (
        f"{f'blocked by {blocks} findings, ' if blocks else ''}{moved}{''.join(f'; {note}' for note in preview.notes)}"
    )
