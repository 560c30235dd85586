"""The facts that come from outside, in policies, prices and decision records: each has a source and a date."""

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

_SOURCE = re.compile(r"https?://(?!localhost\b)[^\s)\"'>,;]+|[Mm]easured(?= \d{4})")
_DATE = re.compile(r"\b(20\d\d)-(\d\d)(?:-(\d\d))?\b")
_NOT_VERIFIED = re.compile(r"[^.]{0,60}\bnot verified\b")
_PROSE = (tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING))
_REACH = 400
"""How many characters after its source a date may stand: several sources may share the one at the end."""
OLD = timedelta(days=180)


@dataclass(frozen=True)
class OutsideFact:
    """A source that a file names, and the day on which it was read; None where the file does not tell.

    `admitted` where the file marks it as "not verified".
    """

    place: str
    source: str
    read: date | None
    admitted: bool = False

    def is_old(self, today: date) -> bool:
        """Return whether it was read more than 180 days ago."""
        return self.read is not None and today - self.read > OLD


def outside_facts(root: Path) -> list[OutsideFact]:
    """Return the sources in policies/, in the price list and in docs/adr/."""
    files = [
        *(file for file in sorted((root / "policies").rglob("*")) if file.suffix in {".py", ".yaml"}),
        *sorted((root / "docs" / "adr").glob("*.md")),
    ]
    return [fact for file in files for fact in facts_in(_prose(file), file.relative_to(root).as_posix())]


def _prose(file: Path) -> str:
    """Return the text of a file; of a Python file without the addresses that the code itself uses."""
    text = file.read_text()
    if file.suffix != ".py":
        return text
    lines = text.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in _PROSE and "://" in token.string and not re.search(r"\s", token.string):
            row, column = token.start
            line = lines[row - 1]
            lines[row - 1] = line[:column] + line[column:].replace(token.string, '""', 1)
    return "".join(lines)


def facts_in(text: str, place: str) -> Iterator[OutsideFact]:
    """Yield each source of a text with the first date that follows it in the same paragraph."""
    for found in _SOURCE.finditer(text):
        after = text[found.end() : found.end() + _REACH].split("\n\n")[0]
        line = text.count("\n", 0, found.start()) + 1
        admitted = _NOT_VERIFIED.match(after) is not None
        yield OutsideFact(f"{place}:{line}", found[0].rstrip("."), None if admitted else _day(after), admitted)


def _day(text: str) -> date | None:
    if (found := _DATE.search(text)) is None:
        return None
    year, month, day = found.groups()
    return date(int(year), int(month), int(day or 1))
