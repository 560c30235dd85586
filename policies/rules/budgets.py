"""Rules on budgets."""

from policies.facts import Facts
from policies.rule import BLOCKS, ResourceCheck, ResourceRule, Severity

BUDGET = "aws:budgets/budget:Budget"
_WORDS = (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))


def _tells(kind: str, percent: int) -> ResourceCheck:
    """Whether somebody is told when so much is spent or forecast."""

    def fits(notification: Facts) -> bool:
        return (
            notification.text("notificationType") == kind
            and notification.number("threshold", 0) == percent
            and notification.text("thresholdType") == "PERCENTAGE"
            and bool(notification.texts("subscriberEmailAddresses") + notification.texts("subscriberSnsTopicArns"))
        )

    return lambda budget, _: any(map(fits, budget.parts("notifications")))


budget_monthly_cost = ResourceRule(
    name="budget-monthly-cost",
    says="A budget bounds what a month costs, in dollars.",
    severity=Severity.MEDIUM,
    levels=BLOCKS,
    types=(BUDGET,),
    checks={
        "budgetType is not COST; set it": lambda budget, _: budget.text("budgetType") == "COST",
        "timeUnit is not MONTHLY; set it": lambda budget, _: budget.text("timeUnit") == "MONTHLY",
        "limitAmount is not more than 0, or limitUnit is not USD; set both": lambda budget, _: (
            budget.number("limitAmount", 0) > 0 and budget.text("limitUnit") == "USD"
        ),
    },
)

budget_notifies = ResourceRule(
    name="budget-notifies",
    says="Somebody hears of a budget when most of it is spent, when all is, and when it will be.",
    severity=Severity.HIGH,
    levels=BLOCKS,
    types=(BUDGET,),
    checks={
        f"nobody is told at {percent} PERCENTAGE {kind}; add a notification with a subscriber": _tells(kind, percent)
        for kind, percent in _WORDS
    },
)

RULES = (budget_monthly_cost, budget_notifies)
