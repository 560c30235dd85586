"""The report as JUnit XML: a suite for each service, a case for each rule and resource."""

import re
from xml.etree import ElementTree as ET

from toolkit.policy.compliance.report import Evaluation, Report, RuleReport, Verdict
from toolkit.policy.compliance.words import resource_name, why
from toolkit.policy.evaluation import Outcome
from toolkit.policy.services import service_of

_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def as_junit(report: Report) -> str:
    """Return the report as XML: a blocking result is a failure, an unknown one an error, all others are skipped."""
    suites = ET.Element("testsuites", name=f"{report.identity.project}, {report.identity.stack}")
    by_service: dict[str, ET.Element] = {}
    for rule in report.rules:
        service = service_of(rule.rule)
        if rule.evaluations and service not in by_service:
            by_service[service] = ET.SubElement(suites, "testsuite", name=service)
        for evaluated in rule.evaluations:
            by_service[service].append(_case(rule, evaluated, report))
    for suite in by_service.values():
        _count(suite, list(suite))
        suite.set("timestamp", f"{report.identity.on}T00:00:00")
    _count(suites, [case for suite in by_service.values() for case in suite])
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _case(report: RuleReport, evaluated: Evaluation, whole: Report) -> ET.Element:
    result = evaluated.result
    case = ET.Element(
        "testcase",
        classname=_text(f"{whole.identity.project}.{whole.identity.stack}.{report.rule.name}"),
        name=_text(result.urn or "the stack"),
        time="0",
    )
    reasons = "; ".join(why(result))
    if report.verdict is Verdict.NOT_APPLICABLE:
        ET.SubElement(case, "skipped", message="the stack has no such resource")
    elif evaluated.verdict is Verdict.PASS:
        pass
    elif evaluated.allowance:
        ET.SubElement(case, "skipped", message=_text(evaluated.allowance.words))
    elif not evaluated.blocks:
        ET.SubElement(case, "skipped", message=_text(f"warns: {reasons}"))
    else:
        kind = "failure" if result.outcome is Outcome.FAIL else "error"
        worse = ET.SubElement(case, kind, message=_text(reasons), type=report.rule.severity.value)
        worse.text = _text(f"{report.rule.description}\n{resource_name(result.urn)}: {reasons}")
    return case


def _count(element: ET.Element, cases: list[ET.Element]) -> None:
    element.set("tests", str(len(cases)))
    for name, kind in _COUNTED.items():
        element.set(name, str(sum(case.find(kind) is not None for case in cases)))


def _text(text: str) -> str:
    """Return the text without characters that are invalid in XML."""
    return _NOT_IN_XML.sub("", text)
