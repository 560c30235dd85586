"""The report as JSON."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from toolkit.policy.compliance.readiness import readiness
from toolkit.policy.compliance.report import ControlReport, Evaluation, FrameworkReport, Report, RuleReport, Verdict
from toolkit.policy.compliance.words import control_words, why
from toolkit.policy.controls import Unanswered
from toolkit.policy.services import service_of

FORMAT = 3


def as_json(report: Report) -> str:
    """The report; a key keeps its meaning as long as `format` stays the same.

    `format`; `stack` (project, stack, environment, account, region, evaluated, on, resources, pack, commit, file,
    bootstrap, with_account, release: run, approver, package); `auditor` (answer, remarks); `blocked`, `headline`;
    `not-evaluated` (subject, why, hides-resources);
    `rules` (name, description, service, severity, level, enforced: false for a condition of the
    report alone, verdict, blocks, controls, evaluated: URNs, findings: urn, verdict, blocks, messages, waiver);
    `frameworks` (name,
    title, version, reference, coverage: in-all, counted, answered, evaluated, a count for each verdict, not-mapped;
    controls: id, title, verdict, words, rules, evaluated, findings, waivers: urn, reason, owner, expires or reviewed,
    partial, reason); `declined`, `beyond` and `not-in-use` (controls, asks, reason); `types-without-rule`.
    """
    return json.dumps(as_data(report), indent=2, ensure_ascii=False) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """What `as_json` writes."""
    return {
        "format": FORMAT,
        "stack": asdict(report.identity),
        "auditor": {"answer": readiness(report).answer.value, "remarks": list(readiness(report).remarks)},
        "blocked": report.blocked,
        "not-evaluated": [
            {"subject": gap.subject, "why": gap.why, "hides-resources": gap.hides_resources} for gap in report.gaps
        ],
        "headline": report.headline,
        "rules": [_rule(rule) for rule in report.rules],
        "frameworks": [_framework(one) for one in report.frameworks],
        "declined": _unanswered(report.pack.controls.declined),
        "beyond": _unanswered(report.pack.controls.beyond),
        "not-in-use": _unanswered(report.pack.controls.not_in_use),
        "types-without-rule": list(report.uncovered),
    }


def _rule(report: RuleReport) -> dict[str, Any]:
    return {
        "name": report.rule.name,
        "description": report.rule.description,
        "service": service_of(report.rule),
        "severity": report.rule.severity.value,
        "level": report.level.value,
        "enforced": report.rule.enforced,
        "verdict": report.verdict.value,
        "blocks": report.blocks,
        "controls": [str(control) for control in report.rule.controls],
        "evaluated": list(report.evaluated),
        "findings": [_finding(found) for found in report.findings],
    }


def _finding(found: Evaluation) -> dict[str, Any]:
    result = found.result
    return {
        "urn": result.urn,
        "verdict": found.verdict.value,
        "blocks": found.blocks,
        "messages": list(why(result)),
        "waiver": found.allowance and found.allowance.as_data(),
    }


def _framework(report: FrameworkReport) -> dict[str, Any]:
    name, version, reference = report.framework.value
    return {
        "name": name,
        "title": report.framework.title,
        "version": version,
        "reference": reference,
        "coverage": {
            "in-all": report.framework.size,
            "counted": report.framework.counted,
            "answered": len(report.controls),
            "evaluated": report.evaluated,
            **{verdict.value.replace(" ", "-"): report.count(verdict) for verdict in Verdict},
            "not-mapped": report.not_mapped,
        },
        "controls": [_control(control) for control in report.controls],
    }


def _control(report: ControlReport) -> dict[str, Any]:
    return {
        "id": report.control.id,
        "title": report.definition.title,
        "verdict": report.verdict.value,
        "words": control_words(report),
        "rules": [rule.rule.name for rule in report.rules],
        "evaluated": list(report.evaluated),
        "findings": [_finding(one) for one in report.evaluations if one.verdict in (Verdict.FAIL, Verdict.UNKNOWN)],
        "waivers": [{"urn": urn, **allowance.as_data()} for urn, allowance in report.allowances],
        "partial": report.definition.partial,
        "reason": report.reason,
    }


def _unanswered(entries: Iterable[Unanswered]) -> list[dict[str, Any]]:
    return [
        {"controls": [str(control) for control in one.controls], "asks": one.asks, "reason": one.reason}
        for one in entries
    ]
