"""Sections of Markdown that are shortened to fit a limit: rows of low priority are removed first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

VITAL = 90
"""Sections with this need are shortened last: verdicts and data losses."""
_ROWS = (400, 200, 100, 50, 25, 12, 6, 3, 0)
"""The numbers of rows to which a section is shortened, step by step."""


@dataclass(frozen=True)
class Section:
    """A title, a sentence that is never removed, and rows; with `header` they are a table."""

    title: str
    lead: str
    rows: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    folded: bool = True
    """Whether the rows are in a closed <details> element."""
    fold: str = ""
    """The summary of the <details> element."""
    fence: str = ""
    """The language, where the rows are a block of code that is shown completely or not at all."""
    after: str = ""
    """A sentence below the rows, which is never removed."""
    need: int = 0
    """The section with the lowest need is shortened first."""

    def shown(self, most: int | None) -> str:
        """Return the section with at most this number of rows."""
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
        return "\n".join([row(*self.header), row(*["---"] * len(self.header)), *rows])


def row(*cells: str) -> str:
    """Return a row of a table; the cells are escaped already."""
    return f"| {' | '.join(cells)} |"


def fit(head: str, sections: Sequence[Section], foot: str, fits: Callable[[str], bool]) -> str:
    """Return a text within the limit: sections lose rows, those with the lowest need first."""
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
    """Yield the shortened sections with their numbers of rows, step by step; vital sections come last."""
    by_need = sorted(range(len(sections)), key=lambda number: sections[number].need)
    for vital in (False, True):
        cut = [number for number in by_need if (sections[number].need >= VITAL) is vital]
        yield from ((number, rows) for rows in _ROWS for number in cut)
