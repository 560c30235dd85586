"""The report as one HTML file that needs nothing else: no script, no font, no image."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from policies.compliance.elements import Content, Element, element, together
from policies.compliance.report import ControlReport, FrameworkReport, Report, RuleReport, Verdict
from policies.compliance.words import (
    BAD,
    by_catalogue,
    facts_at_head,
    leave,
    resource_name,
    some_names,
    verdict_words,
    why,
)
from policies.judging import Result
from policies.refused import OUT_OF_REACH, REFUSED, Unanswered
from policies.services import service_of

_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def as_page(report: Report) -> str:
    """The whole file."""
    title = f"Compliance of {report.identity.project}, {report.identity.stack}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", Element(_STYLE)),
    )
    return f"<!doctype html>\n{element('html', head, element('body', _body(report, title)), lang='en')}\n"


def _body(report: Report, title: str) -> Element:
    facts = (
        element("div", element("dt", label), element("dd", value)) for label, value in facts_at_head(report.identity)
    )
    answered = [framework for framework in report.frameworks if framework.controls]
    return together(
        element("h1", title),
        element("p", report.headline, class_=f"headline {_colour(report)}"),
        element("p", f"{len(report.rules)} rules: {_counts(report)}", class_="quiet"),
        element("dl", facts),
        _section("What does not pass", _findings(report)),
        _section("By catalogue", _coverage(report.frameworks), says=_COVERAGE_SAYS),
        *(_section(one.framework.title, _controls(one.controls), says=_counts(one)) for one in answered),
        _section("Refused on purpose", _unanswered(REFUSED, "why not here"), says=_REFUSED_SAYS),
        _section("Out of a stack's reach", _unanswered(OUT_OF_REACH, "why no stack can"), says=_REACH_SAYS),
        _section("Types without a rule", _types(report.uncovered)),
        _section("Every rule", _rules(report.rules), chapter=True),
    )


_COVERAGE_SAYS = (
    "A control passes where every rule that answers to it holds for every resource of this stack that it speaks of. "
    "Not applicable: the stack has no such resource. Not asked: the rules are off in this environment. "
    "What a catalogue has in all, where it was counted, speaks of other services too."
)
_REFUSED_SAYS = "No rule answers to these controls, and none will: each would cost more than it protects."
_REACH_SAYS = "These are met, or not, by whoever owns the account; this report says nothing of them."


def _colour(report: Report) -> str:
    if report.blocked:
        return "fail"
    return "warn" if report.count(*BAD) else "pass"


def _section(title: str, content: Content, says: str = "", chapter: bool = False) -> Element:
    words = element("p", says, class_="quiet") if says else ""
    return element("section", element("h2", title), words, content, class_="chapter" if chapter else "part")


def _findings(report: Report) -> Content:
    if not report.findings:
        return element("p", "Everything passes.")
    return _table(
        ("verdict", "rule", "severity", "resource", "why and how to mend it"),
        [
            (
                _verdict(found.verdict, found.blocks),
                _link(rule),
                rule.rule.severity.value,
                _resource(found.result),
                _why(found.result),
            )
            for rule, found in report.findings
        ],
    )


def _why(found: Result) -> Content:
    said = element("ul", (element("li", sentence) for sentence in why(found)))
    if found.waiver is None:
        return said
    return element("div", said, element("span", leave(found.waiver), class_="waived"))


def _coverage(frameworks: Iterable[FrameworkReport]) -> Element:
    titles = [
        "catalogue",
        "",
        "in all",
        "answered",
        "judged here",
        *(verdict.value for verdict in Verdict),
        "refused",
        "out of reach",
    ]
    rows = []
    for one in frameworks:
        counts = [
            one.framework.size,
            len(one.controls),
            one.judged,
            *map(one.count, Verdict),
            one.refused,
            one.out_of_reach,
        ]
        link = element("a", one.framework.title, href=one.framework.reference)
        rows.append(element("tr", element("td", link), element("td", _shares(one)), map(_number, counts)))
    head = (element("th", title, **({"class_": "number"} if place > 1 else {})) for place, title in enumerate(titles))
    return element(
        "div", element("table", element("thead", element("tr", head)), element("tbody", rows)), class_="wide"
    )


def _number(count: int | None) -> Element:
    return element("td", "" if count is None else str(count), class_="number" if count else "number zero")


def _shares(report: FrameworkReport) -> Content:
    blocks = any(control.blocks for control in report.controls)
    counts = ((_colour_of(verdict, blocks), report.count(verdict)) for verdict in Verdict)
    parts = (element("i", class_=colour, style=f"flex:{count}") for colour, count in counts if count)
    return element("div", parts, class_="shares")


def _counts(report: Report | FrameworkReport) -> str:
    counts = ((verdict, report.count(verdict)) for verdict in Verdict)
    return ", ".join(f"{count} {verdict.value}" for verdict, count in counts if count)


def _controls(controls: Iterable[ControlReport]) -> Element:
    return _table(
        ("control", "verdict", "rules", "resources judged", "waiver"),
        [
            (
                element("code", _breakable(one.control.id)),
                _verdict(one.verdict, one.blocks),
                element("ul", (element("li", _link(rule)) for rule in one.rules)),
                some_names(one.judged),
                "; ".join(f"{waiver.owner}, until {waiver.expires}" for waiver in one.waivers),
            )
            for one in controls
        ],
    )


def _breakable(name: str) -> Content:
    """A long name that may go on in a new line after each underscore."""
    return [[part, element("wbr")] if part.endswith("_") else part for part in re.split("(?<=_)", name)]


def _unanswered(entries: Iterable[Unanswered], title: str) -> Element:
    return _table(
        ("controls", "they ask", title),
        [
            (element("ul", (element("li", one) for one in by_catalogue(entry.controls))), entry.asks, entry.reason)
            for entry in entries
        ],
    )


def _types(types: Sequence[str]) -> Element:
    if not types:
        return element("p", "None.")
    return element("ul", (element("li", element("code", type_)) for type_ in types))


def _rules(rules: Iterable[RuleReport]) -> Element:
    return _table(
        ("rule", "verdict", "severity", "level", "service", "what must hold", "resources judged"),
        [
            (
                element("code", one.rule.name, id=one.rule.name),
                _verdict(one.verdict, one.blocks),
                one.rule.severity.value,
                one.level.value,
                service_of(one.rule),
                one.rule.says,
                some_names(one.judged),
            )
            for one in rules
        ],
    )


def _verdict(verdict: Verdict, blocks: bool) -> Element:
    return element("span", verdict_words(verdict, blocks), class_=f"verdict {_colour_of(verdict, blocks)}")


def _colour_of(verdict: Verdict, blocks: bool) -> str:
    return "warn" if verdict is Verdict.FAIL and not blocks else verdict.value.replace(" ", "-")


def _resource(found: Result) -> Element:
    return element("span", resource_name(found.urn), title=found.urn)


def _link(rule: RuleReport) -> Element:
    return element("a", element("code", rule.rule.name), href=f"#{rule.rule.name}")


def _table(titles: Sequence[str], rows: Iterable[Sequence[Content]]) -> Element:
    head = element("thead", element("tr", (element("th", title) for title in titles)))
    body = (element("tr", (_cell(title, content) for title, content in zip(titles, row, strict=True))) for row in rows)
    return element("table", head, element("tbody", body), class_="stacked")


def _cell(title: str, content: Content) -> Element:
    if content == "":
        return element("td")
    inner = content if isinstance(content, Element) else element("span", content)
    return element("td", inner, data_label=title)
