"""What a stack costs in a month, and what a change adds, from both graphs and the stack's own profile of use."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.preview.report import Cost, CostLine
from policies.cost.delta import Delta, compare
from policies.cost.estimate import Estimate, estimate
from policies.cost.prices import PriceFileError, list_prices
from policies.cost.usage import Usage, UsageError, usage_of
from policies.facts import MalformedPropertyError, UnknownPropertyError, facts_of
from stackgraph import ResourceGraph, StackFileError, load_project, load_stack_config

NOT_PRICED = (UsageError, PriceFileError, MalformedPropertyError, UnknownPropertyError, StackFileError)


@dataclass(frozen=True)
class Priced:
    """A stack's graph and the folder of its files."""

    graph: ResourceGraph
    root: Path


def cost_of(before: Priced | None, after: Priced) -> Cost:
    """The month after the change, and the difference where the base can be priced. Raises one of NOT_PRICED."""
    usage = _usage(after)
    new = _estimate(after, usage)
    unbounded = tuple(dict.fromkeys(line.name for line in new.unbounded))
    if before is None:
        return Cost(new.expected, new.worst, unbounded=unbounded)
    delta = compare(_before(before, usage), new)
    worst = new.worst - delta.before.worst
    return Cost(new.expected, new.worst, delta.by, worst, tuple(_lines(delta)), unbounded)


def _before(side: Priced, usage: Usage) -> Estimate:
    """By the base's own profile; by the present one where it has none, so that only resources make a difference."""
    try:
        return _estimate(side, _usage(side))
    except (UsageError, StackFileError):
        return _estimate(side, usage)


def _estimate(side: Priced, usage: Usage) -> Estimate:
    return estimate(facts_of(side.graph), usage, list_prices())


def _usage(side: Priced) -> Usage:
    stack = side.graph.stack
    return usage_of(load_stack_config(stack, side.root), load_project(side.root).name, f"Pulumi.{stack}.yaml")


def _lines(delta: Delta) -> Iterator[CostLine]:
    formulas = {(line.urn, line.item): line.formula for line in (*delta.before.lines, *delta.after.lines)}
    for change in delta.changes:
        for item, before, after in change.items:
            yield CostLine(change.name, item, before, after, formulas.get((change.urn, item), ""))
