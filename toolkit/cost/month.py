"""The cost of a stack per month, and the cost of a change of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.cost.delta import Delta, compare
from toolkit.cost.estimate import Estimate, estimate
from toolkit.cost.prices import PriceList, list_prices
from toolkit.cost.usage import KEY, UNUSED, NoUsageError, Usage, UsageError, usage_of
from toolkit.resource_types.apigatewayv2 import STAGE
from toolkit.resource_types.budgets import BUDGET
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.resource_types.cognito import USER_POOL
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks import ResourceGraph
from toolkit.stacks.inputs import Inputs, StackInputs, inputs_of
from toolkit.stacks.stack_files import configuration_of

ON_THIS_MACHINE = "the stack runs on this machine, not on AWS"
_DEPENDENT_ON_CALLERS = (FUNCTION, STAGE, TABLE, USER_POOL, DISTRIBUTION)
"""Types whose cost depends on callers, so it is unknown without a usage profile."""
_SMALLEST_SHARE = 0.01
_FIRST_MULTIPLE = 2
"""From this multiple of the budget on, a share is printed as a multiple."""


@dataclass(frozen=True)
class Month:
    """The estimate, its inputs, and the lowest of the stack's monthly budgets."""

    project: str
    stack: str
    estimate: Estimate
    budget: float | None
    usage: Usage
    prices: PriceList

    def in_budgets(self, value: float) -> float | None:
        """Return the sum in budgets; None where there is no budget."""
        return value / self.budget if self.budget else None

    def share(self, value: float) -> str:
        """Return the sum's share of the budget; nothing where there is no budget."""
        budgets = self.in_budgets(value)
        if budgets is None:
            return ""
        if 0 < budgets < _SMALLEST_SHARE:
            return "<1%"
        return f"{budgets:,.1f} ×" if budgets >= _FIRST_MULTIPLE else f"{budgets:.0%}"


def month_of(graph: ResourceGraph, stack: str, root: Path) -> Month:
    """Return the month of a graph with the usage profile of a stack's file. Raises FileError.

    Of a stack whose environment is `local` nothing is priced.
    """
    project, config = configuration_of(graph, root, stack)
    inputs, prices = inputs_of(graph), list_prices()
    budgets = [budget.number("limitAmount", 0) for budget in monthly_budgets(inputs)]
    usage = _usage(config, project, stack, inputs)
    _check_functions(usage, inputs, f"Pulumi.{stack}.yaml")
    free = dict.fromkeys(sorted({one.type for one in graph.resources if one.type.startswith("aws:")}), ON_THIS_MACHINE)
    one = Estimate((), free, ()) if is_local(config, project, stack) else estimate(inputs, usage, prices)
    return Month(project, stack, one, min(budgets, default=None), usage, prices)


def change_of(before: ResourceGraph, after: Month) -> Delta:
    """Return the change since an earlier graph of the stack, which is priced with today's usage profile."""
    priced = not any(why == ON_THIS_MACHINE for why in after.estimate.free.values())
    old = estimate(inputs_of(before), after.usage, after.prices) if priced else after.estimate
    return compare(old, after.estimate)


def is_local(config: Mapping[str, Any], project: str, stack: str) -> bool:
    """Return whether the stack's environment is `local`; without the setting its name is its environment."""
    settings = config.get(f"{project}:settings")
    return (settings.get("environment", stack) if isinstance(settings, Mapping) else stack) == "local"


def _usage(config: Mapping[str, Any], project: str, stack: str, inputs: StackInputs) -> Usage:
    """Return the stack's profile; UNUSED for one without a profile that no caller uses, such as an account's."""
    try:
        return usage_of(config, project, f"Pulumi.{stack}.yaml")
    except NoUsageError:
        if inputs.of(*_DEPENDENT_ON_CALLERS):
            raise
        return UNUSED


def _check_functions(usage: Usage, inputs: StackInputs, file: str) -> None:
    """Raise UsageError where the profile has a function that the stack lacks."""
    known = sorted(function.resource.name for function in inputs.of(FUNCTION))
    unknown = [name for name in usage.functions if name not in known]
    if unknown:
        raise UsageError(f"{file}: {KEY}.functions has {unknown[0]}; use {', '.join(known) or 'none'}.")


def monthly_budgets(graph: StackInputs) -> tuple[Inputs, ...]:
    """Return the monthly cost budgets; `limitAmount` is their limit in USD."""
    return tuple(
        budget
        for budget in graph.of(BUDGET)
        if budget.text("budgetType") == "COST" and budget.text("timeUnit", "MONTHLY") == "MONTHLY"
    )
