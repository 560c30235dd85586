"""`cost`: what a stack costs in a month, with no engine, network or credentials."""

import json
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, any_stack_argument, path_option
from toolkit.cost.as_data import as_data, delta_as_data
from toolkit.cost.budget import monthly_budgets
from toolkit.cost.delta import Delta, compare
from toolkit.cost.delta_report import print_delta
from toolkit.cost.estimate import estimate
from toolkit.cost.month import Month
from toolkit.cost.prices import PriceFileError, list_prices
from toolkit.cost.report import print_estimate
from toolkit.cost.sides import evaluate_at
from toolkit.cost.usage import UNUSED, NoUsageError, Usage, UsageError, usage_of
from toolkit.projects import place_of
from toolkit.refusals import refusals
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
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.facts import GraphFacts, MalformedPropertyError, UnknownPropertyError, facts_of
from toolkit.stacks.terminal import echo

_USED = (FUNCTION, STAGE, TABLE, USER_POOL, DISTRIBUTION)
"""What callers use: without a profile nobody knows how much."""


def cost(
    stack: Annotated[str, any_stack_argument("dev is the stack of Pulumi.dev.yaml, which says how it is used.")],
    formulas: Annotated[
        bool, typer.Option("--formulas", help="Show how each line comes about, and where its price is from.")
    ] = False,
    against: Annotated[
        str | None, typer.Option(metavar="REF", help="Show what changes since a git ref, such as main.")
    ] = None,
    graphs: Annotated[
        tuple[Path, Path] | None,
        path_option(
            "Show what changes between two files of `preview --json` or `pulumi stack export`.", metavar="OLD NEW"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Estimate what a stack costs in a month, or what a change of it costs."""
    if against is not None and graphs is not None:
        raise typer.BadParameter("it cannot be used together with --against", param_hint="--graphs")
    name, root = place_of(stack, Path.cwd())
    with refusals(RefusedError, UsageError, PriceFileError):
        try:
            if against is None and graphs is None:
                _show_month(_month(name, root, evaluate(name, root=root)), formulas=formulas, as_json=as_json)
                return
            if graphs is not None:
                old, new = (read_graph(file) for file in graphs)
            else:
                old, new = evaluate_at(str(against), name, root), evaluate(name, root=root)
            month = _month(name, root, new)
            _show_delta(
                month, compare(estimate(facts_of(old), month.usage, month.prices), month.estimate), as_json=as_json
            )
        except MalformedPropertyError as error:
            raise FileError(f"The stack cannot be priced: {error}.") from None
        except UnknownPropertyError as error:
            where = f"{error.facts.resource.name} ({error.facts.resource.type})"
            raise FileError(f"The stack cannot be priced: {error} of {where} is unknown before the update.") from None


def _show_month(month: Month, *, formulas: bool, as_json: bool) -> None:
    if as_json:
        echo(json.dumps(as_data(month), indent=2))
    else:
        print_estimate(month, formulas=formulas)


def _show_delta(month: Month, delta: Delta, *, as_json: bool) -> None:
    if as_json:
        echo(json.dumps(delta_as_data(month, delta), indent=2))
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
