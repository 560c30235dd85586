"""`python -m toolkit.cost STACK`: what a stack costs in a month, with no engine, network or credentials."""

import argparse
import json
import sys
from pathlib import Path

from toolkit.cost.as_data import as_data, delta_as_data
from toolkit.cost.delta_report import print_delta
from toolkit.cost.month import change_of, month_of
from toolkit.cost.report import print_estimate
from toolkit.cost.sides import evaluate_at
from toolkit.stacks import (
    evaluate,
    read_graph,
)
from toolkit.stacks.entry_point import run
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.facts import MalformedPropertyError, UnknownPropertyError
from toolkit.stacks.terminal import echo


def main(arguments: list[str]) -> int:
    """Print the estimate or the change; 2 and one sentence where there is none."""
    parser = argparse.ArgumentParser(prog="python -m toolkit.cost", description=__doc__)
    parser.add_argument("stack", metavar="STACK", help="the stack's name, such as dev for Pulumi.dev.yaml")
    parser.add_argument("--root", type=Path, default=Path(), metavar="FOLDER", help="of another project than this one")
    parser.add_argument(
        "--formulas", action="store_true", help="how each line comes about, and where its price is from"
    )
    parser.add_argument("--json", action="store_true", help="everything, for programs")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--against", metavar="REF", help="what changes since a git ref, such as main")
    other.add_argument("--graphs", nargs=2, type=Path, metavar=("OLD", "NEW"), help="what changes between two files")
    options = parser.parse_args(arguments)
    try:
        _run(options)
    except RefusedError as error:
        echo(error, error=True)
    except MalformedPropertyError as error:
        echo(f"The stack cannot be priced: {error}.", error=True)
    except UnknownPropertyError as error:
        where = f"{error.facts.resource.name} ({error.facts.resource.type})"
        echo(f"The stack cannot be priced: {error} of {where} is unknown before the update.", error=True)
    else:
        return 0
    return 2


def _run(options: argparse.Namespace) -> None:
    stack, root = options.stack, options.root
    if not options.against and not options.graphs:
        month = month_of(evaluate(stack, root=root), stack, root)
        if options.json:
            print(json.dumps(as_data(month), indent=2))  # noqa: T201 - the command's output
        else:
            print_estimate(month, formulas=options.formulas)
        return
    old, new = (
        [evaluate_at(options.against, stack, root), evaluate(stack, root=root)]
        if options.against
        else [read_graph(file) for file in options.graphs]
    )
    month = month_of(new, stack, root)
    delta = change_of(old, month)
    if options.json:
        print(json.dumps(delta_as_data(month, delta), indent=2))  # noqa: T201 - the command's output
    else:
        print_delta(month, delta)


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
