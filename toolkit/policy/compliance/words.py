"""The texts that all forms of the report share."""

from collections.abc import Iterable, Iterator, Sequence

from toolkit.policy.compliance.evidence import Verdict
from toolkit.policy.compliance.framework_report import ControlReport, FrameworkReport
from toolkit.policy.compliance.identity import Identity
from toolkit.policy.compliance.report import Report, counted
from toolkit.policy.controls import Control, Framework
from toolkit.policy.evaluation import Outcome, Result
from toolkit.stacks.urns import Urn

BAD = (Verdict.FAIL, Verdict.UNKNOWN)
_FEW = 4
_MARKS = {
    Verdict.FAIL: "✗",
    Verdict.UNKNOWN: "?",
    Verdict.WAIVED: "~",
    Verdict.PASS: "✓",
    Verdict.NOT_APPLICABLE: "-",
    Verdict.DISABLED: "·",
    Verdict.DECLINED: "○",
    Verdict.BEYOND: "□",
}


def verdict_words(verdict: Verdict, blocks: bool) -> str:
    """Return the verdict with its mark, and whether a bad one blocks."""
    words = f"{_MARKS[verdict]} {verdict.value}"
    return words + (", blocks" if blocks else ", warns") if verdict in BAD else words


def control_words(report: ControlReport) -> str:
    """Return the verdict on a control, with its waivers and whether the rules cover only a part of it."""
    words = verdict_words(report.verdict, report.blocks)
    if report.verdict is Verdict.PASS and report.allowances:
        words += f" with {counted(len(report.allowances), 'waiver')}"
    answered = report.verdict in (Verdict.PASS, Verdict.WAIVED, *BAD)
    return f"{words} (in part)" if report.definition.partial and answered else words


def remarks(report: ControlReport) -> tuple[str, ...]:
    """Return the notes on a control's verdict: its reason, its waivers, and the parts that are left out."""
    allowed: dict[str, list[str]] = {}
    for urn, allowance in report.allowances:
        allowed.setdefault(allowance.words, []).append(resource_name(urn))
    waivers = (f"{', '.join(names)}: {words}" for words, names in allowed.items())
    partial = (f"In part: {report.definition.partial}.",) if report.definition.partial else ()
    broken = dict.fromkeys(reason for one in report.evaluations if one.verdict in BAD for reason in why(one.result))
    return (*filter(None, (report.reason,)), *broken, *waivers, *partial)


def shares(report: FrameworkReport) -> str:
    """Return the number of a catalogue's controls by verdict."""
    counts = [f"{count} {verdict.value}" for verdict in Verdict if (count := report.count(verdict))]
    if report.not_mapped:
        counts.append(f"{report.not_mapped} not mapped")
    return f"of {report.framework.size} controls: {', '.join(counts)}"


def why(result: Result) -> tuple[str, ...]:
    """Return the reasons of a result, one sentence each."""
    if result.outcome is Outcome.UNKNOWN:
        return tuple(f"cannot be evaluated while {path} is unknown" for path in result.messages)
    if result.outcome is Outcome.CRASH:
        return tuple(f"the rule failed with {kind}; correct the rule" for kind in result.messages)
    return result.messages


def resource_name(urn: str) -> str:
    """Return the logical name of a resource, with a note for one of the account's bootstrap stack."""
    parts = Urn.parse(urn)
    return f"bootstrap/{parts.name}" if parts.project.endswith("-bootstrap") else parts.name or "the stack"


def some_names(urns: Sequence[str]) -> str:
    """Return the logical names of the first few resources, and how many more there are."""
    more = len(urns) - _FEW
    names = ", ".join(map(resource_name, urns[:_FEW]))
    return f"{names} and {more} more" if more > 0 else names or "none"


def facts_at_head(identity: Identity) -> Iterator[tuple[str, str]]:
    """Yield the facts of the report with their labels."""
    yield "Project", identity.project
    yield "Stack", identity.stack
    yield "Environment", identity.environment
    yield "Account", identity.account
    yield "Region", identity.region
    yield "Evaluated", f"{identity.evaluated}, {identity.resources} resources"
    yield "Account's bootstrap stack", identity.bootstrap
    yield "On", identity.on
    yield "Rules", f"version {identity.pack}"
    if identity.commit:
        changed = ", with changes that are not committed" if identity.commit.changed else ""
        yield "Commit", f"{identity.commit.hash[:12]} of {identity.commit.date[:10]}{changed}"
    if release := identity.release:
        yield "Run", release.run
        yield "Approved by", release.approver
        yield "Package", f"sha256 {release.package}"


def by_catalogue(controls: Iterable[Control]) -> tuple[str, ...]:
    """Return the controls, one text for each catalogue with its version."""
    found: dict[str, list[str]] = {}
    for control in controls:
        found.setdefault(control.framework, []).append(control.id)
    return tuple(f"{Framework[name].title}: {', '.join(ids)}" for name, ids in found.items())


def rule_counts(report: Report) -> str:
    """Return the number of rules by verdict."""
    counts = ((verdict, report.count(verdict)) for verdict in Verdict)
    return f"{len(report.rules)} rules: " + ", ".join(f"{count} {verdict.value}" for verdict, count in counts if count)
