"""Amounts in USD with their change in percent and their share of the budget."""

import math
from collections.abc import Iterator
from typing import Literal

from toolkit.pipeline.preview.model import SMALLEST_AMOUNT, Cost

_LEAST_SHOWN = 0.1
_WORTH_A_REVIEW = 1.0
"""A smaller rise, in USD a month, needs no review, whatever its share."""


def money(value: float) -> str:
    """Return an amount; the heading has the currency, as a dollar sign starts mathematics on GitHub."""
    return f"{value:,.2f}"


def change(value: float, delta: float | None) -> str:
    """Return how an amount changed, absolutely and in percent; empty where it did not."""
    if delta is None or abs(delta) < SMALLEST_AMOUNT:
        return ""
    return f"{'+' if delta > 0 else '-'}{money(abs(delta))}, {percent_of(value - delta, value)}"


def percent_of(before: float, after: float) -> str:
    """Return the relative change of an amount."""
    if before < SMALLEST_AMOUNT:
        return "new"
    percent = _percent(abs(after - before) / before)
    return percent if percent.startswith("less") else f"{'+' if after > before else '-'}{percent}"


def amount_of(month: Literal["expected", "at worst"], cost: Cost) -> str:
    """Return the expected or the worst month with its change and its share of the budget."""
    is_expected = month == "expected"
    value, delta = (cost.expected, cost.expected_delta) if is_expected else (cost.worst, cost.worst_delta)
    moved = change(value, delta)
    return f"{month} {money(value)}{f' ({moved})' if moved else ''}, {of_budget(value, cost.budget)}"


def of_budget(value: float, budget: float | None) -> str:
    """Return the share of an amount in the budget; from ten times on as a multiple."""
    if budget is None:
        return "no budget"
    if budget <= 0:
        return f"budget {budget:,.0f}"
    times = value / budget
    share = _percent(times) if times < 10 else f"{times:,.0f} ×"
    return f"{share} of budget {budget:,.0f}"


def reasons(cost: Cost) -> Iterator[str]:
    """Yield why the change of a sum needs a review."""
    if _rises(cost.expected, cost.expected_delta, cost.rise_limit):
        yield "expected month " + change(cost.expected, cost.expected_delta)
    elif _passes_budget_share(cost):
        yield f"expected month above {_percent(cost.budget_limit or 0)} of the budget"
    if _rises(cost.worst, cost.worst_delta, cost.rise_limit):
        yield "worst month " + change(cost.worst, cost.worst_delta)
    if freed := [line.name for line in cost.lines if line.worst_before is not None and line.worst_after is None]:
        yield f"nothing bounds {', '.join(dict.fromkeys(freed))} in the worst month"


def _rises(value: float, delta: float | None, limit: float | None) -> bool:
    return delta is not None and limit is not None and delta >= _WORTH_A_REVIEW and delta > limit * (value - delta)


def _passes_budget_share(cost: Cost) -> bool:
    rises = cost.expected_delta is not None and cost.expected_delta >= SMALLEST_AMOUNT
    return rises and cost.budget is not None and cost.expected > (cost.budget_limit or math.inf) * cost.budget


def _percent(share: float) -> str:
    percent = share * 100
    if 0 < percent < _LEAST_SHOWN:
        return "less than 0.1 %"
    return f"{percent:,.1f} %" if 0 < percent < 1 else f"{percent:,.0f} %"
