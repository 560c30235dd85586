"""The monthly cost budgets of a stack."""

from toolkit.resource_types.budgets import BUDGET
from toolkit.stacks.facts import Facts, GraphFacts


def monthly_budgets(graph: GraphFacts) -> tuple[Facts, ...]:
    """Return the monthly cost budgets; `limitAmount` is their limit in USD."""
    return tuple(
        budget
        for budget in graph.of(BUDGET)
        if budget.text("budgetType") == "COST" and budget.text("timeUnit", "MONTHLY") == "MONTHLY"
    )
