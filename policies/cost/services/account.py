"""What an account's own watchers ask for."""

from policies.cost.demand import Demands, fixed
from policies.cost.traffic import HOURS, Traffic
from policies.facts import Facts

BUDGET_ACTION = "aws:budgets/budgetAction:BudgetAction"


def ask_budget_action(action: Facts, _traffic: Traffic) -> Demands:
    """A budget that acts, by the day."""
    yield fixed(action, "budget-actions", HOURS / 24, "1 action each day")


SERVICES = {BUDGET_ACTION: ask_budget_action}
