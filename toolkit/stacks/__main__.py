"""`python -m toolkit.stacks preview STACK`: what a stack is made of, without an engine, a network or credentials."""

import argparse
import logging
import sys
from pathlib import Path

from toolkit.stacks.entry_point import run
from toolkit.stacks.errors import EvaluationError
from toolkit.stacks.evaluation import evaluate
from toolkit.stacks.preview import as_json, print_tree
from toolkit.stacks.terminal import echo


def main(arguments: list[str]) -> int:
    """Print the preview; 1 and one sentence where there is none."""
    parser = argparse.ArgumentParser(prog="python -m toolkit.stacks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    preview = commands.add_parser("preview", help="the resources of a stack as a tree")
    preview.add_argument("stack", help="dev stands for Pulumi.dev.yaml")
    preview.add_argument("--root", type=Path, default=Path.cwd(), help="the folder of Pulumi.yaml; by default this one")
    preview.add_argument("--json", action="store_true", help="everything, for programs")
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING)
    try:
        graph = evaluate(options.stack, root=options.root)
    except EvaluationError as error:
        echo(error, error=True)
        return 1
    if options.json:
        print(as_json(graph, options.root.resolve()))  # noqa: T201 - a command speaks
    else:
        print_tree(graph)
    return 0


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
