"""Whether the report is ready for an auditor, and the remarks that belong to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from toolkit.policy.compliance.evidence import Verdict
from toolkit.policy.compliance.report import Report

_REVIEWED_EVERY = timedelta(days=365)


class Answer(Enum):
    """The readiness of a report for an auditor."""

    YES = "Yes"
    WITH_REMARKS = "Yes, with the remarks below"
    NO = "No, not yet"


@dataclass(frozen=True)
class Readiness:
    """The readiness, and the remarks that explain it."""

    answer: Answer
    remarks: tuple[str, ...]


def readiness(report: Report) -> Readiness:
    """Return the readiness of a report."""
    against = tuple(_obstacles(report))
    remarks = tuple(_remarks(report))
    answer = Answer.NO if against else Answer.WITH_REMARKS if remarks else Answer.YES
    return Readiness(answer, (*against, *remarks))


def _obstacles(report: Report) -> Iterator[str]:
    if report.blocked:
        yield f"{report.headline}: the stack may not be updated as it is."
    yield from (f"Not evaluated: {gap}." for gap in report.gaps if gap.hides_resources)
    if report.identity.commit is None:
        yield "No commit is known, so the evaluation cannot be repeated."
    elif report.identity.commit.changed:
        yield "Files differ from the commit, so the evaluation cannot be repeated; commit them first."


def _remarks(report: Report) -> Iterator[str]:
    identity = report.identity
    if warned := sum(rule.verdict in (Verdict.FAIL, Verdict.UNKNOWN) and not rule.blocks for rule in report.rules):
        yield f"{warned} rules warn; each is listed with its reason under What does not pass."
    yield from (f"Not known without an engine: {gap}." for gap in report.gaps if not gap.hides_resources)
    if report.allowances:
        owners = ", ".join(sorted({one.owner for one in report.allowances}))
        yield f"{len(report.allowances)} results rest on waivers or accepted deviations of {owners}."
    overdue = {one.reason for one in report.allowances if one.reviewed and _is_overdue(one.reviewed, identity.on)}
    if overdue:
        yield f"{len(overdue)} accepted deviations were last reviewed more than a year ago."
    if identity.release is None:
        yield f"This is {identity.evaluated}, not a deployment with a recorded run, approver and digest."
    if not identity.with_account:
        yield f"The account was not evaluated: {identity.bootstrap}."
    yield "SOC 2 and ISO 27001: the results are evidence for a part of a criterion, never for all of it."


def _is_overdue(reviewed: date, on: str) -> bool:
    return date.fromisoformat(on) - reviewed > _REVIEWED_EVERY
