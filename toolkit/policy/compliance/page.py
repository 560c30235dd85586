"""The report as one HTML file without scripts, fonts and images."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from toolkit.policy.compliance.evidence import Evaluation, Verdict
from toolkit.policy.compliance.readiness import Answer, readiness
from toolkit.policy.compliance.report import ControlReport, FrameworkReport, Report, RuleReport
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

_WITHOUT_END = frozenset({"input", "meta", "wbr"})


class Element(str):
    """Finished HTML."""

    __slots__ = ()


Content = str | Iterable["Content"]


def element(name: str, /, *content: Content, **attributes: str) -> Element:
    """Return the element with its content; `class_` is the attribute class."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    end = "" if name in _WITHOUT_END else f"</{name}>"
    return Element(f"<{name}{written}>{together(*content)}{end}")


def together(*content: Content) -> Element:
    """Return several pieces one after the other."""
    return Element("".join(map(_one, content)))


def _one(content: Content) -> str:
    if isinstance(content, Element):
        return str(content)
    return escape(content) if isinstance(content, str) else together(*content)


_COLOURS = {Answer.YES: "pass", Answer.WITH_REMARKS: "warn", Answer.NO: "fail"}


def _catalogue_id(framework: Framework) -> str:
    """Return the anchor of a catalogue's section."""
    return framework.name.lower().replace("_", "-")


def _first_screen(report: Report, title: str) -> Element:
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


def _contents(report: Report) -> Element:
    """Return links to the sections."""
    found = [
        ("findings", "What does not pass"),
        ("catalogues", "By catalogue"),
        *((_catalogue_id(one.framework), one.framework.title) for one in report.frameworks),
        ("types", "Types without a rule"),
        ("rules", "Every rule"),
    ]
    links = (element("li", element("a", title, href=f"#to-{id_}")) for id_, title in found)
    return element("nav", element("h2", "Contents"), element("ul", links), aria_label="Contents")


def _filter_bar(report: Report) -> Element:
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


def _coverage(frameworks: Iterable[FrameworkReport]) -> Element:
    """Return a bar for each catalogue, over all of its controls."""
    return element("ul", (element("li", _catalogue(one)) for one in frameworks), class_="catalogues")


def _catalogue(report: FrameworkReport) -> Content:
    framework = report.framework
    return together(
        element("a", framework.title, href=f"#to-{_catalogue_id(framework)}"),
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
        element("header", _first_screen(report, title), _contents(report)),
        _filter_bar(report),
        element(
            "main",
            _section("findings", "What does not pass", _findings(report)),
            _section("catalogues", "By catalogue", _coverage(report.frameworks), text=_COVERAGE_TEXT),
            *(
                _section(_catalogue_id(one.framework), one.framework.title, _controls(one.controls), text=shares(one))
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
