"""What a dossier says of stacks: verdicts, what endangers data, findings, changes; what several share is said once."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar

from pipeline.dossier.escaping import code, plain
from pipeline.dossier.model import Dossier, Kind, Verdict
from pipeline.dossier.sections import Section, row
from pipeline.preview.report import Change, Cost, Finding, Operation, Preview, Property

Key = TypeVar("Key", bound=Hashable)
MARKS: dict[Kind, str] = {"failed": "🔴", "blocked": "🔴", "danger": "🟠", "changes": "🟢", "unchanged": "⚪"}
SIGNS: dict[Operation, str] = {"create": "+", "update": "~", "replace": "±", "delete": "-"}
_SEVERITIES = {"critical": 0, "high": 1, "medium": 2, "low": 3}
_BADNESS: dict[Operation, int] = {"delete": 0, "replace": 1, "update": 2, "create": 3}
_SHOWN_PROPERTIES = 6
LEAST = 0.005
"""Less than half a cent is nothing."""


def verdicts(dossier: Dossier) -> Section:
    """A line for each stack."""
    rows = (_verdict(stack, verdict) for stack, verdict in zip(dossier.stacks, dossier.verdicts, strict=True))
    header = ("", "Stack", "Verdict", "Changes", "USD a month, expected", "at worst")
    return Section("", "", tuple(rows), header, folded=False, need=100)


def failures(dossier: Dossier) -> Section | None:
    """Why previews failed, and what is uncertain in others."""
    told = [(stack.error, stack.stack) for stack in dossier.stacks if stack.error]
    notes = [(note, stack.stack) for stack in dossier.stacks for note in stack.notes]
    rows = [f"> [!CAUTION]\n> {stacks(who)}: {plain(words, 1500)}\n" for words, who in shared(told)]
    rows += [f"> [!NOTE]\n> {stacks(who)}: {plain(words, 1500)}\n" for words, who in shared(notes)]
    return Section("", "", tuple(rows), folded=False, need=95) if rows else None


def dangers(dossier: Dossier) -> Section | None:
    """What can lose data, and what is lost."""
    found = [((one.urn.rpartition("::")[2], one.what, one.lost), stack) for stack, one in dossier.dangers]
    if not found:
        return None
    rows = tuple(
        f"- {stacks(who)}: {code(name)} **{plain(what)}**. Lost: {plain(lost)}."
        for (name, what, lost), who in shared(found)
    )
    return Section("🟠 Data in danger", "", rows, folded=False, need=90)


def policies(dossier: Dossier) -> Iterator[Section]:
    """What the rules found: what blocks, then what is new."""
    told = _told(dossier)
    blocked = [each for each in told if each[0].blocks]
    fresh = [each for each in told if each[0].new and not each[0].blocks]
    if blocked:
        lead = f"{_number(blocked, 'finding')} must be mended, or waived, before an update."
        yield Section("🔴 Policies: blocked", lead, _rows(blocked), _POLICY_HEADER, folded=False, need=80)
    lead = (
        "The rules hold."
        if not told
        else f"New with this change: {len(fresh)}. Known before: {len(told) - len(fresh) - len(blocked)}."
    )
    yield Section("" if blocked else "Policies", lead, _rows(fresh), _POLICY_HEADER, folded=len(fresh) > 5, need=70)


def known_warnings(dossier: Dossier) -> Section | None:
    """What the base has too."""
    known = [each for each in _told(dossier) if not each[0].new and not each[0].blocks]
    if not known:
        return None
    return Section("", "", _rows(known), _POLICY_HEADER, fold=f"{_number(known, 'warning')} as before", need=20)


def changes(dossier: Dossier) -> Section:
    """Every resource that changes, and how."""
    found = [(_change_without_stack(change), stack.stack) for stack in dossier.stacks for change in stack.changes]
    told = sorted(shared(found), key=lambda each: _BADNESS[each[0].operation])
    if not told:
        return Section("Changes", "No resource changes in any stack.", need=60)
    counts: Counter[str] = Counter(change.operation for change, _ in told)
    lead = ", ".join(f"{counts[kind]:,} to {kind}" for kind in _BADNESS if counts[kind])
    rows = tuple(_change(change, who) for change, who in told)
    header = ("", "Resource", "Type", "What changes", "Stacks")
    return Section("Changes", f"{lead}.", rows, header, folded=len(rows) > 12, need=50)


def shared(found: Iterable[tuple[Key, str]]) -> list[tuple[Key, tuple[str, ...]]]:
    """What is said, once, with all the stacks of which it is said."""
    who: dict[Key, dict[str, None]] = {}
    for words, stack in found:
        who.setdefault(words, {})[stack] = None
    return [(words, tuple(names)) for words, names in who.items()]


def stacks(names: Iterable[str]) -> str:
    """Stacks by name; whoever names a stack or a branch does not write the comment."""
    return ", ".join(f"**{plain(name, 60)}**" for name in names)


def money(value: float) -> str:
    """An amount; the currency stands in the heading, as a dollar sign starts mathematics on GitHub."""
    return f"{value:,.2f}"


def _verdict(preview: Preview, verdict: Verdict) -> str:
    counts: Counter[str] = Counter(change.operation for change in preview.changes)
    moved = " ".join(f"{sign}{counts[kind]:,}" for kind, sign in SIGNS.items() if counts[kind])
    cost = preview.cost
    expected = _money(cost.expected, cost.expected_delta) if cost else "-"
    words = plain(verdict.words)
    return row(MARKS[verdict.kind], stacks([preview.stack]), words, moved or "none", expected, _at_worst(cost))


def _at_worst(cost: Cost | None) -> str:
    if cost is None:
        return "-"
    return f"{_money(cost.worst, cost.worst_delta)}{' and more' if cost.unbounded else ''}"


def _money(value: float, delta: float | None) -> str:
    moved = f" **({'+' if delta > 0 else '-'}{money(abs(delta))})**" if delta and abs(delta) >= LEAST else ""
    return f"{money(value)}{moved}"


_POLICY_HEADER = ("Level", "Rule and resource", "Why", "Stacks")


def _told(dossier: Dossier) -> list[tuple[Finding, tuple[str, ...]]]:
    found = [(_without_stack(finding), stack.stack) for stack in dossier.stacks for finding in stack.policies]
    return sorted(shared(found), key=lambda each: _SEVERITIES.get(each[0].severity, len(_SEVERITIES)))


def _rows(told: Iterable[tuple[Finding, tuple[str, ...]]]) -> tuple[str, ...]:
    return tuple(_finding(finding, who) for finding, who in told)


def _finding(one: Finding, who: tuple[str, ...]) -> str:
    level = f"**{one.level}**" if one.blocks else plain(one.level)
    waiver = f"<br>**Waived**: {plain(one.waiver)}" if one.waiver else ""
    return row(
        f"{level}<br>{plain(one.severity)}",
        f"{code(one.rule)}<br>{_place(one.urn)}",
        f"{plain(one.message, 600)}{waiver}",
        stacks(who),
    )


def _place(urn: str) -> str:
    """The name, and below it the rest of the URN in lines: a table that is too wide hides its last columns."""
    types, _, name = urn.rpartition("::")
    lines = "<br>".join(code(part) for part in types.replace("$", "$\n").split("\n"))
    return f"{code(name)}<br><sub>{lines}</sub>" if urn else "the stack"


def _change(one: Change, who: tuple[str, ...]) -> str:
    replacing = [each for each in one.properties if each.path.split(".")[0].split("[")[0] in one.replaces_because]
    others = [each for each in one.properties if each not in replacing]
    what = [f"{_property(each)} **replaces it**" for each in replacing] + [_property(each) for each in others]
    left = len(what) - _SHOWN_PROPERTIES
    shown = what[:_SHOWN_PROPERTIES] + ([f"and {left} more"] if left > 0 else [])
    sign = f"**{SIGNS[one.operation]}**"
    return row(sign, code(one.name), plain(_short(one.type)), "<br>".join(shown) or one.operation, stacks(who))


def _property(one: Property) -> str:
    if not one.before and not one.after:
        return code(one.path)
    return f"{code(one.path)}: {code(one.before, 60) or '_unset_'} → {code(one.after, 60) or '_unset_'}"


def _short(type: str) -> str:
    """`aws:dynamodb/table:Table` as `dynamodb Table`; a component's class alone."""
    module, _, kind = type.rpartition(":")
    service = module.partition(":")[2].partition("/")[0] if module.startswith("aws:") else ""
    return f"{service} {kind}".strip()


def _number(found: list[tuple[Key, tuple[str, ...]]], what: str) -> str:
    return f"{len(found):,} {what}{'' if len(found) == 1 else 's'}"


def _without_stack(finding: Finding) -> Finding:
    return Finding(**{**finding.__dict__, "urn": _tail(finding.urn)})


def _change_without_stack(change: Change) -> Change:
    return Change(**{**change.__dict__, "urn": _tail(change.urn)})


def _tail(urn: str) -> str:
    """The URN from the type on: stack and project are said elsewhere."""
    return urn.split("::", 2)[2] if urn.count("::") > 2 else urn.split("::", 2)[-1]
