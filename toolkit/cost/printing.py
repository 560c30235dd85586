"""Prints sums of reports: dollars, shares of the budget, and what is not priced."""

from collections.abc import Iterator

from rich.console import Console

from toolkit.cost.estimate import Estimate
from toolkit.cost.month import Month
from toolkit.stacks.terminal import Part, console, styled

SHOWN = 0.005
"""Half a cent: less is not shown."""
_WIDTH = 100
"""The columns of a report; fewer on a narrower terminal."""


def page() -> Console:
    """Return a console of at most 100 columns; a pipe has exactly as many."""
    made = console(wide=True)
    made.width = min(made.width, _WIDTH)
    return made


def print_not_priced(output: Console, one: Estimate) -> None:
    """Print what the sums do not include."""
    if not one.not_priced:
        return
    count = len(one.not_priced)
    unpriced = f"{count} thing{'s' if count > 1 else ''} not priced"
    output.print(styled("and ", (unpriced, "bold yellow"), ", on top of both sums:"))
    for gap in one.not_priced:
        output.print(
            styled(("  not priced: ", "yellow"), f"{gap.of.resource.name} ({gap.of.resource.type}): {gap.why}")
        )


def against_budget(month: Month, value: float) -> Iterator[Part]:
    """Yield a sum's share of the budget as text."""
    if not month.budget:
        yield ", and there is no budget"
        return
    share = month.share(value)
    yield ", "
    yield share, "green" if value <= month.budget else "bold red"
    yield f"{'' if share.endswith('×') else ' of'} the budget of {usd(month.budget)}"


def usd(value: float) -> str:
    """Dollars and cents."""
    return f"${value:,.2f}"


def signed(value: float) -> str:
    """Return dollars and cents with a sign; without a sign where the difference is not shown."""
    return "=" if abs(value) < SHOWN else f"{'-' if value < 0 else '+'}{usd(abs(value))}"
