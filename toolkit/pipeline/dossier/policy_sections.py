"""The sections on policies: blocking, new, resolved and earlier violations, and waivers."""

from collections.abc import Callable, Iterator
from itertools import starmap

from toolkit.pipeline.dossier.model import Dossier
from toolkit.pipeline.dossier.point import findings
from toolkit.pipeline.dossier.sections import Section, row
from toolkit.pipeline.dossier.stack_sections import stacks
from toolkit.pipeline.dossier.texts import code, count, plain, shared
from toolkit.pipeline.preview.model import PolicyFinding

_SEVERITIES = {"critical": 0, "high": 1, "medium": 2, "low": 3}
_HEADER = ("Level", "Rule and resource", "Why", "Stacks")
_FEW = 5

_Findings = list[tuple[PolicyFinding, tuple[str, ...]]]


def blocked(dossier: Dossier) -> Section | None:
    """Return the violations that block an update."""
    violations = _worst_first(dossier, lambda finding: finding.blocks)
    if not violations:
        return None
    lead = f"{count(len(violations), 'violation')} must be fixed, or waived, before an update."
    return Section("Policies: blocked", lead, tuple(starmap(_row, violations)), _HEADER, folded=False, need=80)


def policies(dossier: Dossier) -> Iterator[Section]:
    """Yield the new advisory violations, the resolved ones, and the changes of the policies."""
    fresh = _worst_first(dossier, lambda finding: finding.new and not finding.blocks)
    if fresh:
        lead = f"{count(len(fresh), 'violation')} that the base does not have."
        yield Section("Policies: new", lead, tuple(starmap(_row, fresh)), _HEADER, folded=len(fresh) > _FEW, need=70)
    if rows := tuple(_verdict_changes(dossier)):
        yield Section("Policies: changed", "", rows, folded=len(rows) > _FEW, need=65)


def known_warnings(dossier: Dossier, *, in_full: bool) -> Section | None:
    """Return the violations that the base has too: a count with a link, and in the summary of a run all of them."""
    known = _worst_first(dossier, lambda finding: not finding.new and not finding.blocks)
    if not known:
        return None
    what = f"{count(len(known), 'warning')} as before"
    if in_full:
        return Section("", "", tuple(starmap(_row, known)), _HEADER, fold=what, need=20)
    where = f"[summary of the run]({dossier.run})" if dossier.run else "`./stack policies`"
    return Section("", f"{what}: {where}.", need=20)


def _verdict_changes(dossier: Dossier) -> Iterator[str]:
    guards = dossier.guards
    resolved = shared((each, stack.stack) for stack in dossier.stacks for each in stack.resolved)
    yield from (f"- Resolved: {code(each)} in {stacks(in_stacks)}" for each, in_stacks in resolved)
    for title, lines in (
        ("Waiver added", guards.waivers_added),
        ("Waiver removed", guards.waivers_removed),
        ("Waiver expired", guards.waivers_expired),
        ("Weaker", guards.weakened),
    ):
        yield from (f"- **{title}**: {plain(line, 500)}" for line in sorted(lines))
    if guards.files:
        yield f"- Files of the policies that change: {', '.join(code(name) for name in guards.files[:20])}"


def _worst_first(dossier: Dossier, wanted: Callable[[PolicyFinding], bool]) -> _Findings:
    return sorted(findings(dossier, wanted), key=lambda each: _SEVERITIES.get(each[0].severity, len(_SEVERITIES)))


def _row(one: PolicyFinding, in_stacks: tuple[str, ...]) -> str:
    level = f"**{one.level}**" if one.blocks else plain(one.level)
    waiver = f"<br>**Waived**: {plain(one.waiver)}" if one.waiver else ""
    return row(
        f"{level}<br>{plain(one.severity)}",
        f"{code(one.rule)}<br>{_place(one.urn)}",
        f"{plain(one.message, 600)}{waiver}",
        stacks(in_stacks),
    )


def _place(resource: str) -> str:
    """Return the name in a URN without its stack, with the type below it, as a wide table hides its last columns."""
    types, _, name = resource.partition("::")
    return f"{code(name)}<br><sub>{code(types.rpartition('$')[2])}</sub>" if name else code(resource) or "the stack"
