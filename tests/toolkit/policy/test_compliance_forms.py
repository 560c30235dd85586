"""The formats of the report: each is complete and valid, and has no value of a property."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from tests.support.reports import FUNCTION, KEY, report, resource, waiver
from toolkit.policy.compliance.report import Report
from toolkit.policy.compliance.reports import FORMS, write
from toolkit.stacks import Secret
from toolkit.stacks.inputs import UNKNOWN

ROOT = Path(__file__).parents[3]
# Microsoft's, from the package sarif_om 1.0.4; its MIT licence lies next to it.
SARIF = json.loads((ROOT / "tests/support/sarif-2.1.0-rtm.4.json").read_text())
NASTY = '<script>alert("1")</script> | *bold* & \x00\ud800\\'
NASTY_PART = "script"
VALUE = "hunter2-and-nobody-knows"
WITHOUT_END = {"input", "meta", "wbr"}


@pytest.fixture(scope="module")
def whole() -> Report:
    """A report with everything in it: failures, an unknown, a waiver, a nasty name and a secret."""
    waived = resource(KEY, "waived", deletionWindowInDays=30)
    return report(
        resource(FUNCTION, NASTY, timeout=901, environment={"variables": Secret({"DB_PASSWORD": VALUE})}),
        resource(FUNCTION, "second", timeout=901, environment={"variables": {"DB_PASSWORD": VALUE}}),
        resource(KEY, "unsure", enableKeyRotation=UNKNOWN),
        waived,
        waivers=(waiver("kms-rotation", waived, reason=f"waits for {NASTY} to end", owner="<b>team</b>"),),
    )


def sarif(report: Report) -> dict[str, Any]:
    (run,) = json.loads(FORMS["sarif"](report))["runs"]
    return dict(run)


def junit(report: Report) -> ET.Element:
    return ET.fromstring(FORMS["xml"](report))  # noqa: S314 - the project wrote it


class Page(HTMLParser):
    """The elements of a page, which must close as they opened."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in WITHOUT_END:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("form", FORMS)
def test_no_form_holds_a_propertys_value(form: str, whole: Report) -> None:
    assert VALUE not in FORMS[form](whole)


@pytest.mark.parametrize("form", FORMS)
def test_form_is_deterministic(form: str, whole: Report) -> None:
    assert FORMS[form](whole) == FORMS[form](whole)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_accepts_any_resource_name(form: str, whole: Report, tmp_path: Path) -> None:
    write(whole, tmp_path)
    assert NASTY_PART in (tmp_path / f"prod.{form}").read_text()


@pytest.mark.parametrize("form", FORMS)
def test_every_form_names_the_waiver_with_its_owner_and_end(form: str, whole: Report) -> None:
    written = FORMS[form](whole)
    assert "team" in written
    assert "2026-11-28" in written


def test_sarif_conforms_to_its_schema(whole: Report) -> None:
    validator = jsonschema.Draft4Validator(SARIF, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(json.loads(FORMS["sarif"](whole)))] == []


def test_sarif_has_a_result_for_each_finding(whole: Report) -> None:
    found = sarif(whole)
    assert len(found["results"]) == sum(len(rule.findings) for rule in whole.rules)
    ids = [rule["id"] for rule in found["tool"]["driver"]["rules"]]
    assert all(ids[result["ruleIndex"]] == result["ruleId"] for result in found["results"])


def test_sarif_suppresses_exactly_the_waived_findings(whole: Report) -> None:
    suppressed = [result for result in sarif(whole)["results"] if result["suppressions"]]
    assert [(one["ruleId"], one["locations"][0]["logicalLocations"][0]["name"]) for one in suppressed] == [
        ("kms-rotation", "waived")
    ]


def test_sarif_fingerprints_are_unique_and_stable(whole: Report) -> None:
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in sarif(whole)["results"]]
    assert len(prints) == len(set(prints))
    alone = sarif(report(resource(FUNCTION, "second", timeout=901)))["results"]
    (found,) = (one for one in alone if one["ruleId"] == "lambda-timeout-bounded")
    assert found["partialFingerprints"]["primaryLocationLineHash"] in prints


def test_sarif_location_is_the_stack_file(whole: Report) -> None:
    files = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in sarif(whole)["results"]
    }
    assert files == {"Pulumi.prod.yaml"}


def test_sarif_level_of_a_blocking_finding_is_error(whole: Report) -> None:
    levels = {result["ruleId"]: result["level"] for result in sarif(whole)["results"]}
    assert (levels["lambda-timeout-bounded"], levels["lambda-code-signing"]) == ("error", "note")


def test_sarif_tags_a_rule_with_its_controls_and_severity(whole: Report) -> None:
    (rule,) = (one for one in sarif(whole)["tool"]["driver"]["rules"] if one["id"] == "lambda-no-secret-env")
    assert rule["properties"]["security-severity"] == "9.5"
    assert "Checkov 3.3.30 CKV_AWS_45" in rule["properties"]["tags"]


def test_sarif_rules_have_at_most_20_tags(whole: Report) -> None:
    rules = {rule["id"]: rule["properties"]["tags"] for rule in sarif(whole)["tool"]["driver"]["rules"]}
    assert max(map(len, rules.values())) <= 20
    assert any("CIS AWS Foundations Benchmark 5.0.0: 4.1, 4.2" in tag for tag in rules["cis-4-monitoring"])


def test_junit_counts_match_its_cases(whole: Report) -> None:
    suites = junit(whole)
    for element in (suites, *suites):
        cases = list(element.iter("testcase"))
        assert int(element.attrib["tests"]) == len(cases) > 0
        for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.attrib[name]) == sum(case.find(kind) is not None for case in cases)


def test_junit_has_a_case_for_each_rule_at_each_resource(whole: Report) -> None:
    cases = [(case.attrib["classname"], case.attrib["name"]) for case in junit(whole).iter("testcase")]
    assert len(cases) == sum(len(rule.evaluations) for rule in whole.rules) == len(set(cases))


def test_junit_case_fails_if_the_rule_blocks_and_is_skipped_if_it_warns(whole: Report) -> None:
    states = {
        (case.attrib["classname"].rpartition(".")[2], case.attrib["name"].rpartition("::")[2]): [
            child.tag for child in case
        ]
        for case in junit(whole).iter("testcase")
    }
    assert states["lambda-timeout-bounded", "second"] == ["failure"]
    assert states["lambda-code-signing", "second"] == ["skipped"]
    assert states["kms-rotation", "waived"] == ["skipped"]
    assert states["kms-rotation", "unsure"] == ["error"]
    assert states["lambda-ephemeral-storage", "second"] == []


def test_page_escapes_all_values(whole: Report) -> None:
    page = Page(FORMS["html"](whole))
    assert page.open == []
    assert not {"script", "b"} & {tag for tag, _ in page.seen}


def test_page_is_self_contained(whole: Report) -> None:
    html = FORMS["html"](whole)
    asked = [attributes for tag, attributes in Page(html).seen if tag != "a" and {"src", "href"} & attributes.keys()]
    assert asked == []
    assert re.search(r"url\(|@import|<link|javascript:", html) is None


def test_every_page_link_has_a_target(whole: Report) -> None:
    seen = Page(FORMS["html"](whole)).seen
    places = [attributes["id"] for _, attributes in seen if "id" in attributes]
    links = {str(attributes["href"])[1:] for _, attributes in seen if str(attributes.get("href")).startswith("#")}
    assert links <= set(places)
    assert len(places) == len(set(places))
    assert {one.rule.name for one in whole.rules} <= set(places)


def test_every_row_of_the_markdown_has_as_many_cells_as_its_table(whole: Report) -> None:
    for table in re.split(r"\n\n", FORMS["md"](whole)):
        rows = [line for line in table.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) for row in rows}) <= 1


def test_markdown_contains_no_html_from_names(whole: Report) -> None:
    assert re.findall(r"<\w+", FORMS["md"](whole)) == []


def test_json_has_the_documented_keys(whole: Report) -> None:
    found = json.loads(FORMS["json"](whole))
    assert {key: sorted(found[key][0]) for key in ("rules", "frameworks", "declined", "beyond", "not-in-use")} == {
        "rules": [
            "blocks",
            "controls",
            "description",
            "enforced",
            "evaluated",
            "findings",
            "level",
            "name",
            "service",
            "severity",
            "verdict",
        ],
        "frameworks": ["controls", "coverage", "name", "reference", "title", "version"],
        "declined": ["asks", "controls", "reason"],
        "beyond": ["asks", "controls", "reason"],
        "not-in-use": ["asks", "controls", "reason"],
    }
    others = {"format", "stack", "auditor", "blocked", "headline", "types-without-rule"}
    assert found.keys() == {"rules", "frameworks", "declined", "beyond", "not-in-use", "not-evaluated", *others}
    assert (found["format"], found["blocked"], found["stack"]["account"]) == (3, True, "333333333333")


def test_json_coverage_counts_add_up(whole: Report) -> None:
    for one in json.loads(FORMS["json"](whole))["frameworks"]:
        coverage = one["coverage"]
        assert coverage["answered"] == len(one["controls"])
        assert coverage["evaluated"] == sum(coverage[one] for one in ("pass", "waived", "fail", "unknown"))
        assert coverage["in-all"] == coverage["answered"] + coverage["not-mapped"]
