"""The report as one HTML file without scripts, fonts and images."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from toolkit.policy.compliance.elements import Content, Element, element, together
from toolkit.policy.compliance.page_summary import catalogue_id, contents, coverage, filter_bar, first_screen
from toolkit.policy.compliance.report import ControlReport, Report, RuleReport, Verdict
from toolkit.policy.compliance.verdicts import Evaluation
from toolkit.policy.compliance.words import (
    control_words,
    remarks,
    resource_name,
    shares,
    some_names,
    verdict_words,
    why,
)
from toolkit.policy.services import service_of

_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
_TITLES = {
    "findings": ("verdict", "rule", "severity", "resource", "why, and what to change"),
    "controls": ("control", "verdict", "rules", "resources", "reason, waivers, limits"),
    "each": ("rule", "verdict", "severity and level", "service", "what must hold", "resources"),
}
"""The columns of each kind of table."""
_COVERAGE_TEXT = (
    "Each bar shows all controls of a catalogue. A control passes where every rule that answers to it holds for every "
    "resource that it guards. Not applicable: there is no such resource. Not evaluated: the rules are disabled in this "
    "environment. Not mapped: the control is on services that no stack uses."
)


def as_page(report: Report) -> str:
    """The whole file."""
    title = f"Compliance of {report.identity.project}, {report.identity.stack}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", Element(_STYLE + _labels())),
    )
    return f"<!doctype html>\n{element('html', head, element('body', _body(report, title)), lang='en')}\n"


def _body(report: Report, title: str) -> Element:
    return together(
        element("header", first_screen(report, title), contents(report)),
        filter_bar(report),
        element(
            "main",
            _section("findings", "What does not pass", _findings(report)),
            _section("catalogues", "By catalogue", coverage(report.frameworks), text=_COVERAGE_TEXT),
            *(
                _section(catalogue_id(one.framework), one.framework.title, _controls(one.controls), text=shares(one))
                for one in report.frameworks
            ),
            _section("types", "Types without a rule", _types(report.uncovered)),
            _section("rules", "Every rule", _rules(report.rules), chapter=True),
        ),
    )


def _section(id_: str, title: str, content: Content, text: str = "", chapter: bool = False) -> Element:
    words = element("p", text, class_="quiet") if text else ""
    kind = "chapter" if chapter else "part"
    return element("section", element("h2", title, id=f"to-{id_}"), words, content, class_=kind)


def _findings(report: Report) -> Content:
    if not report.findings:
        return element("p", "Everything passes.")
    return _table(
        "findings",
        [
            (
                found.verdict,
                (
                    _verdict(found.verdict, found.blocks),
                    _link(rule),
                    rule.rule.severity.value,
                    element("span", resource_name(found.result.urn), title=found.result.urn),
                    _why(found),
                ),
            )
            for rule, found in report.findings
        ],
    )


def _why(found: Evaluation) -> Content:
    reasons = element("ul", (element("li", sentence) for sentence in why(found.result)))
    if found.allowance is None:
        return reasons
    return element("div", reasons, element("span", found.allowance.words, class_="waived"))


def _controls(controls: Iterable[ControlReport]) -> Element:
    return _table(
        "controls",
        [
            (
                one.verdict,
                (
                    element("div", element("code", _breakable(one.control.id)), element("small", one.definition.title)),
                    element("span", control_words(one), class_=f"verdict {_colour_of(one.verdict, one.blocks)}"),
                    element("ul", (element("li", _link(rule)) for rule in one.rules)) if one.rules else "",
                    some_names(one.evaluated) if one.evaluated else "",
                    element("ul", (element("li", remark) for remark in remarks(one))) if remarks(one) else "",
                ),
            )
            for one in controls
        ],
    )


def _breakable(name: str) -> Content:
    """Return a long name that can wrap after each underscore."""
    return [[part, element("wbr")] if part.endswith("_") else part for part in re.split("(?<=_)", name)]


def _types(types: Sequence[str]) -> Element:
    if not types:
        return element("p", "None.")
    return element("ul", (element("li", element("code", type_)) for type_ in types))


def _rules(rules: Iterable[RuleReport]) -> Element:
    return _table(
        "each",
        [
            (
                one.verdict,
                (
                    element("code", one.rule.name, id=one.rule.name),
                    _verdict(one.verdict, one.blocks),
                    f"{one.rule.severity.value}, {one.level.value if one.rule.enforced else 'report only'}",
                    service_of(one.rule),
                    one.rule.description,
                    some_names(one.evaluated) if one.evaluated else "",
                ),
            )
            for one in rules
        ],
    )


def _verdict(verdict: Verdict, blocks: bool) -> Element:
    return element("span", verdict_words(verdict, blocks), class_=f"verdict {_colour_of(verdict, blocks)}")


def _colour_of(verdict: Verdict, blocks: bool) -> str:
    return "warn" if verdict is Verdict.FAIL and not blocks else verdict.value.replace(" ", "-")


def _link(rule: RuleReport) -> Element:
    return element("a", element("code", rule.rule.name), href=f"#{rule.rule.name}")


def _table(kind: str, rows: Iterable[tuple[Verdict, Sequence[Content]]]) -> Element:
    head = element("thead", element("tr", (element("th", title, scope="col") for title in _TITLES[kind])))
    body = (element("tr", map(_cell, row), class_=f"is-{verdict.value.replace(' ', '-')}") for verdict, row in rows)
    return element("table", head, element("tbody", body), class_=f"stacked {kind}")


def _cell(content: Content) -> Element:
    if content == "":
        return element("td")
    return element("td", content if isinstance(content, Element) else element("span", content))


def _labels() -> str:
    """Return the column titles as labels of cells, for narrow screens."""
    rules = "\n".join(
        f'  .{kind} td:nth-child({place})::before {{ content: "{title}"; }}'
        for kind, titles in _TITLES.items()
        for place, title in enumerate(titles, 1)
    )
    return f"@media screen and (max-width: 44rem) {{\n{rules}\n}}\n"
