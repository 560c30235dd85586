"""The report as SARIF 2.1.0 for code scanning: the results that are no pass, located in the stack's file."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from toolkit.policy.accepted import Allowance
from toolkit.policy.compliance.identity import Identity
from toolkit.policy.compliance.readiness import readiness
from toolkit.policy.compliance.report import Evaluation, Report, RuleReport
from toolkit.policy.compliance.words import by_catalogue, resource_name, why
from toolkit.policy.evaluation import Result
from toolkit.policy.rule import Level, Rule, Severity

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_MOST_TAGS = 20
"""The most tags of a rule; GitHub rejects a file with more."""
_STOPPING = (Level.MANDATORY, Level.REMEDIATE)
_SCORES = {Severity.LOW: "2.0", Severity.MEDIUM: "5.5", Severity.HIGH: "8.0", Severity.CRITICAL: "9.5"}
"""Values in GitHub's ranges for low, medium, high and critical."""


def as_sarif(report: Report) -> str:
    """Return a log of one run; its id separates the uploads of the stacks."""
    identity = report.identity
    driver = {
        "name": f"{identity.project} policies",
        "version": identity.pack,
        "rules": [_descriptor(one) for one in report.rules],
    }
    run = {
        "tool": {"driver": driver},
        "properties": {"auditor": readiness(report).answer.value, "remarks": list(readiness(report).remarks)},
        "automationDetails": {"id": f"compliance/{identity.project}/{identity.stack}/"},
        "artifacts": [{"location": {"uri": identity.file}}],
        "results": [
            _result(place, one, found, identity) for place, one in enumerate(report.rules) for found in one.findings
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _descriptor(report: RuleReport) -> dict[str, Any]:
    rule = report.rule
    return {
        "id": rule.name,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.description},
        "fullDescription": {"text": rule.description},
        "help": {"text": _help(rule, ""), "markdown": _help(rule, "`")},
        "defaultConfiguration": {"level": "error" if report.level in _STOPPING else "warning"},
        "properties": {
            "security-severity": _SCORES[rule.severity],
            "precision": "very-high",
            "tags": ["security", *_tags(rule)],
        },
    }


def _tags(rule: Rule) -> Iterable[str]:
    """Return the controls as tags; by catalogue where they are more than GitHub accepts."""
    return map(str, rule.controls) if len(rule.controls) < _MOST_TAGS else by_catalogue(rule.controls)


def _help(rule: Rule, quote: str) -> str:
    answers = f"\n\nIt answers to {', '.join(map(str, rule.controls))}." if rule.controls else ""
    return f"{rule.description}{answers}\n\nMore in {quote}docs/policies.md#{rule.name}{quote}."


def _result(place: int, report: RuleReport, evaluated: Evaluation, identity: Identity) -> dict[str, Any]:
    found = evaluated.result
    name = resource_name(found.urn)
    logical = {"name": name, "fullyQualifiedName": found.urn or name, "kind": "resource"}
    return {
        "ruleId": report.rule.name,
        "ruleIndex": place,
        "level": "error" if evaluated.blocks else "note" if report.rule.severity is Severity.LOW else "warning",
        "message": {"text": f"{name}: {'; '.join(why(found)) or 'accepted'}."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": identity.file, "index": 0},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [logical],
            }
        ],
        # The fingerprint that GitHub uses; all results are on one line, so it consists of rule and resource.
        "partialFingerprints": {"primaryLocationLineHash": _fingerprint(report.rule, found)},
        "suppressions": [_suppression(evaluated.allowance)] if evaluated.allowance else [],
    }


def _fingerprint(rule: Rule, found: Result) -> str:
    return f"{sha256(f'{rule.name} {found.urn}'.encode(errors='replace')).hexdigest()[:16]}:1"


def _suppression(allowance: Allowance) -> dict[str, Any]:
    return {"kind": "external", "justification": allowance.words}
