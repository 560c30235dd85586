"""`destroy`: delete a stack's resources; a cancelled run stops like an update."""

import json
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, stack_argument
from toolkit.engine.runs import StackRun, refuse_failed
from toolkit.refusals import refusals, say
from toolkit.stacks import load_stack_config
from toolkit.stacks.terminal import echo


def destroy(
    stack: Annotated[str, stack_argument("The stack to delete.")],
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it only print what would be deleted.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete every resource of a stack, unless one of them is protected. Exit 1 where a resource remains."""
    root = Path.cwd()
    with refusals():
        load_stack_config(stack, root)
        run = StackRun(stack, root, say)
        ended = run.destroy() if yes else run.destroy("--preview-only")
        refuse_failed(ended)
    if as_json:
        echo(json.dumps({"stack": stack, "deleted": yes, "operations": dict(ended.operations)}, indent=2))
    else:
        echo(f"{stack}: {len(ended.operations)} resources {'deleted' if yes else 'would be deleted'}")
