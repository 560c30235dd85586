"""`preview`: the resources of a stack, without an engine, a network or credentials."""

import logging
from pathlib import Path
from typing import Annotated

from toolkit.arguments import AsJson, any_stack_argument
from toolkit.projects import place_of
from toolkit.refusals import refusals
from toolkit.stacks import evaluate
from toolkit.stacks.preview import as_json as graph_as_json
from toolkit.stacks.preview import print_tree


def preview(
    stack: Annotated[str, any_stack_argument("dev is the stack of Pulumi.dev.yaml.")], as_json: AsJson = False
) -> None:
    """Show the resources of a stack as a tree, evaluated offline."""
    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING)
    name, folder = place_of(stack, Path.cwd())
    with refusals():
        graph = evaluate(name, root=folder)
    if as_json:
        print(graph_as_json(graph, folder))  # noqa: T201 - JSON escapes what a terminal would obey
    else:
        print_tree(graph)
