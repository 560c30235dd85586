"""Measured figures side by side: medians, ratios of the rounds of one run, and the goals they are held against."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One figure: how much, in what unit, against whom, and what was aimed at."""

    name: str
    value: float
    unit: str
    ratio: float | None = None
    goal: str = ""


@dataclass(frozen=True)
class Result:
    """The rows of one benchmark; ratios are against the row named in the title."""

    title: str
    rows: list[Row]

    def as_json(self) -> dict[str, object]:
        """Plain values for a file."""
        return {"title": self.title, "rows": [asdict(row) for row in self.rows]}


def interleaved(names: Sequence[str], rounds: int, measure: Callable[[str], float]) -> dict[str, list[float]]:
    """Measure everyone in turn, round after round, so that a machine that slows down slows all of them."""
    taken: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            taken[name].append(measure(name))
    return taken


def ratio(taken: Mapping[str, list[float]], name: str, reference: str) -> float:
    """The median of the ratios within each round."""
    return statistics.median(a / b for a, b in zip(taken[name], taken[reference], strict=True))


def rows_of(
    taken: Mapping[str, list[float]], reference: str, unit: str, scale: float, goals: Mapping[str, str]
) -> list[Row]:
    """A row per name: its median in `unit` (seconds times `scale`) and its ratio to the reference."""
    return [
        Row(name, statistics.median(values) * scale, unit, ratio(taken, name, reference), goals.get(name, ""))
        for name, values in taken.items()
    ]


def show(result: Result, console: Console) -> None:
    """Print a result as a table."""
    table = Table(title=result.title, title_justify="left", title_style="bold")
    table.add_column("what")
    table.add_column("measured", justify="right")
    table.add_column("ratio", justify="right")
    table.add_column("goal", justify="right")
    for row in result.rows:
        shown = f"{row.ratio:.2f} x" if row.ratio is not None else ""
        table.add_row(row.name, f"{row.value:,.2f} {row.unit}", shown, row.goal)
    console.print(table)
