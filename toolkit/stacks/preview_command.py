"""`preview`: the resources of a stack, without an engine, a network or credentials."""

import logging
from pathlib import Path
from typing import Annotated

from toolkit.arguments import AsJson, any_stack_argument
from toolkit.projects import place_of
from toolkit.refusals import progress, refusals
from toolkit.stacks import evaluate
from toolkit.stacks.preview import as_json as graph_as_json
from toolkit.stacks.preview import print_tree
from toolkit.stacks.terminal import echo


def preview(
    stack: Annotated[str, any_stack_argument("dev is the stack of Pulumi.dev.yaml.")], as_json: AsJson = False
) -> None:
    """Show the resources of a stack as a tree, evaluated offline."""
    name, folder = place_of(stack, Path.cwd())
    with refusals(), progress(f"Evaluating {stack}"):
        logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING)
        graph = evaluate(name, root=folder)
    if as_json:
        echo(graph_as_json(graph, folder))
    else:
        print_tree(graph)
