"""What a reviewer must look at, most harmful first."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from pipeline.dossier.amounts import amount_of, money, of_budget, reasons
from pipeline.dossier.model import Dossier, Kind
from pipeline.dossier.package_changes import Dependency
from pipeline.dossier.sharing import count, named_together, shared, some
from pipeline.preview.grants import BOUNDED, Grant, GrantMove
from pipeline.preview.report import Finding

Subject = Literal[
    "failed",
    "stops",
    "blocked",
    "data",
    "api",
    "permissions",
    "cost",
    "policies",
    "unknown",
    "stacks",
    "warnings",
    "dependencies",
]
_MOST_HARMFUL_FIRST: tuple[Subject, ...] = get_args(Subject)
_KINDS: dict[Subject, Kind] = {"failed": "failed", "stops": "stops", "blocked": "blocked", "data": "danger"}


@dataclass(frozen=True)
class Point:
    """One thing to look at: in a few words for the first line, in a sentence, and for which stacks."""

    subject: Subject
    title: str
    text: str
    stacks: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """How grave it is."""
        return _KINDS.get(self.subject, "review")


def points_of(dossier: Dossier) -> tuple[Point, ...]:
    """Return all points, most harmful first."""
    found = [
        *_failed(dossier),
        *_stops(dossier),
        *_blocked(dossier),
        *_data(dossier),
        *_api(dossier),
        *_permissions(dossier),
        *_cost(dossier),
        *_policies(dossier),
        *_unknown(dossier),
        *_stacks(dossier),
        *_warnings(dossier),
        *_dependencies(dossier),
    ]
    return tuple(sorted(found, key=lambda point: _MOST_HARMFUL_FIRST.index(point.subject)))


def _failed(dossier: Dossier) -> Iterator[Point]:
    failed = (each for each in dossier.stacks if each.status == "failed")
    for error, stacks in shared(
        (each.error.replace(f"stack {each.stack} ", "the stack "), each.stack) for each in failed
    ):
        yield Point("failed", f"{_names(stacks)} cannot be evaluated", f"Cannot be evaluated: {error}", stacks)


def _stops(dossier: Dossier) -> Iterator[Point]:
    found = ((each.name, (each.operation, each.replaces_because), stack) for stack, each in dossier.stopped)
    for names, (operation, because), stacks in named_together(found):
        what = "replaced" if operation == "replace" else "deleted"
        why = f" because of {', '.join(because)}" if because else ""
        verb = "is" if len(names) == 1 else "are"
        text = f"The update stops: {some(names)} {verb} protected and would be {what}{why}"
        yield Point("stops", f"the update of {_names(stacks)} stops at {_names(names)}", text, stacks)


def _blocked(dossier: Dossier) -> Iterator[Point]:
    found = _findings(dossier, lambda finding: finding.blocks)
    if found:
        stacks = _stacks_of(found)
        before = "" if any(finding.new for finding, _ in found) else ", as before this change"
        what = count(len(found), "policy violation")
        verb = "blocks" if len(found) == 1 else "block"
        text = f"{what} {verb} the update{before}: {some(map(_rule_and_name, found))}"
        yield Point("blocked", f"{what} {verb} {_names(stacks)}", text, stacks)


def _data(dossier: Dossier) -> Iterator[Point]:
    stopped = {(stack, each.urn) for stack, each in dossier.stopped}
    found = (
        (each.urn.rpartition("::")[2], (each.what, each.lost), stack)
        for stack, each in dossier.dangers
        if (stack, each.urn) not in stopped
    )
    for names, (what, lost), stacks in named_together(found):
        yield Point("data", f"{_names(names)} may lose data", f"Data loss: {some(names)} {what}; lost: {lost}", stacks)


def _api(dossier: Dossier) -> Iterator[Point]:
    found = [(each, stack.stack) for stack in dossier.stacks for each in stack.breaking]
    every = dict.fromkeys([each for each, _ in found] + list(dossier.contract.breaking))
    if every:
        first = next(iter(every))
        places = list(dict.fromkeys(each.where for each in every))
        title = f"{first.where}: {first.what}" if len(places) == 1 else f"{len(places)} breaking API changes"
        # The document says the same of a route that is gone; its place is enough.
        texts = {each.where: f"{each.where}: {each.what}" for each in reversed(every)}
        text = f"Breaking for callers: {some(texts[place] for place in places)}"
        yield Point("api", title, text, tuple(dict.fromkeys(stack for _, stack in found)))


def _permissions(dossier: Dossier) -> Iterator[Point]:
    old = [stack for stack in dossier.stacks if not stack.is_new]
    found = shared((move, each.stack) for each in old for move in each.permissions if move.sign == "gains")
    if found:
        found.sort(key=lambda each: (-_reach(each[0].grant), each[0]))
        what = count(len(found), "permission") + " added"
        title = gained(found[0][0]) if len(found) == 1 else what
        text = f"{what}: {some(gained(move) for move, _ in found)}"
        yield Point("permissions", title, text, tuple(dict.fromkeys(name for _, names in found for name in names)))


def gained(move: GrantMove) -> str:
    """Return a gain in words."""
    grant = move.grant
    if grant.action == BOUNDED:
        return f"{grant.role} loses its permissions boundary {grant.resource}"
    if "not" in grant.effect.split():
        return f"{grant.role} is no longer denied {grant.action} on {grant.resource}"
    if grant.effect == "may":
        return f"{grant.role} may {grant.action} on {grant.resource}"
    return f"{grant.role} {grant.effect} {grant.resource}"


def _reach(grant: Grant) -> int:
    """How far a grant reaches, so that the widest is named first."""
    wide = grant.role in ("everybody", "AWS *") or "not" in grant.effect.split()
    return 4 * wide + 2 * ("*" in grant.action or grant.action.startswith("iam:")) + (grant.resource == "*")


def _cost(dossier: Dossier) -> Iterator[Point]:
    found = [
        (stack.stack, stack.cost, why)
        for stack in dossier.stacks
        if stack.cost and not stack.is_new and (why := "; ".join(reasons(stack.cost)))
    ]
    if len(found) == 1:
        (stack, cost, why) = found[0]
        text = f"Cost of {stack}, USD a month: {amount_of('expected', cost)}; {amount_of('at worst', cost)}"
        yield Point("cost", f"cost of {stack}: {why}", text, (stack,))
    elif found:
        text = f"Cost, USD a month: {'; '.join(f'{stack}: {why}' for stack, _, why in found)}"
        names = tuple(stack for stack, _, _ in found)
        yield Point("cost", f"cost of {_names(names)} rises ({found[0][2]})", text, names)


def _policies(dossier: Dossier) -> Iterator[Point]:
    guards = dossier.guards
    if guards.weakened:
        what = count(len(guards.weakened), "policy rule is weaker", "policy rules are weaker")
        yield Point("policies", what, f"{what}: {some(guards.weakened)}")
    if guards.waivers_added:
        what = count(len(guards.waivers_added), "waiver") + " added"
        yield Point("policies", what, f"{what}: {some(guards.waivers_added)}")
    if guards.files:
        text = f"The policies change, by which this change is evaluated: {some(guards.files, 5)}"
        yield Point("policies", "the policies change", text)


def _unknown(dossier: Dossier) -> Iterator[Point]:
    notes = [(note, stack.stack) for stack in dossier.stacks if not stack.is_new for note in stack.notes]
    for note, stacks in shared(notes):
        yield Point("unknown", f"part of {_names(stacks)} is unknown", note, stacks)
    gaps = [
        (gap, stack.stack)
        for stack in dossier.stacks
        for gap in (stack.cost.not_priced if stack.cost else ())
        if gap.partition(":")[0] in {each.name for each in stack.changes if each.operation != "delete"}
    ]
    if gaps:
        names = some(gap for gap, _ in gaps)
        yield Point(
            "unknown",
            "resources without a price",
            f"Not priced, so their cost comes on top: {names}",
            tuple(dict.fromkeys(stack for _, stack in gaps)),
        )
    if dossier.contract.error:
        yield Point("unknown", "the API contract cannot be compared", dossier.contract.error)


def _stacks(dossier: Dossier) -> Iterator[Point]:
    for stack in dossier.stacks:
        if stack.is_new:
            cost = stack.cost
            month = f", {money(cost.expected)} USD a month, {of_budget(cost.expected, cost.budget)}" if cost else ""
            text = f"New stack: {count(stack.resources, 'resource')}{month}"
            yield Point("stacks", f"new stack {stack.stack}", text, (stack.stack,))
    for name in dossier.removed_stacks:
        text = "The stack's file is removed: what was deployed stays in AWS and costs money; destroy the stack first"
        yield Point("stacks", f"stack {name} is removed", text, (name,))


def _warnings(dossier: Dossier) -> Iterator[Point]:
    old = {stack.stack for stack in dossier.stacks if not stack.is_new}
    found = _findings(dossier, lambda finding: finding.new and not finding.blocks and not finding.waiver)
    blocking = {_rule_and_name(each) for each in _findings(dossier, lambda finding: finding.blocks)}
    found = [each for each in found if old & set(each[1]) and _rule_and_name(each) not in blocking]
    if found:
        what = count(len(found), "new warning")
        yield Point("warnings", what, f"{what}: {some(map(_rule_and_name, found))}", _stacks_of(found))


def _dependencies(dossier: Dossier) -> Iterator[Point]:
    new = [each for each in dossier.package.dependencies if not each.before]
    brought = {name for each in new if each.direct for name in each.brings}
    if named := [each for each in new if each.name not in brought]:
        what = f"new dependency {named[0].name}" if len(named) == 1 else f"{len(named)} new dependencies"
        yield Point("dependencies", what, f"New in the package: {some(map(_facts, named))}")


def _facts(each: Dependency) -> str:
    size = f"{each.size / 1e6:.1f} MB" if each.size is not None else "size unknown"
    with_it = f"brings {', '.join(each.brings)}" if each.brings else "brings no other"
    return f"{each.name} {each.after} ({size}, {each.licence or 'licence unknown'}, {with_it})"


def _findings(dossier: Dossier, wanted: Callable[[Finding], bool]) -> list[tuple[Finding, tuple[str, ...]]]:
    found = (
        (Finding(**{**each.__dict__, "urn": each.urn.rpartition("::")[2]}), stack.stack)
        for stack in dossier.stacks
        for each in stack.policies
        if wanted(each)
    )
    return shared(found)


def _rule_and_name(found: tuple[Finding, tuple[str, ...]]) -> str:
    finding, _ = found
    return f"{finding.rule} ({finding.urn or 'the stack'})"


def _stacks_of(found: Iterable[tuple[Finding, tuple[str, ...]]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, names in found for name in names))


def _names(stacks: tuple[str, ...]) -> str:
    return some(stacks, 4).replace("; ", ", ")
