"""The report as JSON, for programs."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from policies.compliance.report import ControlReport, FrameworkReport, Judgement, Report, RuleReport, Verdict
from policies.compliance.words import why
from policies.refused import OUT_OF_REACH, REFUSED, Unanswered
from policies.services import service_of

FORMAT = 1


def as_json(report: Report) -> str:
    """The report; a key keeps its meaning as long as `format` stays the same.

    `format`; `stack` (project, stack, environment, account, region, judged, on, resources, pack, commit, file);
    `blocked`, `headline`; `rules` (name, says, service, severity, level, verdict, blocks, controls, judged: URNs,
    findings: urn, verdict, blocks, messages, waiver); `frameworks` (name, title, version, reference, coverage:
    in-all, null where nobody counted, answered, judged, a count for each verdict, refused, out-of-reach; controls: id,
    verdict, rules, judged, waivers);
    `refused` and `out-of-reach` (controls, asks, reason); `types-without-rule`.
    """
    return json.dumps(as_data(report), indent=2, ensure_ascii=False) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """What `as_json` writes."""
    return {
        "format": FORMAT,
        "stack": asdict(report.identity),
        "blocked": report.blocked,
        "headline": report.headline,
        "rules": [_rule(rule) for rule in report.rules],
        "frameworks": [_framework(one) for one in report.frameworks],
        "refused": _unanswered(REFUSED),
        "out-of-reach": _unanswered(OUT_OF_REACH),
        "types-without-rule": list(report.uncovered),
    }


def _rule(report: RuleReport) -> dict[str, Any]:
    return {
        "name": report.rule.name,
        "says": report.rule.says,
        "service": service_of(report.rule),
        "severity": report.rule.severity.value,
        "level": report.level.value,
        "verdict": report.verdict.value,
        "blocks": report.blocks,
        "controls": [str(control) for control in report.rule.controls],
        "judged": list(report.judged),
        "findings": [_finding(found) for found in report.findings],
    }


def _finding(found: Judgement) -> dict[str, Any]:
    result = found.result
    return {
        "urn": result.urn,
        "verdict": found.verdict.value,
        "blocks": found.blocks,
        "messages": list(why(result)),
        "waiver": result.waiver and result.waiver.model_dump(mode="json"),
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
            "answered": len(report.controls),
            "judged": report.judged,
            **{verdict.value.replace(" ", "-"): report.count(verdict) for verdict in Verdict},
            "refused": report.refused,
            "out-of-reach": report.out_of_reach,
        },
        "controls": [_control(control) for control in report.controls],
    }


def _control(report: ControlReport) -> dict[str, Any]:
    return {
        "id": report.control.id,
        "verdict": report.verdict.value,
        "rules": [rule.rule.name for rule in report.rules],
        "judged": list(report.judged),
        "waivers": [waiver.model_dump(mode="json") for waiver in report.waivers],
    }


def _unanswered(entries: Iterable[Unanswered]) -> list[dict[str, Any]]:
    return [
        {"controls": [str(control) for control in one.controls], "asks": one.asks, "reason": one.reason}
        for one in entries
    ]
