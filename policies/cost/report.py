"""Shows an estimate or a change to people, as a table with a chart, and to programs, as JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from policies.cost.delta import Change, Delta
from policies.cost.estimate import Estimate, Line, by_resource
from policies.cost.prices import PriceList
from policies.cost.usage import Usage
from stackgraph.terminal import Part, console, styled

_BAR = 40
_SHOWN = 0.005
"""Less than half a cent is not shown in the chart."""
_COLOURS = {"+": "red", "-": "green", "~": "yellow"}


def as_data(stack: str, one: Estimate, budget: float | None, usage: Usage, prices: PriceList) -> dict[str, Any]:
    """The estimate for programs."""
    return {
        "stack": stack,
        "currency": "USD",
        "prices-dated": prices.dated.isoformat(),
        "account-kind": usage.account_kind,
        "budget": budget,
        "expected": one.expected,
        "worst": one.worst,
        "unbounded": len(one.unbounded),
        "reading": one.reading,
        "lines": [asdict(line) for line in one.lines],
        "free": dict(one.free),
        "not-priced": gaps_as_data(one),
    }


def delta_as_data(stack: str, delta: Delta) -> dict[str, Any]:
    """The change for programs."""
    return {
        "stack": stack,
        "currency": "USD",
        "before": delta.before.expected,
        "after": delta.after.expected,
        "by": delta.by,
        "worst-before": delta.before.worst,
        "worst-after": delta.after.worst,
        "not-priced": gaps_as_data(delta.after),
        "changes": [{**asdict(change), "by": change.by} for change in delta.changes],
    }


def gaps_as_data(one: Estimate) -> list[dict[str, str]]:
    """What is not priced, for programs."""
    return [{"urn": gap.of.urn, "type": gap.of.resource.type, "why": gap.why} for gap in one.not_priced]


def print_estimate(stack: str, one: Estimate, budget: float | None, usage: Usage, prices: PriceList) -> None:
    """The month line by line, the shares, and the two sums."""
    output = console(wide=True)
    table = Table("resource", "what", box=None, pad_edge=False, header_style="dim")
    for heading in ("expected", "worst"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("formula of the expected month, then of the worst where it is another", overflow="fold")
    for lines in sorted(by_resource(one.lines).values(), key=lambda lines: -sum(line.expected for line in lines)):
        for position, line in enumerate(lines):
            table.add_row("" if position else line.name, line.item, usd(line.expected), _worst(line), _formulas(line))
    output.print(table)
    _print_chart(output, one)
    _print_silent(output, one)
    expected, worst = (usd(one.expected), "bold"), (usd(one.worst), "bold")
    output.print(
        styled(
            (stack, "bold"), ": expected ", expected, " a month, worst ", worst, *_beyond(one), *_against(one, budget)
        )
    )
    if one.reading:
        output.print(f"worst month: {one.reading}", style="dim")
    output.print(f"prices of {prices.dated}, account kind {usage.account_kind}, USD without tax", style="dim")


def print_delta(stack: str, delta: Delta) -> None:
    """What came, went and changed, and the new month."""
    output = console(wide=True)
    table = Table("", "resource", "what", box=None, pad_edge=False, header_style="dim")
    for heading in ("before", "after", "change"):
        table.add_column(heading, justify="right", no_wrap=True)
    for change in delta.changes:
        colour = _COLOURS[change.sign]
        table.add_row(
            styled((change.sign, colour)), change.name, "", usd(change.before), usd(change.after), _signed(change.by)
        )
        _add_items(table, change)
    if delta.changes:
        output.print(table)
    _print_silent(output, delta.after)
    is_same = abs(delta.by) < _SHOWN
    output.print(
        styled(
            (stack, "bold"),
            f": the expected month {'does not change' if is_same else 'changes by '}",
            ("" if is_same else _signed(delta.by), "bold"),
            f", from {usd(delta.before.expected)} to ",
            (usd(delta.after.expected), "bold"),
            f"; the worst from {usd(delta.before.worst)} to {usd(delta.after.worst)}",
        )
    )


def _add_items(table: Table, change: Change) -> None:
    for item, before, after in change.items:
        table.add_row(
            "", "", *(styled((text, "dim")) for text in (item, usd(before), usd(after))), _signed(after - before)
        )


def _print_chart(output: Console, one: Estimate) -> None:
    """A bar for the share of each resource in the expected month."""
    sums = {lines[0].name: sum(line.expected for line in lines) for lines in by_resource(one.lines).values()}
    table = Table("", "", "", box=None, pad_edge=False, show_header=False)
    for name, value in sorted(sums.items(), key=lambda entry: -entry[1]):
        if value >= _SHOWN:
            share = value / one.expected
            table.add_row(name, styled(("█" * max(round(share * _BAR), 1), "cyan")), f"{share:.0%} {usd(value)}")
    output.print()
    output.print(table)
    output.print()


def _print_silent(output: Console, one: Estimate) -> None:
    for gap in one.not_priced:
        name, type_ = gap.of.resource.name, gap.of.resource.type
        output.print(
            styled(("not priced", "bold yellow"), f": {name} ({type_}): {gap.why}; what it costs comes on top")
        )
    if one.free:
        output.print(f"{len(one.free)} types cost nothing; docs/cost.md says why", style="dim")
    assumed = sorted({line.item for line in one.lines if line.assumption and line.expected >= _SHOWN})
    if assumed:
        output.print(f"priced as in us-east-1 for want of a figure of the region: {', '.join(assumed)}", style="dim")
    unsure = sorted({line.item for line in one.lines if line.certainty == "unverified" and line.expected >= _SHOWN})
    if unsure:
        output.print(f"the figure is not certain: {', '.join(unsure)}", style="dim")


def _formulas(line: Line) -> Text:
    marks = "".join([" (as in us-east-1)" if line.assumption else "", f" ({line.certainty})"])
    worst = "" if line.worst_formula == line.formula else f"\n{line.worst_formula}"
    return styled(line.formula, (marks, "dim"), (worst, "dim"))


def _worst(line: Line) -> Text:
    return styled(("unbounded", "bold red")) if line.worst is None else styled(usd(line.worst))


def _beyond(one: Estimate) -> Iterator[Part]:
    if count := len(one.unbounded):
        yield f" and {count} lines that nothing bounds", "bold red"
        yield ", counted as expected"


def _against(one: Estimate, budget: float | None) -> Iterator[Part]:
    if budget is None:
        yield "; there is no budget"
        return
    yield "; "
    yield ("fits", "green") if one.expected <= budget else ("exceeds", "bold red")
    yield f" the budget of {usd(budget)}"


def usd(value: float) -> str:
    """Dollars and cents."""
    return f"${value:,.2f}"


def _signed(value: float) -> str:
    return f"{'-' if value < 0 else '+'}{usd(abs(value))}"
