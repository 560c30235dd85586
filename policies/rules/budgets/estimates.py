"""Rules that compare budgets with the estimated month."""

from functools import lru_cache

from policies.bounds import bounds_of
from toolkit.cost.estimate import Estimate, estimate
from toolkit.cost.month import monthly_budgets
from toolkit.cost.prices import list_prices
from toolkit.cost.usage import UNUSED, Usage, UsageError, usage_of
from toolkit.policy.rule import WARNS_THEN_BLOCKS, Level, Levels, Severity, StackRule
from toolkit.policy.stack import Stack
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks.facts import Broken, GraphFacts, every

_MOST_TIMES_EXPECTED = 10
_SMALL_MONTH = 100
"""Dollars a month below which a stack counts as one that costs so much."""


def _usage(stack: Stack) -> Usage | None:
    """Return how the stack is used in a month; None where its file does not state it in a form that counts."""
    try:
        return usage_of(stack.config, stack.project, f"Pulumi.{stack.name}.yaml")
    except UsageError:
        return None


@lru_cache(maxsize=1)  # three rules estimate the same graph, one after the other
def _priced(graph: GraphFacts, usage: Usage) -> Estimate:
    return estimate(graph, usage, list_prices())


def _month(graph: GraphFacts, stack: Stack) -> Estimate:
    return _priced(graph, _usage(stack) or UNUSED)


def _says_how_it_is_used(graph: GraphFacts, stack: Stack) -> bool | Broken:
    return _usage(stack) is not None or Broken(graph.of(FUNCTION)) or True


def _covers_the_expected(graph: GraphFacts, stack: Stack) -> bool | Broken:
    expected = _month(graph, stack).expected
    return every(monthly_budgets(graph), lambda budget: expected <= budget.number("limitAmount", 0))


def _bounds_the_worst(graph: GraphFacts, stack: Stack) -> bool | Broken:
    worst, times = _month(graph, stack).worst, bounds_of(stack).worst_month_budgets
    return every(monthly_budgets(graph), lambda budget: worst <= times * budget.number("limitAmount", 0))


def _near_the_expected(graph: GraphFacts, stack: Stack) -> bool | Broken:
    """Return whether each budget is of the size of the month that it watches, or of a small account."""
    most = _MOST_TIMES_EXPECTED * max(_month(graph, stack).expected, _SMALL_MONTH)
    return every(monthly_budgets(graph), lambda budget: budget.number("limitAmount", 0) <= most)


budget_near_estimate = StackRule(
    name="budget-near-estimate",
    description="The budget limit is close to the estimated cost",
    severity=Severity.MEDIUM,
    levels=WARNS_THEN_BLOCKS,
    checks={
        f"limitAmount is above {_MOST_TIMES_EXPECTED} times the expected month (at least ${_SMALL_MONTH} counts); "
        "lower budget.monthly-usd in the stack's settings": _near_the_expected
    },
)

budget_covers_estimate = StackRule(
    name="budget-covers-estimate",
    description="The budget limit covers the estimated cost of a month",
    severity=Severity.MEDIUM,
    levels=WARNS_THEN_BLOCKS,
    checks={
        "the stack's file has no usage, or an invalid one; add usage to its config": (_says_how_it_is_used),
        "limitAmount is less than the estimated cost of a month, which `./stack cost` lists; use less, or raise the "
        "budget": (_covers_the_expected),
    },
)

worst_month_bounded = StackRule(
    name="worst-month-bounded",
    description="The worst month costs at most a multiple of the budget limit",
    severity=Severity.MEDIUM,
    levels=Levels(Level.ADVISORY, Level.MANDATORY, local=Level.DISABLED),  # nothing on this machine is billed
    checks={
        "the worst month costs more than {bounds.worst_month_budgets} times limitAmount; lower throttling limits, "
        "reserved concurrency or table throughput, which `./stack cost` lists": _bounds_the_worst,
    },
)
