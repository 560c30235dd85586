"""A dossier's text as sections that can shrink: the least needed rows go first, a verdict never does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
    need: int = 0
    """The section with the least need shrinks first."""

    @property
    def quiet(self) -> bool:
        """Whether it only says that there is nothing to say."""
        return bool(self.title) and not self.rows

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
    """The longest text that fits: section after section, by need, loses rows until it does."""
    shown = [section.shown(None) for section in sections]

    def text() -> str:
        return "\n\n".join(part for part in [head, *shown, foot] if part) + "\n"

    whole = text()
    for number in sorted(range(len(sections)), key=lambda number: sections[number].need):
        for rows in _ROWS:
            if fits(whole):
                return whole
            if len(sections[number].rows) > rows:
                shown[number] = sections[number].shown(rows)
                whole = text()
    return whole
