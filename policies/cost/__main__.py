"""`python -m policies.cost STACK`: what a stack costs in a month, with no engine, network or credentials."""

import argparse
import json
import sys
from pathlib import Path

from policies.cost.budget import monthly_budgets
from policies.cost.delta import compare
from policies.cost.estimate import Estimate, estimate
from policies.cost.prices import PriceFileError, PriceList, list_prices
from policies.cost.report import as_data, delta_as_data, print_delta, print_estimate
from policies.cost.sides import RefError, evaluate_at
from policies.cost.usage import Usage, UsageError, usage_of
from policies.facts import GraphFacts, MalformedPropertyError, UnknownPropertyError, facts_of
from stackgraph import (
    EvaluationError,
    ResourceGraph,
    StackFileError,
    evaluate,
    load_project,
    load_stack_config,
    read_graph,
)
from stackgraph.entry_point import run
from stackgraph.terminal import echo


def main(arguments: list[str]) -> int:
    """Print the estimate or the change; 2 and one sentence where there is none."""
    parser = argparse.ArgumentParser(prog="python -m policies.cost", description=__doc__)
    parser.add_argument("stack", metavar="STACK", help="dev stands for Pulumi.dev.yaml, which says how it is used")
    parser.add_argument("--json", action="store_true", help="everything, for programs")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--against", metavar="REF", help="what changes since a git ref, such as main")
    other.add_argument("--graphs", nargs=2, type=Path, metavar=("OLD", "NEW"), help="what changes between two files")
    options = parser.parse_args(arguments)
    try:
        _run(options, Path.cwd())
    except (EvaluationError, StackFileError, UsageError, PriceFileError, RefError) as error:
        echo(error, error=True)
    except MalformedPropertyError as error:
        echo(f"The stack cannot be priced: {error}.", error=True)
    except UnknownPropertyError as error:
        where = f"{error.facts.resource.name} ({error.facts.resource.type})"
        echo(f"The stack cannot be priced: {error} of {where} is unknown before the update.", error=True)
    else:
        return 0
    return 2


def _run(options: argparse.Namespace, root: Path) -> None:
    prices, stack = list_prices(), options.stack
    usage = usage_of(load_stack_config(stack, root), load_project(root).name, f"Pulumi.{stack}.yaml")
    if not options.against and not options.graphs:
        facts = facts_of(evaluate(stack, root=root))
        _show(stack, facts, estimate(facts, usage, prices), usage, prices, as_json=options.json)
        return
    old, new = (
        [evaluate_at(options.against, stack, root), evaluate(stack, root=root)]
        if options.against
        else [read_graph(file) for file in options.graphs]
    )
    delta = compare(_priced(old, usage, prices), _priced(new, usage, prices))
    if options.json:
        print(json.dumps(delta_as_data(stack, delta), indent=2))  # noqa: T201 - a command speaks
    else:
        print_delta(stack, delta)


def _priced(graph: ResourceGraph, usage: Usage, prices: PriceList) -> Estimate:
    return estimate(facts_of(graph), usage, prices)


def _show(stack: str, facts: GraphFacts, one: Estimate, usage: Usage, prices: PriceList, *, as_json: bool) -> None:
    budgets = [budget.number("limitAmount", 0) for budget in monthly_budgets(facts)]
    budget = min(budgets, default=None)
    if as_json:
        print(json.dumps(as_data(stack, one, budget, usage, prices), indent=2))  # noqa: T201 - a command speaks
    else:
        print_estimate(stack, one, budget, usage, prices)


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
