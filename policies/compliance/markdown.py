"""The report as Markdown, for a pull request or a wiki."""

import re
from collections.abc import Iterable, Iterator, Sequence

from policies.compliance.report import ControlReport, FrameworkReport, Report, Verdict
from policies.compliance.words import by_catalogue, facts_at_head, leave, resource_name, some_names, verdict_words, why
from policies.refused import OUT_OF_REACH, REFUSED, Unanswered
from stackgraph.terminal import visible

_LINK = re.compile(r"(?:https?|ftp)(?=://)|www(?=\.)|@(?=\w)|#(?=\d)|\bGH-(?=\d)", re.IGNORECASE)
_GAP = "\u200b"
"""Nothing to see, but it keeps GitHub from finding a link, a name or a number."""


def as_markdown(report: Report) -> str:
    """The whole page."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    identity = report.identity
    yield f"# Compliance of {_cell(identity.project)}, {_cell(identity.stack)}"
    yield f"\n**{report.headline}.**\n"
    yield from _table(("", ""), facts_at_head(identity))
    yield "\n## By catalogue\n"
    yield from _coverage(report.frameworks)
    yield "\n## What does not pass\n"
    yield from _findings(report)
    for framework in report.frameworks:
        if framework.controls:
            yield f"\n## {framework.framework.title}\n"
            yield from _controls(framework.controls)
    yield "\n## Refused on purpose\n"
    yield from _unanswered(REFUSED, "why not here")
    yield "\n## Out of a stack's reach\n"
    yield from _unanswered(OUT_OF_REACH, "why no stack can")
    yield "\n## Types without a rule\n"
    yield from (f"- `{visible(type_).replace('`', '')}`" for type_ in report.uncovered)
    if not report.uncovered:
        yield "None."


def _coverage(frameworks: Iterable[FrameworkReport]) -> Iterator[str]:
    titles = (
        "catalogue",
        "in all",
        "answered by rules",
        "judged here",
        *(verdict.value for verdict in Verdict),
        "refused",
        "out of reach",
    )
    yield from _table(
        titles,
        (
            (
                one.framework.title,
                one.framework.size or "",
                len(one.controls),
                one.judged,
                *(one.count(verdict) for verdict in Verdict),
                one.refused,
                one.out_of_reach,
            )
            for one in frameworks
        ),
    )


def _findings(report: Report) -> Iterator[str]:
    rows = [
        (
            verdict_words(found.verdict, found.blocks),
            f"`{rule.rule.name}`",
            rule.rule.severity.value,
            resource_name(found.result.urn),
            "; ".join([*why(found.result), *([leave(found.result.waiver)] if found.result.waiver else [])]),
        )
        for rule, found in report.findings
    ]
    yield from _table(("", "rule", "severity", "resource", "why"), rows) if rows else ("Everything passes.",)


def _controls(controls: Iterable[ControlReport]) -> Iterator[str]:
    yield from _table(
        ("control", "verdict", "rules", "resources judged", "waiver"),
        (
            (
                one.control.id,
                verdict_words(one.verdict, one.blocks),
                ", ".join(f"`{rule.rule.name}`" for rule in one.rules),
                some_names(one.judged),
                "; ".join(f"{waiver.owner}, until {waiver.expires}" for waiver in one.waivers),
            )
            for one in controls
        ),
    )


def _unanswered(entries: Iterable[Unanswered], title: str) -> Iterator[str]:
    rows = (("; ".join(by_catalogue(one.controls)), one.asks, one.reason) for one in entries)
    yield from _table(("controls", "they ask", title), rows)


def _table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield "| " + " | ".join(titles) + " |"
    yield "|---" * len(titles) + "|"
    yield from ("| " + " | ".join(map(_cell, row)) + " |" for row in rows)


def _cell(value: object) -> str:
    """Return a value as words of one line: no markup, no picture, no link, no mention, no reference."""
    shown = _LINK.sub(lambda found: found[0] + _GAP, " ".join(visible(value).split()))
    return re.sub(r"([\\|*\[])", r"\\\1", shown).replace("<", "&lt;")
