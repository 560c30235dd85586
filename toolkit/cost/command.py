"""`cost`: the cost of a stack per month, without engine, network or credentials."""

import json
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, any_stack_argument, path_option
from toolkit.cost.as_data import as_data, delta_as_data
from toolkit.cost.delta import Delta
from toolkit.cost.month import Month, change_of, month_of
from toolkit.cost.report import print_delta, print_estimate
from toolkit.projects import place_of
from toolkit.refusals import progress, refusals
from toolkit.stacks import (
    EvaluationError,
    ResourceGraph,
    evaluate,
    read_graph,
)
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.git import GitError, checkout, commit_of_reference, git
from toolkit.stacks.inputs import MalformedPropertyError, UnknownPropertyError
from toolkit.stacks.terminal import echo


def cost(
    stack: Annotated[str, any_stack_argument("dev is the stack of Pulumi.dev.yaml, which has its usage profile.")],
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
    """Estimate the cost of a stack per month, or of a change of it."""
    if against is not None and graphs is not None:
        raise typer.BadParameter("it cannot be used together with --against", param_hint="--graphs")
    name, root = place_of(stack, Path.cwd())
    with refusals(RefusedError):
        try:
            with progress(f"Estimating the cost of {stack}"):
                old = evaluate_at(against, name, root) if against is not None else graphs and read_graph(graphs[0])
                new = read_graph(graphs[1]) if graphs else evaluate(name, root=root)
                month = month_of(new, name, root)
                delta = change_of(old, month) if old else None
        except MalformedPropertyError as error:
            raise FileError(f"The stack cannot be priced: {error}.") from None
        except UnknownPropertyError as error:
            where = f"{error.inputs.resource.name} ({error.inputs.resource.type})"
            raise FileError(f"The stack cannot be priced: {error} of {where} is unknown before the update.") from None
    if delta is None:
        _show_month(month, formulas=formulas, as_json=as_json)
    else:
        _show_delta(month, delta, as_json=as_json)


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


def evaluate_at(reference: str, stack: str, root: Path) -> ResourceGraph:
    """Return the resources of a stack by the program of a git reference. Raises RefusedError.

    The root may be a folder of the repository. The reference's files are removed afterwards.
    """
    commit = commit_of_reference(root, reference)
    if commit is None:
        raise GitError(f"There is no git ref {reference!r} here: name a branch, a tag or a commit, such as main.")
    with checkout(root, commit) as files:
        try:
            return evaluate(stack, root=files / git(root, "rev-parse", "--show-prefix"))
        except EvaluationError as error:
            raise EvaluationError(f"At {reference}: {error}") from None
