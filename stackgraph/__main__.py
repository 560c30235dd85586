"""`python -m stackgraph preview STACK`: what a stack is made of, without an engine, a network or credentials."""

import argparse
import logging
import sys
from pathlib import Path

from stackgraph.errors import EvaluationError
from stackgraph.evaluation import evaluate
from stackgraph.preview import as_json, print_tree


def main(arguments: list[str]) -> int:
    """Print the preview; 1 and one sentence where there is none."""
    parser = argparse.ArgumentParser(prog="python -m stackgraph", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    preview = commands.add_parser("preview", help="the resources of a stack as a tree")
    preview.add_argument("stack", help="dev stands for Pulumi.dev.yaml")
    preview.add_argument("--root", type=Path, default=Path.cwd(), help="the folder of Pulumi.yaml; by default this one")
    preview.add_argument("--json", action="store_true", help="everything, for programs")
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING)
    root = options.root.resolve()
    try:
        graph = evaluate(options.stack, root=root)
    except EvaluationError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command speaks
        return 1
    if options.json:
        print(as_json(graph, root))  # noqa: T201 - a command speaks
    else:
        print_tree(graph)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:
        sys.stderr.close()  # the reader had enough: `| head`
        sys.exit(1)
