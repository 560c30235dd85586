"""The sections on stacks: verdicts, failures, data loss and changes."""

from collections import Counter
from collections.abc import Iterable, Iterator

from toolkit.pipeline.dossier.amounts import change as amount_change
from toolkit.pipeline.dossier.amounts import money, of_budget
from toolkit.pipeline.dossier.decision import Decision, StackVerdict
from toolkit.pipeline.dossier.model import SIGNALS, Dossier, Kind, Signal
from toolkit.pipeline.dossier.point import Point
from toolkit.pipeline.dossier.sections import Section, row
from toolkit.pipeline.dossier.texts import code, named_together, plain, shared
from toolkit.pipeline.preview.compare import top_level
from toolkit.pipeline.preview.model import Cost, Operation, Preview, Property, ResourceChange
from toolkit.stacks.urns import Urn, name_in

_MARKS: dict[Signal, str] = {"STOP": "🔴", "REVIEW": "🟠", "READY": "🟢"}
SIGNS: dict[Operation, str] = {"create": "+", "update": "~", "replace": "±", "delete": "-"}
_BADNESS: dict[Operation, int] = {"delete": 0, "replace": 1, "update": 2, "create": 3}
_SHOWN_PROPERTIES = 6
_SHOWN_VALUES = 4
_SHOWN_STACKS = 8
_POINT = 600
_UNPROTECT = "docs/operations.md, “A protected change on purpose”"


def mark(kind: Kind) -> str:
    """Return the coloured mark of a kind of change."""
    return _MARKS[SIGNALS[kind]]


def verdicts(dossier: Dossier, decision: Decision) -> Section | None:
    """Return a row for each changed stack, and one row for all others."""
    pairs = list(zip(dossier.stacks, decision.verdicts, strict=True))
    rows = tuple(_verdict(stack, verdict) for stack, verdict in pairs if verdict.kind != "unchanged")
    if not rows:
        return None
    same = [verdict.stack for _, verdict in pairs if verdict.kind == "unchanged"]
    after = f"No change: {stacks(same)}." if same else ""
    header = ("", "Stack", "Verdict", "Changes", "Expected, USD a month", "At worst")
    return Section("", "", rows, header, folded=False, after=after, need=100)


def points(decision: Decision) -> Section | None:
    """Return the points, most harmful first."""
    rows = tuple(f"{number}. {_point(point)}" for number, point in enumerate(decision.points, start=1))
    return Section("", "", rows, folded=False, need=97) if rows else None


def _point(point: Point) -> str:
    where = f" — {stacks(point.stacks)}" if point.stacks else ""
    return f"{mark(point.kind)} {plain(point.text, _POINT)}{where}"


def failures(dossier: Dossier) -> Section | None:
    """Return the complete errors of failed previews, where the list of points truncates them."""
    entries = [(stack.error, stack.stack) for stack in dossier.stacks if len(stack.error) > _POINT]
    rows = tuple(f"> [!CAUTION]\n> {stacks(in_stacks)}: {plain(words, 1500)}\n" for words, in_stacks in shared(entries))
    return Section("", "", rows, folded=False, need=95) if rows else None


def data_loss(dossier: Dossier) -> Section | None:
    """Return the possible data losses and how to proceed."""
    stopped = {(stack, change.urn): change for stack, change in dossier.stopped}
    losses = [
        (name_in(one.urn), (one.what, one.lost, (stack, one.urn) in stopped), stack)
        for stack, one in dossier.data_losses
    ]
    named = {(stack, one.urn) for stack, one in dossier.data_losses}
    losses += [
        (change.name, (_going(change), "what its protection is for", True), stack)
        for (stack, urn), change in stopped.items()
        if (stack, urn) not in named
    ]
    if not losses:
        return None
    rows = tuple(
        f"- {stacks(in_stacks)}: {', '.join(map(code, names))} **{plain(what)}**. "
        f"Lost: {plain(lost)}. {_proceed(is_stopped)}"
        for names, (what, lost, is_stopped), in_stacks in named_together(losses)
    )
    return Section("Data loss", "", rows, folded=False, need=90)


def _going(change: ResourceChange) -> str:
    return "is replaced" if change.operation == "replace" else "is deleted"


def _proceed(is_stopped: bool) -> str:
    if is_stopped:
        return (
            "**The update will stop**: the state protects it, and the engine changes nothing. Keep it, or create a new "
            f"one beside it, copy the data, and remove the protection of the old one: {_UNPROTECT}."
        )
    return "`plan` and `deploy` refuse it: create a backup, then accept it with `--allow-data-loss URN`."


def changes(dossier: Dossier) -> Section | None:
    """Return every changed resource, once for all stacks."""
    by_resource: dict[tuple[str, Operation, tuple[str, ...]], list[tuple[str, ResourceChange]]] = {}
    for stack in dossier.stacks:
        for one in stack.changes:
            key = (Urn.parse(one.urn).qualified, one.operation, one.replaces_because)
            by_resource.setdefault(key, []).append((stack.stack, one))
    if not by_resource:
        return None
    entries = sorted(by_resource.values(), key=lambda each: _BADNESS[each[0][1].operation])
    counts: Counter[str] = Counter(each[0][1].operation for each in entries)
    lead = ", ".join(f"{counts[kind]:,} to {kind}" for kind in _BADNESS if counts[kind])
    header = ("", "Resource", "Type", "What changes", "Stacks")
    rows = tuple(map(_change, entries))
    return Section("Changes", f"{lead}.", rows, header, folded=len(rows) > _SHOWN_PROPERTIES, need=50)


def stacks(names: Iterable[str]) -> str:
    """Return stacks by name, escaped: the name of a stack or a branch must not write into the comment."""
    every = list(names)
    left = len(every) - _SHOWN_STACKS
    return ", ".join(f"**{plain(name, 60)}**" for name in every[:_SHOWN_STACKS]) + (
        f" and {left} more" if left > 0 else ""
    )


def _verdict(preview: Preview, verdict: StackVerdict) -> str:
    counts: Counter[str] = Counter(change.operation for change in preview.changes)
    moved = " ".join(f"{sign}{counts[kind]:,}" for kind, sign in SIGNS.items() if counts[kind])
    name, words, cost = stacks([preview.stack]), plain(verdict.words, 200), preview.cost
    if cost is None:
        return row(mark(verdict.kind), name, words, moved or "none", "unknown", "unknown")
    expected = _month(cost.expected, cost.expected_delta, cost, in_full=not cost.not_priced)
    worst = _month(cost.worst, cost.worst_delta, cost, in_full=not (cost.unbounded or cost.not_priced))
    return row(mark(verdict.kind), name, words, moved or "none", expected, worst)


def _month(value: float, delta: float | None, cost: Cost, *, in_full: bool) -> str:
    moved = amount_change(value, delta)
    more = "" if in_full else " and more"
    return f"{money(value)}{f' **({moved})**' if moved else ''}{more}<br>{of_budget(value, cost.budget)}"


def _change(entries: list[tuple[str, ResourceChange]]) -> str:
    one = entries[0][1]
    everywhere = tuple(stack for stack, _ in entries)
    stopped = [stack for stack, change in entries if change.stops]
    stop = f"<br>**the update stops** in {stacks(stopped)}" if stopped else ""
    sign = f"**{SIGNS[one.operation]}**"
    what = f"{'<br>'.join(_properties(entries, everywhere)) or one.operation}{stop}"
    return row(sign, code(one.name), plain(_short(one.type)), what, stacks(everywhere))


def _properties(changes_by_stack: list[tuple[str, ResourceChange]], everywhere: tuple[str, ...]) -> Iterator[str]:
    """Yield each property, with its stacks where the values differ; properties that force a replacement come first."""
    because = changes_by_stack[0][1].replaces_because
    by_head: dict[str, list[tuple[Property, tuple[str, ...]]]] = {}
    for each, in_stacks in shared((each, stack) for stack, change in changes_by_stack for each in change.properties):
        by_head.setdefault(top_level(each.path), []).append((each, in_stacks))
    heads = sorted(by_head, key=lambda head: (head not in because, head))
    for head in heads[:_SHOWN_PROPERTIES]:
        entries = by_head[head]
        for each, in_stacks in entries[: len(entries) if len(entries) <= _SHOWN_VALUES else 1]:
            of = "" if in_stacks == everywhere else f" ({stacks(in_stacks)})"
            yield f"{_property(each)}{' **replaces it**' if head in because else ''}{of}"
        if len(entries) > _SHOWN_VALUES:
            yield f"and {len({each.path for each, _ in entries}) - 1} more values of {code(head)}"
    if left := len(heads[_SHOWN_PROPERTIES:]):
        yield f"and {left} more"


def _property(each: Property) -> str:
    if not each.before and not each.after:
        return code(each.path)
    return f"{code(each.path)}: {code(each.before, 60) or '_unset_'} → {code(each.after, 60) or '_unset_'}"


def _short(type: str) -> str:
    """Return `aws:dynamodb/table:Table` as `dynamodb Table`, and a component as its class."""
    module, _, kind = type.rpartition(":")
    service = module.partition(":")[2].partition("/")[0] if module.startswith("aws:") else ""
    return f"{service} {kind}".strip()
