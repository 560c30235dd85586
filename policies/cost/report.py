"""Shows an estimate or a change to people, as a table with a chart, and to programs, as JSON."""

from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from policies.cost.delta import Change, Delta
from policies.cost.estimate import Estimate, Line, by_resource
from policies.cost.prices import PriceList
from policies.cost.usage import Usage

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


def console_for_people() -> Console:
    """A console that writes colours where somebody looks, and whole lines into pipes."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 220  # a file or a pipe has no edge to cut formulas at
    return console


def print_estimate(stack: str, one: Estimate, budget: float | None, usage: Usage, prices: PriceList) -> None:
    """The month line by line, the shares, and the two sums."""
    console = console_for_people()
    table = Table("resource", "what", box=None, pad_edge=False, header_style="dim")
    for heading in ("expected", "worst"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("formula of the expected month, then of the worst", overflow="fold")
    for lines in sorted(by_resource(one.lines).values(), key=lambda lines: -sum(line.expected for line in lines)):
        for position, line in enumerate(lines):
            table.add_row("" if position else line.name, line.item, usd(line.expected), _worst(line), _formulas(line))
    console.print(table)
    _print_chart(console, one)
    _print_silent(console, one)
    console.print(
        f"[bold]{stack}[/]: expected [bold]{usd(one.expected)}[/] a month, worst [bold]{usd(one.worst)}[/]"
        f"{_beyond(one)}{_against(one, budget)}"
    )
    console.print(f"[dim]prices of {prices.dated}, account kind {usage.account_kind}, USD without tax[/]")


def print_delta(stack: str, delta: Delta) -> None:
    """What came, went and changed, and the new month."""
    console = console_for_people()
    table = Table("", "resource", "what", box=None, pad_edge=False, header_style="dim")
    for heading in ("before", "after", "change"):
        table.add_column(heading, justify="right", no_wrap=True)
    for change in delta.changes:
        colour = _COLOURS[change.sign]
        table.add_row(
            f"[{colour}]{change.sign}[/]", change.name, "", usd(change.before), usd(change.after), _signed(change.by)
        )
        _add_items(table, change)
    if delta.changes:
        console.print(table)
    _print_silent(console, delta.after)
    words = "does not change" if abs(delta.by) < _SHOWN else f"changes by [bold]{_signed(delta.by)}[/]"
    console.print(
        f"[bold]{stack}[/]: the expected month {words}, from {usd(delta.before.expected)} to "
        f"[bold]{usd(delta.after.expected)}[/]; the worst from {usd(delta.before.worst)} to {usd(delta.after.worst)}"
    )


def _add_items(table: Table, change: Change) -> None:
    for item, before, after in change.items:
        table.add_row(
            "", "", f"[dim]{item}[/]", f"[dim]{usd(before)}[/]", f"[dim]{usd(after)}[/]", _signed(after - before)
        )


def _print_chart(console: Console, one: Estimate) -> None:
    """A bar for the share of each resource in the expected month."""
    sums = {lines[0].name: sum(line.expected for line in lines) for lines in by_resource(one.lines).values()}
    table = Table("", "", "", box=None, pad_edge=False, show_header=False)
    for name, value in sorted(sums.items(), key=lambda entry: -entry[1]):
        if value >= _SHOWN:
            share = value / one.expected
            table.add_row(name, f"[cyan]{'█' * max(round(share * _BAR), 1)}[/]", f"{share:.0%} {usd(value)}")
    console.print()
    console.print(table)
    console.print()


def _print_silent(console: Console, one: Estimate) -> None:
    for gap in one.not_priced:
        name, type_ = gap.of.resource.name, gap.of.resource.type
        console.print(f"[bold yellow]not priced[/]: {name} ({type_}): {gap.why}; what it costs comes on top")
    if one.free:
        console.print(f"[dim]{len(one.free)} types cost nothing; docs/cost.md says why[/]")
    assumed = sorted({line.item for line in one.lines if line.assumption and line.expected >= _SHOWN})
    if assumed:
        console.print(f"[dim]priced as in us-east-1 for want of a figure of the region: {', '.join(assumed)}[/]")
    unsure = sorted({line.item for line in one.lines if line.certainty == "unverified" and line.expected >= _SHOWN})
    if unsure:
        console.print(f"[dim]the figure is not certain: {', '.join(unsure)}[/]")


def _formulas(line: Line) -> str:
    marks = "".join([" (as in us-east-1)" if line.assumption else "", f" ({line.certainty})"])
    return f"{line.formula}[dim]{marks}[/]\n[dim]{line.worst_formula}[/]"


def _worst(line: Line) -> str:
    return "[bold red]unbounded[/]" if line.worst is None else usd(line.worst)


def _beyond(one: Estimate) -> str:
    count = len(one.unbounded)
    return f" [bold red]and {count} lines that nothing bounds[/], counted as expected" if count else ""


def _against(one: Estimate, budget: float | None) -> str:
    if budget is None:
        return "; there is no budget"
    fits = "[green]fits[/]" if one.expected <= budget else "[bold red]exceeds[/]"
    return f"; {fits} the budget of {usd(budget)}"


def usd(value: float) -> str:
    """Dollars and cents."""
    return f"${value:,.2f}"


def _signed(value: float) -> str:
    return f"{'-' if value < 0 else '+'}{usd(abs(value))}"
