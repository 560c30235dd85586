"""Sections of Markdown that are shortened to fit a limit: rows of low priority are removed first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

VITAL = 90
"""From this need on a section is cut only when all others are gone: verdicts and data losses."""
_ROWS = (400, 200, 100, 50, 25, 12, 6, 3, 0)
"""How many rows of a section are shown, step by step, while the whole is too long."""


@dataclass(frozen=True)
class Section:
    """A title, a sentence that always stays, and rows; `header` makes a table of them."""

    title: str
    lead: str
    rows: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    folded: bool = True
    """Whether the rows are behind a click."""
    fold: str = ""
    """What is written on the fold."""
    fence: str = ""
    """The language, where the rows are one block of code that is shown whole or not at all."""
    after: str = ""
    """A sentence below the rows, which always stays."""
    need: int = 0
    """The section with the least need shrinks first."""

    def shown(self, most: int | None) -> str:
        """The section with at most so many rows."""
        parts = [f"### {self.title}", self.lead] if self.title else [self.lead]
        rows = self.rows if most is None else self.rows[:most]
        left = len(self.rows) - len(rows)
        if self.fence and left:
            return "\n\n".join([*parts, "_Too big for here; it is in the summary of the run or in dossier.json._"])
        if rows:
            body = self._body(rows)
            words = self.fold or f"{len(self.rows)} lines"
            parts.append(f"<details><summary>{words}</summary>\n\n{body}\n\n</details>" if self.folded else body)
        if left:
            parts.append(f"_{left:,} more of these {'lines ' if rows else ''}are in dossier.json, and in the summary._")
        parts.append(self.after)
        return "\n\n".join(part for part in parts if part)

    def _body(self, rows: Sequence[str]) -> str:
        if self.fence:
            return "\n".join([f"```{self.fence}", *rows, "```"])
        if not self.header:
            return "\n".join(rows)
        return "\n".join([_row(self.header), _row(["---"] * len(self.header)), *rows])


def row(*cells: str) -> str:
    """A row of a table; the cells are markup already."""
    return _row(cells)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def fit(head: str, sections: Sequence[Section], foot: str, fits: Callable[[str], bool]) -> str:
    """A text that fits: sections lose rows, those with the least need first, until it does."""
    shown = [section.shown(None) for section in sections]

    def text() -> str:
        return "\n\n".join(part for part in [head, *shown, foot] if part) + "\n"

    whole = text()
    for number, rows in _shrinking(sections):
        if fits(whole):
            break
        if len(sections[number].rows) > rows:
            shown[number] = sections[number].shown(rows)
            whole = text()
    return whole


def _shrinking(sections: Sequence[Section]) -> Iterator[tuple[int, int]]:
    """Which section is cut to how many rows, step by step; what is vital only when nothing else is left."""
    by_need = sorted(range(len(sections)), key=lambda number: sections[number].need)
    for vital in (False, True):
        cut = [number for number in by_need if (sections[number].need >= VITAL) is vital]
        yield from ((number, rows) for rows in _ROWS for number in cut)
