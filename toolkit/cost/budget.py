"""The budgets that a month is held to."""

from toolkit.resource_types.budgets import BUDGET
from toolkit.stacks.facts import Facts, GraphFacts


def monthly_budgets(graph: GraphFacts) -> tuple[Facts, ...]:
    """Those of money and of a month; `limitAmount` is their limit in USD."""
    return tuple(
        budget
        for budget in graph.of(BUDGET)
        if budget.text("budgetType") == "COST" and budget.text("timeUnit", "MONTHLY") == "MONTHLY"
    )
