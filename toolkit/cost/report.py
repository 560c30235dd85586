"""Prints an estimate and a change: sums, shares of the budget, a chart, the lines, and on request each formula."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from toolkit.cost.delta import CostChange, Delta
from toolkit.cost.estimate import Estimate, Line, Lines, by_resource
from toolkit.cost.month import Month
from toolkit.cost.usage import UNUSED
from toolkit.stacks.terminal import Part, console, styled

SHOWN = 0.005
"""Half a cent: less is not shown."""
_WIDTH = 100
"""The columns of a report; fewer on a narrower terminal."""
_NAME = 28
"""Columns of a name in the chart."""
_AMOUNTS = 44
"""Columns of the chart that are neither name nor bar."""
_LONGEST = 12
"""Resources that the chart shows; the others share a row."""
_COLOURS = {"+": "red", "-": "green", "~": "yellow"}


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


@dataclass(frozen=True)
class _Row(Lines):
    """The lines of one resource, or of several."""

    name: str

    @property
    def at_least(self) -> str:
        """Return the sign of a worst sum with a line that nothing bounds."""
        return "≥ " if self.unbounded else ""


def print_estimate(month: Month, *, formulas: bool) -> None:
    """Print the sums with their gaps, the chart, the lines, and the assumptions."""
    output, one = page(), month.estimate
    _print_sums(output, month)
    _print_chart(output, month)
    _print_lines(output, month, formulas=formulas)
    _print_notes(output, one)
    if not formulas:
        output.print("--formulas shows how each line comes about", style="dim")
    if one.reading:
        output.print(f"worst month: {one.reading}", style="dim")
    dated, kind = month.prices.dated, month.usage.account_kind
    output.print(f"prices of {dated}, account kind {kind}, USD without tax", style="dim")


def _print_sums(output: Console, month: Month) -> None:
    one = month.estimate
    name = f"{month.project}/{month.stack}"
    output.print(
        styled(
            (name, "bold"), ": expected ", (usd(one.expected), "bold"), " a month", *against_budget(month, one.expected)
        )
    )
    worst: list[Part] = [
        "worst ",
        (usd(one.worst), "bold"),
        *(against_budget(month, one.worst) if month.budget else ()),
    ]
    if count := len(one.unbounded):
        worst += ["; ", (f"nothing bounds {count} line{'s' if count > 1 else ''}", "bold red"), ", counted as expected"]
    output.print(styled(*worst))
    print_not_priced(output, one)
    if other := one.prices_of_other_regions:
        output.print(styled((other, "yellow")))
    if month.usage is UNUSED:
        output.print(
            "its file has no usage: what depends on use counts as 0, or as the profile's defaults", style="yellow"
        )
    output.print()


def _print_chart(output: Console, month: Month) -> None:
    """Return a chart with a bar per resource for the expected and for the worst month."""
    rows = _chart_rows(month.estimate)
    if not rows:
        return
    length = max((output.width - _NAME - _AMOUNTS) // 2, 4)
    most = max(row.expected for row in rows), max(row.worst for row in rows)
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("resource", max_width=_NAME, overflow="fold")
    for heading in ("expected", "worst"):
        table.add_column(heading, min_width=length, no_wrap=True)
        table.add_column("", justify="right", no_wrap=True)
        table.add_column("", justify="right", no_wrap=True)
    for row in rows:
        sides = ((row.expected, most[0], "cyan", ""), (row.worst, most[1], "magenta", row.at_least))
        cells = [
            cell
            for value, full, colour, mark in sides
            for cell in (_bar(value, full, length, colour), mark + usd(value), styled((month.share(value), "dim")))
        ]
        table.add_row(row.name, *cells)
    output.print(table)
    output.print()


def _chart_rows(one: Estimate) -> list[_Row]:
    """Return the resources with the largest sums, and one row for all others."""
    rows = [row for row in _rows(one) if max(row.expected, row.worst) >= SHOWN]
    weights = {row: max(row.expected / (one.expected or 1), row.worst / (one.worst or 1)) for row in rows}
    shown = set(sorted(rows, key=lambda row: -weights[row])[:_LONGEST])
    rest = [row for row in rows if row not in shown]
    others = [_Row(tuple(line for row in rest for line in row.lines), f"{len(rest)} others")] if rest else []
    return [row for row in rows if row in shown] + others


def _rows(one: Estimate) -> list[_Row]:
    """Return the sums of each resource, the largest first."""
    sums = [_Row(tuple(lines), lines[0].name) for lines in by_resource(one.lines).values()]
    return sorted(sums, key=lambda row: (-row.expected, -row.worst))


def _bar(value: float, full: float, length: int, colour: str) -> Text:
    if value < SHOWN or not full:
        return Text()
    return styled(("█" * round(value / full * length) or "▏", colour))


def _print_lines(output: Console, month: Month, *, formulas: bool) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("resource and price-list item", overflow="fold")
    for heading in ("expected", "budget", "worst", "budget"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in _rows(month.estimate):
        is_one_row = len(row.lines) == 1 or max(row.expected, row.worst) < SHOWN
        items = f"  {', '.join(line.item for line in row.lines)}" if is_one_row else ""
        worst = f"{row.at_least}{usd(row.worst)}"
        name = styled((row.name, "bold"), items)
        table.add_row(name, usd(row.expected), month.share(row.expected), worst, month.share(row.worst))
        for line in row.lines:
            if not is_one_row:
                _add_line(table, month, line)
            if formulas:
                table.add_row(Padding(_formulas(line), (0, 0, 0, 4)))
    if table.row_count:
        output.print(table)
        output.print()


def _add_line(table: Table, month: Month, line: Line) -> None:
    most, share = ("unbounded", "red"), ""
    if line.worst is not None:
        most, share = (usd(line.worst), "dim"), month.share(line.worst)
    expected = (usd(line.expected), "dim"), (month.share(line.expected), "dim")
    table.add_row(f"  {line.item}", *(styled(cell) for cell in (*expected, most, (share, "dim"))))


def _formulas(line: Line) -> Text:
    marks = f" [{line.certainty}: {', '.join(line.source)}]" + (f" ({line.assumption})" if line.assumption else "")
    worst = "" if line.worst_formula == line.formula else f"\nat worst {line.worst_formula}"
    return styled(line.formula, (marks, "dim"), (worst, "dim"))


def _print_notes(output: Console, one: Estimate) -> None:
    if one.free:
        output.print(f"{len(one.free)} types cost nothing; docs/cost.md says why", style="dim")
    shown = [line for line in one.lines if line.expected >= SHOWN]
    for assumption in sorted({line.assumption for line in shown} - {""}):
        items = sorted({line.item for line in shown if line.assumption == assumption})
        output.print(f"assumed: {assumption} ({', '.join(items)})", style="dim")
    unsure = sorted({line.item for line in shown if line.certainty == "unverified"})
    if unsure:
        output.print(f"the figure is not certain: {', '.join(unsure)}", style="dim")


def print_delta(month: Month, delta: Delta) -> None:
    """Print the new sums with their gaps, and the changed resources; `month` is the one after the change."""
    output = page()
    name = f"{month.project}/{month.stack}"
    sides = (
        ("expected", delta.expected_change, delta.before.expected, delta.after.expected),
        ("worst", delta.worst_change, delta.before.worst, delta.after.worst),
    )
    for which, by, before, after in sides:
        changed = "does not change" if abs(by) < SHOWN else "changes by "
        output.print(
            styled(
                (f"{name}: " if which == "expected" else "", "bold"),
                f"the {which} month {changed}",
                ("" if abs(by) < SHOWN else signed(by), "bold"),
                f", from {usd(before)} to ",
                (usd(after), "bold"),
                *(against_budget(month, after) if month.budget or which == "expected" else ()),
            )
        )
    print_not_priced(output, delta.after)
    if delta.changes:
        output.print()
        output.print(_table(delta.changes))


def _table(changes: tuple[CostChange, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    table.add_column("resource and price-list item", overflow="fold")
    for heading in ("expected", "change", "worst", "change"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in changes:
        sums = (usd(one.after), signed(one.expected_change), usd(one.worst_after), signed(one.worst_change))
        table.add_row(styled((one.sign, _COLOURS[one.sign])), styled((one.name, "bold")), *sums)
        expected = {item: (after, after - before) for item, before, after in one.items}
        worst = {item: (after, after - before) for item, before, after in one.worst_items}
        for item in dict.fromkeys([*expected, *worst]):
            cells = [
                text
                for side in (expected, worst)
                for text in ((usd(side[item][0]), signed(side[item][1])) if item in side else ("", "="))
            ]
            table.add_row("", f"  {item}", *(styled((cell, "dim")) for cell in cells))
    return table
