"""The monthly cost budgets of a stack."""

from toolkit.resource_types.budgets import BUDGET
from toolkit.stacks.inputs import Inputs, StackInputs


def monthly_budgets(graph: StackInputs) -> tuple[Inputs, ...]:
    """Return the monthly cost budgets; `limitAmount` is their limit in USD."""
    return tuple(
        budget
        for budget in graph.of(BUDGET)
        if budget.text("budgetType") == "COST" and budget.text("timeUnit", "MONTHLY") == "MONTHLY"
    )
