"""The charges of actions of budgets."""

from toolkit.cost.demand import Demand, Demands, Quantity, among
from toolkit.cost.traffic import HOURS, LONGEST_HOURS, Traffic
from toolkit.resource_types.budgets import BUDGET_ACTION
from toolkit.stacks.inputs import Inputs


def meter_budget_action(action: Inputs, traffic: Traffic) -> Demands:
    """Meter the days of a budget with actions; its actions share them."""
    same = [one for one in traffic.graph.of(BUDGET_ACTION) if _budget(one) == _budget(action)]
    how = f"1 budget with actions each day{among(len(same), 'actions')}"
    month, longest = (Quantity(hours / 24 / len(same), how) for hours in (HOURS, LONGEST_HOURS))
    yield Demand(action, "budget-actions", month, longest)


def _budget(action: Inputs) -> tuple[str, ...]:
    return action.depends_on("budgetName") or (action.text("budgetName"),)


SERVICES = {BUDGET_ACTION: meter_budget_action}
