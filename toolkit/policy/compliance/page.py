"""The report as one HTML file without scripts, fonts and images."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from toolkit.policy.compliance.framework_report import FrameworkReport
from toolkit.policy.compliance.readiness import Answer, readiness
from toolkit.policy.compliance.report import Report, Verdict
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
from toolkit.policy.controls import Framework
from toolkit.policy.services import service_of

_COLOURS = {Answer.YES: "pass", Answer.WITH_REMARKS: "warn", Answer.NO: "fail"}


def as_page(report: Report) -> str:
    """Return the whole file; the template escapes every value."""
    ready = readiness(report)
    return _template().render(
        report=report,
        title=f"Compliance of {report.identity.project}, {report.identity.stack}",
        ready=ready,
        answer_colour=_COLOURS[ready.answer],
        counts={
            verdict: report.count(verdict) + sum(one.count(verdict) for one in report.frameworks) for verdict in Verdict
        },
    )


@cache
def _template() -> Template:
    files = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        autoescape=True, loader=files, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    environment.globals |= {function.__name__: function for function in _FUNCTIONS}
    return environment.get_template("page.html")


def anchor(framework: Framework) -> str:
    """Return the anchor of a catalogue's section."""
    return framework.name.lower().replace("_", "-")


def bar(report: FrameworkReport) -> Iterator[tuple[str, int]]:
    """Yield the colours of a catalogue's bar with their numbers of controls."""
    blocks = any(control.blocks for control in report.controls)
    counts = [(colour(verdict, blocks), report.count(verdict)) for verdict in Verdict]
    counts.append(("not-mapped", report.not_mapped))
    yield from ((name, count) for name, count in counts if count)


def colour(verdict: Verdict, blocks: bool) -> str:
    """Return the CSS class of a verdict's colour."""
    return "warn" if verdict is Verdict.FAIL and not blocks else dashed(verdict)


def dashed(verdict: Verdict) -> str:
    """Return a verdict as a CSS class and as a value of the filter."""
    return verdict.value.replace(" ", "-")


_FUNCTIONS = (
    *(anchor, bar, colour, dashed, service_of),
    *(control_words, facts_at_head, remarks, resource_name, rule_counts, shares, some_names, verdict_words, why),
)
"""What the template calls."""
