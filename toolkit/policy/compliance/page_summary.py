"""The top of the page: the readiness for an auditor, the facts, the contents, the filter, and the bars."""

from collections.abc import Iterable

from toolkit.policy.compliance.elements import Content, Element, element, together
from toolkit.policy.compliance.readiness import Answer, readiness
from toolkit.policy.compliance.report import FrameworkReport, Report
from toolkit.policy.compliance.verdicts import Verdict
from toolkit.policy.compliance.words import facts_at_head, rule_counts, shares
from toolkit.policy.controls import Framework

_COLOURS = {Answer.YES: "pass", Answer.WITH_REMARKS: "warn", Answer.NO: "fail"}


def catalogue_id(framework: Framework) -> str:
    """Return the anchor of a catalogue's section."""
    return framework.name.lower().replace("_", "-")


def first_screen(report: Report, title: str) -> Element:
    """Return the first section: whether the report is ready for an auditor, and why."""
    ready = readiness(report)
    facts = (
        element("div", element("dt", label), element("dd", value)) for label, value in facts_at_head(report.identity)
    )
    return together(
        element("h1", title),
        element(
            "div",
            element("p", "May I show this to an auditor? ", element("strong", ready.answer.value), class_="question"),
            element("p", f"{report.headline}. {rule_counts(report)}"),
            element("ul", (element("li", remark) for remark in ready.remarks)),
            class_=f"answer {_COLOURS[ready.answer]}",
        ),
        element("dl", facts),
    )


def contents(report: Report) -> Element:
    """Return links to the sections."""
    found = [
        ("findings", "What does not pass"),
        ("catalogues", "By catalogue"),
        *((catalogue_id(one.framework), one.framework.title) for one in report.frameworks),
        ("types", "Types without a rule"),
        ("rules", "Every rule"),
    ]
    links = (element("li", element("a", title, href=f"#to-{id_}")) for id_, title in found)
    return element("nav", element("h2", "Contents"), element("ul", links), aria_label="Contents")


def filter_bar(report: Report) -> Element:
    """Return radio buttons that filter the rows by verdict without a script."""
    counted = {
        verdict: report.count(verdict) + sum(one.count(verdict) for one in report.frameworks) for verdict in Verdict
    }
    choices = [_choice("all", "all", checked=True)]
    choices += [
        _choice(verdict.value.replace(" ", "-"), f"{verdict.value} ({count})")
        for verdict, count in counted.items()
        if count
    ]
    return element(
        "form", element("fieldset", element("legend", "Show rows with the verdict"), choices), class_="filter"
    )


def _choice(value: str, words: str, checked: bool = False) -> Element:
    state = {"checked": "checked"} if checked else {}
    return element(
        "label", element("input", type="radio", name="show", id=f"show-{value}", value=value, **state), f" {words}"
    )


def coverage(frameworks: Iterable[FrameworkReport]) -> Element:
    """Return a bar for each catalogue, over all of its controls."""
    return element("ul", (element("li", _catalogue(one)) for one in frameworks), class_="catalogues")


def _catalogue(report: FrameworkReport) -> Content:
    framework = report.framework
    return together(
        element("a", framework.title, href=f"#to-{catalogue_id(framework)}"),
        _bar(report),
        element("span", shares(report)),
        element("small", "Total: ", framework.counted, ". ", element("a", "Source", href=framework.reference)),
    )


def _bar(report: FrameworkReport) -> Element:
    blocks = any(control.blocks for control in report.controls)
    counts = [(_colour_of(verdict, blocks), report.count(verdict)) for verdict in Verdict]
    counts.append(("not-mapped", report.not_mapped))
    parts = (element("i", class_=colour, style=f"flex:{count}") for colour, count in counts if count)
    return element("div", parts, class_="shares", role="img", aria_label=shares(report))


def _colour_of(verdict: Verdict, blocks: bool) -> str:
    return "warn" if verdict is Verdict.FAIL and not blocks else verdict.value.replace(" ", "-")
