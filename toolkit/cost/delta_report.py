"""Prints a change: the sums before and after, and the share of each resource in both months."""

from rich.table import Table

from toolkit.cost.delta import CostChange, Delta
from toolkit.cost.month import Month
from toolkit.cost.printing import SHOWN, against_budget, page, print_not_priced, signed, usd
from toolkit.stacks.terminal import styled

_COLOURS = {"+": "red", "-": "green", "~": "yellow"}


def print_delta(month: Month, delta: Delta) -> None:
    """Print the new sums with their gaps, and the changed resources; `month` is the one after the change."""
    output = page()
    name = f"{month.project}/{month.stack}"
    sides = (
        ("expected", delta.by, delta.before.expected, delta.after.expected),
        ("worst", delta.worst_by, delta.before.worst, delta.after.worst),
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
        sums = (usd(one.after), signed(one.by), usd(one.worst_after), signed(one.worst_by))
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
