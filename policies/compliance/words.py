"""The words that every form of the report shares."""

from collections.abc import Iterable, Iterator, Sequence

from policies.compliance.identity import Identity
from policies.compliance.report import Verdict
from policies.controls import Control, Framework
from policies.judging import Outcome, Result
from policies.waivers import Waiver

BAD = (Verdict.FAIL, Verdict.UNKNOWN)
_FEW = 4
_MARKS = {
    Verdict.FAIL: "✗",
    Verdict.UNKNOWN: "?",
    Verdict.WAIVED: "~",
    Verdict.PASS: "✓",
    Verdict.NOT_APPLICABLE: "-",
    Verdict.NOT_ASKED: "·",
}


def verdict_words(verdict: Verdict, blocks: bool) -> str:
    """The verdict with its mark; of a bad one, whether it blocks."""
    words = f"{_MARKS[verdict]} {verdict.value}"
    return words + (", blocks" if blocks else ", warns") if verdict in BAD else words


def why(result: Result) -> tuple[str, ...]:
    """Why a result is no pass, a sentence for each fact."""
    if result.outcome is Outcome.UNKNOWN:
        return tuple(f"cannot be told while {path} is unknown" for path in result.messages)
    if result.outcome is Outcome.CRASH:
        return tuple(f"the rule failed with {kind}; mend the rule" for kind in result.messages)
    return result.messages


def leave(waiver: Waiver) -> str:
    """The exception with its owner, its end and its reason."""
    return f"waived by {waiver.owner} until {waiver.expires}: {waiver.reason}"


def resource_name(urn: str) -> str:
    """The logical name of a resource."""
    return urn.rpartition("::")[2] or "the stack"


def some_names(urns: Sequence[str]) -> str:
    """The logical names of the first few resources, and how many more there are."""
    more = len(urns) - _FEW
    names = ", ".join(map(resource_name, urns[:_FEW]))
    return f"{names} and {more} more" if more > 0 else names or "none"


def facts_at_head(identity: Identity) -> Iterator[tuple[str, str]]:
    """What was judged, by label."""
    yield "Project", identity.project
    yield "Stack", identity.stack
    yield "Environment", identity.environment
    yield "Account", identity.account
    yield "Region", identity.region
    yield "Judged", f"{identity.judged}, {identity.resources} resources"
    yield "On", identity.on
    yield "Rules", f"version {identity.pack}"
    if identity.commit:
        changed = ", with changes that are not committed" if identity.commit.changed else ""
        yield "Commit", f"{identity.commit.hash[:12]} of {identity.commit.date[:10]}{changed}"


def by_catalogue(controls: Iterable[Control]) -> tuple[str, ...]:
    """Controls, a text for each catalogue with its version."""
    found: dict[str, list[str]] = {}
    for control in controls:
        found.setdefault(control.framework, []).append(control.id)
    return tuple(f"{Framework[name].title}: {', '.join(ids)}" for name, ids in found.items())
