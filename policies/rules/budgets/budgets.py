"""Rules on budgets."""

from collections.abc import Callable
from datetime import datetime

from toolkit.policy.rule import Levels, ResourceCheck, ResourceRule, Severity
from toolkit.policy.stack import Stack
from toolkit.resource_types.budgets import BUDGET
from toolkit.stacks.facts import Facts

_WORDS = (("ACTUAL", 50, 95), ("ACTUAL", 90, 100), ("FORECASTED", 50, 120))
"""Kind, and between which percentages of the limit a notification of it is useful."""
_DATE = "%Y-%m-%d_%H:%M"
_WHOLE = 100


def _notifies(kind: str, least: float, most: float) -> ResourceCheck:
    """Return the check that a subscriber is notified when between these percentages are spent or forecast."""

    def check(budget: Facts, _stack: Stack) -> bool:
        return any(
            least <= _percent(budget, one) <= most and _is_sent(one, kind) for one in budget.parts("notifications")
        )

    return check


def _percent(budget: Facts, notification: Facts) -> float:
    threshold = notification.number("threshold", 0)
    if notification.text("thresholdType") == "PERCENTAGE":
        return threshold
    limit = budget.number("limitAmount", 0)
    return _WHOLE * threshold / limit if limit > 0 else 0


def _is_sent(notification: Facts, kind: str) -> bool:
    subscribers = notification.texts("subscriberEmailAddresses") + notification.texts("subscriberSnsTopicArns")
    return (
        notification.text("notificationType") == kind
        and notification.text("comparisonOperator", "GREATER_THAN") == "GREATER_THAN"
        and bool(subscribers)
        and all("@" in one or one.startswith("arn:") for one in subscribers)
    )


def _runs(budget: Facts, stack: Stack) -> bool:
    """Return whether the budget is in force today; without dates it begins this month and never ends."""
    now = datetime(stack.today.year, stack.today.month, stack.today.day)  # noqa: DTZ001 - AWS writes UTC without a zone
    return _before(budget, "timePeriodStart", lambda start: start <= now) and _before(
        budget, "timePeriodEnd", lambda end: end > now
    )


def _before(budget: Facts, path: str, holds: Callable[[datetime], bool]) -> bool:
    if not budget.has(path):
        return True
    try:
        return holds(datetime.strptime(budget.text(path), _DATE))  # noqa: DTZ007 - AWS writes UTC without a zone
    except ValueError:
        return False


budget_monthly_cost = ResourceRule(
    name="budget-monthly-cost",
    description="Budgets have a monthly cost limit in USD",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(BUDGET,),
    checks={
        "budgetType is not COST; set it": lambda budget, _: budget.text("budgetType") == "COST",
        "timeUnit is not MONTHLY; set it": lambda budget, _: budget.text("timeUnit") == "MONTHLY",
        "limitAmount is not more than 0, or limitUnit is not USD; set both": lambda budget, _: (
            budget.number("limitAmount", 0) > 0 and budget.text("limitUnit") == "USD"
        ),
    },
)

budget_in_force = ResourceRule(
    name="budget-in-force",
    description="Budgets include the current month",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(BUDGET,),
    checks={
        "timePeriodStart is in the future, timePeriodEnd is past, or one is no date such as 2026-01-01_00:00; remove "
        "them": _runs
    },
)

budget_notifies = ResourceRule(
    name="budget-notifies",
    description="Budgets notify subscribers of actual and forecasted cost",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(BUDGET,),
    checks={
        f"no notification is of {kind} above {least} to {most} percent of the limit; add a notification GREATER_THAN "
        f"such a threshold, with a subscriber": _notifies(kind, least, most)
        for kind, least, most in _WORDS
    },
)
