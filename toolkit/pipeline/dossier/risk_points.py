"""The points with a risk: failures, stopped and blocked updates, data loss, breaking changes, permissions."""

from collections.abc import Iterator

from toolkit.pipeline.dossier.model import Dossier
from toolkit.pipeline.dossier.point import Point, findings, names_of, rule_and_name, stacks_of
from toolkit.pipeline.dossier.texts import count, named_together, shared, some
from toolkit.pipeline.preview.model import BOUNDED, Grant, GrantMove
from toolkit.stacks.urns import name_in


def failed(dossier: Dossier) -> Iterator[Point]:
    """Yield the stacks that cannot be evaluated."""
    failed = (each for each in dossier.stacks if each.status == "failed")
    for error, stacks in shared(
        (each.error.replace(f"stack {each.stack} ", "the stack "), each.stack) for each in failed
    ):
        yield Point("failed", f"{names_of(stacks)} cannot be evaluated", f"Cannot be evaluated: {error}", stacks)


def stops(dossier: Dossier) -> Iterator[Point]:
    """Yield the protected resources at which the engine stops an update."""
    stopped = ((each.name, (each.operation, each.replaces_because), stack) for stack, each in dossier.stopped)
    for names, (operation, because), stacks in named_together(stopped):
        what = "replaced" if operation == "replace" else "deleted"
        why = f" because of {', '.join(because)}" if because else ""
        verb = "is" if len(names) == 1 else "are"
        text = f"The update stops: {some(names)} {verb} protected and would be {what}{why}"
        yield Point("stops", f"the update of {names_of(stacks)} stops at {names_of(names)}", text, stacks)


def blocked(dossier: Dossier) -> Iterator[Point]:
    """Yield the policy violations that block."""
    violations = findings(dossier, lambda finding: finding.blocks)
    if violations:
        stacks = stacks_of(violations)
        before = "" if any(finding.new for finding, _ in violations) else ", as before this change"
        what = count(len(violations), "policy violation")
        verb = "blocks" if len(violations) == 1 else "block"
        text = f"{what} {verb} the update{before}: {some(map(rule_and_name, violations))}"
        yield Point("blocked", f"{what} {verb} {names_of(stacks)}", text, stacks)


def data_loss(dossier: Dossier) -> Iterator[Point]:
    """Yield the possible data losses that do not stop the update."""
    stopped = {(stack, each.urn) for stack, each in dossier.stopped}
    losses = (
        (name_in(each.urn), (each.what, each.lost), stack)
        for stack, each in dossier.data_losses
        if (stack, each.urn) not in stopped
    )
    for names, (what, lost), stacks in named_together(losses):
        yield Point(
            "data", f"{names_of(names)} may lose data", f"Data loss: {some(names)} {what}; lost: {lost}", stacks
        )


def breaking(dossier: Dossier) -> Iterator[Point]:
    """Yield the breaking changes."""
    of_program = [(each, stack.stack) for stack in dossier.stacks for each in stack.breaking]
    gone = {each.where for each, _ in of_program}
    # The document shows the same removal of a route as the program.
    others = [each for each in dossier.contract.breaking if each.where not in gone]
    breaks = shared((each.what, each.where) for each in dict.fromkeys([*(each for each, _ in of_program), *others]))
    if breaks:
        number = sum(len(places) for _, places in breaks)
        what, places = breaks[0]
        title = f"{names_of(places)}: {what}" if len(breaks) == 1 else f"{number} breaking API changes"
        text = f"Breaking for callers: {some(f'{names_of(places)}: {what}' for what, places in breaks)}"
        yield Point("api", title, text, tuple(dict.fromkeys(stack for _, stack in of_program)))


def permissions(dossier: Dossier) -> Iterator[Point]:
    """Yield the permissions that are added to stacks that were there before."""
    old = [stack for stack in dossier.stacks if not stack.is_new]
    found = shared((move, each.stack) for each in old for move in each.permissions if move.sign == "gains")
    if found:
        found.sort(key=lambda each: (-_breadth(each[0].grant), each[0]))
        what = count(len(found), "permission") + " added"
        title = describe_gain(found[0][0]) if len(found) == 1 else what
        text = f"{what}: {some(describe_gain(move) for move, _ in found)}"
        yield Point("permissions", title, text, stacks_of(found))


def describe_gain(move: GrantMove) -> str:
    """Return the description of an added permission."""
    grant = move.grant
    if grant.action == BOUNDED:
        return f"{grant.role} loses its permissions boundary {grant.resource}"
    if "not" in grant.effect.split():
        return f"{grant.role} is no longer denied {grant.action} on {grant.resource}"
    if grant.effect == "may":
        return f"{grant.role} may {grant.action} on {grant.resource}"
    return f"{grant.role} {grant.effect} {grant.resource}"


def _breadth(grant: Grant) -> int:
    """Return the sort key of a grant: the widest comes first."""
    wide = grant.role in ("everybody", "AWS *") or "not" in grant.effect.split()
    return 4 * wide + 2 * ("*" in grant.action or grant.action.startswith("iam:")) + (grant.resource == "*")
