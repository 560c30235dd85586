"""The report as Markdown, for a pull request or a wiki."""

import re
from collections.abc import Iterable, Iterator, Sequence

from toolkit.policy.compliance.readiness import readiness
from toolkit.policy.compliance.report import ControlReport, FrameworkReport, Report
from toolkit.policy.compliance.words import (
    control_words,
    facts_at_head,
    remarks,
    resource_name,
    rule_counts,
    shares,
    some_names,
    verdict_words,
    why,
)
from toolkit.stacks.terminal import visible

_LINK = re.compile(r"(?:https?|ftp)(?=://)|www(?=\.)|@(?=\w)|#(?=\d)|\bGH-(?=\d)", re.IGNORECASE)
_GAP = "\u200b"
"""An invisible character that keeps GitHub from linking a name, a number or an address."""


def as_markdown(report: Report) -> str:
    """The whole page."""
    return "\n".join(_lines(report)) + "\n"


def summary(report: Report) -> Iterator[str]:
    """Return the readiness and the facts as a few lines for the summary of a run."""
    yield f"### Compliance of {_cell(report.identity.project)}, {_cell(report.identity.stack)}: {report.headline}"
    yield from _answer(report)
    yield from _table(("", ""), facts_at_head(report.identity))


def _answer(report: Report) -> Iterator[str]:
    ready = readiness(report)
    yield f"\n**May this be shown to an auditor? {ready.answer.value}.**\n"
    yield from (f"- {_cell(remark)}" for remark in ready.remarks)
    yield ""


def _lines(report: Report) -> Iterator[str]:
    identity = report.identity
    yield f"# Compliance of {_cell(identity.project)}, {_cell(identity.stack)}"
    yield f"\n**{report.headline}.** {rule_counts(report)}"
    yield from _answer(report)
    yield from _table(("", ""), facts_at_head(identity))
    yield "\n## What does not pass\n"
    yield from _findings(report)
    yield "\n## By catalogue\n"
    yield from _coverage(report.frameworks)
    for framework in report.frameworks:
        yield f"\n## {framework.framework.title}\n"
        yield from _controls(framework.controls)
    yield "\n## Types without a rule\n"
    yield from (f"- `{visible(type_).replace('`', '')}`" for type_ in report.uncovered)
    if not report.uncovered:
        yield "None."


def _coverage(frameworks: Iterable[FrameworkReport]) -> Iterator[str]:
    rows = ((one.framework.title, shares(one), one.framework.counted) for one in frameworks)
    yield from _table(("catalogue", "verdicts", "source of the total"), rows)


def _findings(report: Report) -> Iterator[str]:
    rows = [
        (
            verdict_words(found.verdict, found.blocks),
            f"`{rule.rule.name}`",
            rule.rule.severity.value,
            resource_name(found.result.urn),
            "; ".join([*why(found.result), *([found.allowance.words] if found.allowance else [])]),
        )
        for rule, found in report.findings
    ]
    yield from _table(("", "rule", "severity", "resource", "why"), rows) if rows else ("Everything passes.",)


def _controls(controls: Iterable[ControlReport]) -> Iterator[str]:
    yield from _table(
        ("control", "title", "verdict", "rules", "resources", "reason, waivers, limits"),
        (
            (
                one.control.id,
                one.definition.title,
                control_words(one),
                ", ".join(f"`{rule.rule.name}`" for rule in one.rules),
                some_names(one.evaluated) if one.evaluated else "",
                "; ".join(remarks(one)),
            )
            for one in controls
        ),
    )


def _table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield "| " + " | ".join(titles) + " |"
    yield "|---" * len(titles) + "|"
    yield from ("| " + " | ".join(map(_cell, row)) + " |" for row in rows)


def _cell(value: object) -> str:
    """Return a value as plain text in one line: no markup, no picture, no link, no mention, no reference."""
    shown = _LINK.sub(lambda found: found[0] + _GAP, " ".join(visible(value).split()))
    return re.sub(r"([\\|*\[])", r"\\\1", shown).replace("<", "&lt;")
