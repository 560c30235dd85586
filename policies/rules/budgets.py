"""Rules on budgets, on the estimated month, and on what bounds its cost."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from math import ceil

from policies.bounds import bounds_of
from toolkit.cost.estimate import Estimate, estimate
from toolkit.cost.month import monthly_budgets
from toolkit.cost.prices import list_prices
from toolkit.cost.usage import UNUSED, Usage, UsageError, usage_of
from toolkit.policy.rule import Level, Levels, ResourceCheck, ResourceRule, Severity, StackRule, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.apigatewayv2 import STAGE
from toolkit.resource_types.budgets import BUDGET
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks.inputs import Inputs, StackInputs, UnknownPropertyError, Violations, every
from toolkit.stacks.references import account_of

_NOTIFICATIONS = (("ACTUAL", 50, 95), ("ACTUAL", 90, 100), ("FORECASTED", 50, 120))
"""The kinds of notification, each with the lowest and highest useful threshold in percent of the limit."""
_DATE = "%Y-%m-%d_%H:%M"
_HUNDRED_PERCENT = 100


def _notifies(kind: str, least: float, most: float) -> ResourceCheck:
    """Return the check that a subscriber is notified when between these percentages are spent or forecast."""

    def check(budget: Inputs, _stack: Stack) -> bool:
        return any(
            least <= _percent(budget, one) <= most and _is_sent(one, kind) for one in budget.parts("notifications")
        )

    return check


def _percent(budget: Inputs, notification: Inputs) -> float:
    threshold = notification.number("threshold", 0)
    if notification.text("thresholdType") == "PERCENTAGE":
        return threshold
    limit = budget.number("limitAmount", 0)
    return _HUNDRED_PERCENT * threshold / limit if limit > 0 else 0


def _is_sent(notification: Inputs, kind: str) -> bool:
    subscribers = notification.texts("subscriberEmailAddresses") + notification.texts("subscriberSnsTopicArns")
    return (
        notification.text("notificationType") == kind
        and notification.text("comparisonOperator", "GREATER_THAN") == "GREATER_THAN"
        and bool(subscribers)
        and all("@" in one or one.startswith("arn:") for one in subscribers)
    )


def _includes_today(budget: Inputs, stack: Stack) -> bool:
    """Return whether the budget is in force today; without dates it begins this month and never ends."""
    now = datetime(stack.today.year, stack.today.month, stack.today.day)  # noqa: DTZ001 - AWS writes UTC without a zone
    return _date_holds(budget, "timePeriodStart", lambda start: start <= now) and _date_holds(
        budget, "timePeriodEnd", lambda end: end > now
    )


def _date_holds(budget: Inputs, path: str, holds: Callable[[datetime], bool]) -> bool:
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
    message="timePeriodStart is in the future, timePeriodEnd is past, or one is no date such as 2026-01-01_00:00; "
    "remove them",
    check=_includes_today,
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
        for kind, least, most in _NOTIFICATIONS
    },
)


def _has_account_budget(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """Return whether one budget counts everything that the account pays in a month."""
    budgets = graph.of(BUDGET)
    try:
        if any(map(_counts_whole_account, budgets)):
            return True
    except UnknownPropertyError:
        return True  # an update evaluates it
    return Violations(budgets) if budgets else False


def _counts_whole_account(budget: Inputs) -> bool:
    """Return whether the budget is of money and a month, of this account, and leaves out none of its costs."""
    account = account_of(budget)
    own = account is None or budget.text("accountId", account) == account
    monthly = budget.text("budgetType") == "COST" and budget.text("timeUnit", "MONTHLY") == "MONTHLY"
    filters = budget.parts("costFilters")
    return (
        monthly
        and own
        and not budget.has("filterExpression")
        and all(_filters_own_account(one, account) for one in filters)
    )


def _filters_own_account(cost_filter: Inputs, account: str | None) -> bool:
    return cost_filter.text("name") == "LinkedAccount" and cost_filter.texts("values") == (account,)


@for_each(STAGE)
def _stage_rate_is_limited(stage: Inputs, _graph: StackInputs, _stack: Stack) -> bool:
    """Accept a limit of 0, which admits no request; apigw-throttles-admit requires more than 0."""
    return stage.number("defaultRouteSettings.throttlingRateLimit", -1) >= 0


@for_each(TABLE)
def _table_throughput_is_limited(table: Inputs, _graph: StackInputs, _stack: Stack) -> bool:
    provisioned = table.text("billingMode", "PROVISIONED") == "PROVISIONED"
    limits = ("onDemandThroughput.maxReadRequestUnits", "onDemandThroughput.maxWriteRequestUnits")
    return provisioned or all(table.number(limit, -1) > 0 for limit in limits)


budget_exists = StackRule(
    name="budget-exists",
    description="The stack has a monthly cost budget for the account",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    message="the stack has no budget of type COST and unit MONTHLY that counts the whole account; add one, without "
    "costFilters, filterExpression and a foreign accountId",
    check=_has_account_budget,
)

worst_case_bounded = StackRule(
    name="worst-case-bounded",
    description="Concurrency, throttling limits and table throughput have a maximum",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    checks={
        "reservedConcurrentExecutions is not set, so the whole account's concurrency may be billed; set it": (
            for_each(FUNCTION)(lambda function, *_: function.number("reservedConcurrentExecutions", -1) >= 0)
        ),
        "throttlingRateLimit is not set, so requests up to the account's limit may be billed; set it": (
            _stage_rate_is_limited
        ),
        "onDemandThroughput has no maximum, so any number of units may be billed; set both": (
            _table_throughput_is_limited
        ),
    },
)

_MOST_TIMES_EXPECTED = 10
_SMALL_MONTH = 100
"""Dollars a month; a stack that costs less counts as one that costs this."""


def _usage(stack: Stack) -> Usage | None:
    """Return how the stack is used in a month; None where its file does not state it in a form that counts."""
    try:
        return usage_of(stack.config, stack.project, f"Pulumi.{stack.name}.yaml")
    except UsageError:
        return None


@lru_cache(maxsize=1)  # three rules estimate the same graph, one after the other
def _priced(graph: StackInputs, usage: Usage) -> Estimate:
    return estimate(graph, usage, list_prices())


def _month(graph: StackInputs, stack: Stack) -> Estimate:
    return _priced(graph, _usage(stack) or UNUSED)


def _usage_is_valid(graph: StackInputs, stack: Stack) -> bool | Violations:
    return _usage(stack) is not None or Violations(graph.of(FUNCTION)) or True


def _covers_expected_cost(graph: StackInputs, stack: Stack) -> bool | Violations:
    expected = _month(graph, stack).expected
    return every(monthly_budgets(graph), lambda budget: expected <= budget.number("limitAmount", 0))


def _bounds_worst_month(graph: StackInputs, stack: Stack) -> bool | Violations:
    worst, times = _month(graph, stack).worst, bounds_of(stack).worst_month_budgets
    return every(monthly_budgets(graph), lambda budget: worst <= times * budget.number("limitAmount", 0))


def settings_for_worst_month(graph: StackInputs, stack: Stack) -> dict[str, int]:
    """Return the setting with which the budget bounds the worst month; none where it does already."""
    if _bounds_worst_month(graph, stack) is True:
        return {}
    return {"budget.monthly-usd": ceil(_month(graph, stack).worst / bounds_of(stack).worst_month_budgets)}


def _is_near_expected_cost(graph: StackInputs, stack: Stack) -> bool | Violations:
    """Return whether each budget is of the size of the month that it watches, or of a small account."""
    most = _MOST_TIMES_EXPECTED * max(_month(graph, stack).expected, _SMALL_MONTH)
    return every(monthly_budgets(graph), lambda budget: budget.number("limitAmount", 0) <= most)


budget_near_estimate = StackRule(
    name="budget-near-estimate",
    description="The budget limit is close to the estimated cost",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    message=f"limitAmount is above {_MOST_TIMES_EXPECTED} times the expected month (at least ${_SMALL_MONTH} counts); "
    "lower budget.monthly-usd in the stack's settings",
    check=_is_near_expected_cost,
)

budget_covers_estimate = StackRule(
    name="budget-covers-estimate",
    description="The budget limit covers the estimated cost of a month",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    checks={
        "the stack's file has no usage, or an invalid one; add usage to its config": (_usage_is_valid),
        "limitAmount is less than the estimated cost of a month, which `./stack cost` lists; use less, or raise the "
        "budget": (_covers_expected_cost),
    },
)

worst_month_bounded = StackRule(
    name="worst-month-bounded",
    description="The worst month costs at most a multiple of the budget limit",
    severity=Severity.MEDIUM,
    levels=Levels(Level.ADVISORY, Level.MANDATORY, local=Level.DISABLED),  # nothing on this machine is billed
    message="the worst month costs more than {bounds.worst_month_budgets} times limitAmount; lower throttling limits, "
    "reserved concurrency or table throughput, which `./stack cost` lists",
    check=_bounds_worst_month,
)
