"""What an account's own watchers ask for."""

from policies.cost.demand import Demands, Gap, fixed
from policies.cost.traffic import HOURS, Traffic
from policies.facts import Facts
from policies.rules.cloudtrail import TRAIL

BUDGET_ACTION = "aws:budgets/budgetAction:BudgetAction"


def ask_budget_action(action: Facts, _traffic: Traffic) -> Demands:
    """A budget that acts, by the day."""
    yield fixed(action, "budget-actions", HOURS / 24, "1 action each day")


def ask_trail(trail: Facts, _traffic: Traffic) -> Demands:
    """The first copy of management events is free; a second is dear, and so are events of data."""
    if any(trail.has(selectors) for selectors in ("eventSelectors", "advancedEventSelectors", "insightSelectors")):
        yield Gap(trail, "the profile says nothing of events beyond those of management")


SERVICES = {BUDGET_ACTION: ask_budget_action, TRAIL: ask_trail}
