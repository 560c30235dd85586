"""The other points: cost, policies, unknown parts, new and removed stacks, warnings, dependencies."""

from collections.abc import Iterator

from toolkit.pipeline.dossier.amounts import amount_of, money, of_budget, reasons
from toolkit.pipeline.dossier.model import Dossier
from toolkit.pipeline.dossier.package_changes import Dependency
from toolkit.pipeline.dossier.point import Point, findings, names_of, rule_and_name, stacks_of
from toolkit.pipeline.dossier.texts import count, shared, some


def cost(dossier: Dossier) -> Iterator[Point]:
    """Yield the sums that rise by more than the bounds allow without a review."""
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
        yield Point("cost", f"cost of {names_of(names)} rises ({found[0][2]})", text, names)


def policies(dossier: Dossier) -> Iterator[Point]:
    """Yield the weakened policies."""
    guards = dossier.guards
    if guards.weakened:
        what = count(len(guards.weakened), "policy rule is weaker", "policy rules are weaker")
        yield Point("policies", what, f"{what}: {some(guards.weakened)}")
    if guards.waivers_added:
        what = count(len(guards.waivers_added), "waiver") + " added"
        yield Point("policies", what, f"{what}: {some(guards.waivers_added)}")
    if guards.files:
        text = f"The change edits the policies that evaluate it: {some(guards.files, 5)}"
        yield Point("policies", "the policies change", text)


def unknown(dossier: Dossier) -> Iterator[Point]:
    """Yield what is unknown."""
    notes = [(note, stack.stack) for stack in dossier.stacks if not stack.is_new for note in stack.notes]
    for note, stacks in shared(notes):
        yield Point("unknown", f"part of {names_of(stacks)} is unknown", note, stacks)
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


def stacks(dossier: Dossier) -> Iterator[Point]:
    """Yield the new and the removed stacks."""
    for stack in dossier.stacks:
        if stack.is_new:
            cost = stack.cost
            month = f", {money(cost.expected)} USD a month, {of_budget(cost.expected, cost.budget)}" if cost else ""
            text = f"New stack: {count(stack.resources, 'resource')}{month}"
            yield Point("stacks", f"new stack {stack.stack}", text, (stack.stack,))
    for name in dossier.removed_stacks:
        text = "The stack's file is removed: what was deployed stays in AWS and costs money; destroy the stack first"
        yield Point("stacks", f"stack {name} is removed", text, (name,))


def warnings(dossier: Dossier) -> Iterator[Point]:
    """Yield the advisory violations that are new."""
    old = {stack.stack for stack in dossier.stacks if not stack.is_new}
    violations = findings(dossier, lambda finding: finding.new and not finding.blocks and not finding.waiver)
    blocking = {rule_and_name(each) for each in findings(dossier, lambda finding: finding.blocks)}
    violations = [each for each in violations if old & set(each[1]) and rule_and_name(each) not in blocking]
    if violations:
        what = count(len(violations), "new warning")
        yield Point("warnings", what, f"{what}: {some(map(rule_and_name, violations))}", stacks_of(violations))


def dependencies(dossier: Dossier) -> Iterator[Point]:
    """Yield the new dependencies of the package."""
    new = [each for each in dossier.package.dependencies if not each.before]
    brought = {name for each in new if each.direct for name in each.brings}
    if named := [each for each in new if each.name not in brought]:
        what = f"new dependency {named[0].name}" if len(named) == 1 else f"{len(named)} new dependencies"
        yield Point("dependencies", what, f"New in the package: {some(map(_facts, named))}")


def _facts(each: Dependency) -> str:
    size = f"{each.size / 1e6:.1f} MB" if each.size is not None else "size unknown"
    with_it = f"brings {', '.join(each.brings)}" if each.brings else "brings no other"
    return f"{each.name} {each.after} ({size}, {each.licence or 'licence unknown'}, {with_it})"
