"""`python -m toolkit.cost STACK`: what a stack costs in a month, with no engine, network or credentials."""

import argparse
import json
import sys
from pathlib import Path

from toolkit.cost.as_data import as_data, delta_as_data
from toolkit.cost.budget import monthly_budgets
from toolkit.cost.delta import compare
from toolkit.cost.delta_report import print_delta
from toolkit.cost.estimate import estimate
from toolkit.cost.month import Month
from toolkit.cost.prices import list_prices
from toolkit.cost.report import print_estimate
from toolkit.cost.sides import evaluate_at
from toolkit.cost.usage import UNUSED, NoUsageError, Usage, usage_of
from toolkit.resource_types.apigatewayv2 import STAGE
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.resource_types.cognito import USER_POOL
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks import (
    ResourceGraph,
    evaluate,
    load_project,
    load_stack_config,
    read_graph,
)
from toolkit.stacks.entry_point import run
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.facts import GraphFacts, MalformedPropertyError, UnknownPropertyError, facts_of
from toolkit.stacks.terminal import echo

_USED = (FUNCTION, STAGE, TABLE, USER_POOL, DISTRIBUTION)
"""What callers use: without a profile nobody knows how much."""


def main(arguments: list[str]) -> int:
    """Print the estimate or the change; 2 and one sentence where there is none."""
    parser = argparse.ArgumentParser(prog="python -m toolkit.cost", description=__doc__)
    parser.add_argument("stack", metavar="STACK", help="dev stands for Pulumi.dev.yaml, which says how it is used")
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
        month = _month(stack, root, evaluate(stack, root=root))
        if options.json:
            print(json.dumps(as_data(month), indent=2))  # noqa: T201 - a command speaks
        else:
            print_estimate(month, formulas=options.formulas)
        return
    old, new = (
        [evaluate_at(options.against, stack, root), evaluate(stack, root=root)]
        if options.against
        else [read_graph(file) for file in options.graphs]
    )
    month = _month(stack, root, new)
    delta = compare(estimate(facts_of(old), month.usage, month.prices), month.estimate)
    if options.json:
        print(json.dumps(delta_as_data(month, delta), indent=2))  # noqa: T201 - a command speaks
    else:
        print_delta(month, delta)


def _month(stack: str, root: Path, graph: ResourceGraph) -> Month:
    facts, prices, project = facts_of(graph), list_prices(), load_project(root).name
    usage = _usage(stack, root, project, facts)
    budgets = [budget.number("limitAmount", 0) for budget in monthly_budgets(facts)]
    return Month(project, stack, estimate(facts, usage, prices), min(budgets, default=None), usage, prices)


def _usage(stack: str, root: Path, project: str, facts: GraphFacts) -> Usage:
    """The stack's profile; one without, whose resources no caller uses, such as an account's, is taken as unused."""
    try:
        return usage_of(load_stack_config(stack, root), project, f"Pulumi.{stack}.yaml")
    except NoUsageError:
        if facts.of(*_USED):
            raise
        return UNUSED


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
