"""`python -m tests.policies.mutations`: change the stacks, one value at a time, and compare which rules report it."""

import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

from tests.policies.all_cases import STACK_CASES
from tests.policies.mutations.agreements import AGREEMENTS
from tests.policies.mutations.deriving import ResourceMutation, resource_mutations, without_resource
from tests.policies.mutations.every_property import Mutant, every_mutant
from tests.policies.mutations.expected import ALSO_REPORTING, WITHOUT_EXAMPLE, rules_for_deletion, rules_for_relation
from tests.policies.mutations.graphs import (
    ENABLED_RULES,
    Finding,
    StackGraph,
    findings_of_resource,
    findings_of_stack,
    stack_graphs,
)
from tests.policies.mutations.harmless import described, is_harmless, is_held_elsewhere, unused
from tests.policies.mutations.signals import SIGNALS
from tests.policies.mutations.stack_mutations import STACK_MUTATIONS
from tests.support.policy_servicer import Subject
from tests.support.priced import graph
from toolkit.stacks.inputs import Inputs, StackInputs


@dataclass(frozen=True)
class Outcome:
    """The rules that must report a mutation, and those that report it."""

    kind: str
    label: str
    expected: frozenset[str]
    reported: frozenset[str]
    allowed: frozenset[str] = frozenset()
    """Rules that may also find a violation."""

    @property
    def survived(self) -> bool:
        """Return whether an expected rule found nothing, or a rule that is not expected found something."""
        return not self.expected <= self.reported <= self.expected | self.allowed

    @property
    def described(self) -> str:
        """Return the missing and the additional violations."""
        missing = sorted(self.expected - self.reported)
        unexpected = sorted(self.reported - self.expected - self.allowed)
        return f"{self.label}: missing {missing}, unexpected {unexpected}"


def run() -> Iterator[Outcome]:
    """Yield the outcome of each mutation, except those of every property."""
    before = {stack.name: frozenset(findings_of_stack(stack.graph)) for stack in stack_graphs()}
    yield from (_property(one, before) for one in resource_mutations())
    for stack in stack_graphs():
        for inputs in stack.graph.resources:
            yield from _relations(stack, inputs, before[stack.name])
    yield from _stack_mutations()
    yield from _added_cases()


def _property(one: ResourceMutation, before: dict[str, frozenset[Finding]]) -> Outcome:
    prepared = one.stack.with_resource(one.before)
    known = findings_of_resource(one.before) | (findings_of_stack(prepared) if one.prepared else before[one.stack.name])
    now = findings_of_resource(one.after) | findings_of_stack(one.stack.with_resource(one.after))
    allowed = ALSO_REPORTING.get(one.rule, frozenset())
    return Outcome("property", f"{one.rule}: {one.label}", frozenset({one.rule}), _names(now - known), allowed)


def _relations(stack: StackGraph, inputs: Inputs, before: frozenset[Finding]) -> Iterator[Outcome]:
    name, resource = inputs.resource.name, inputs.resource
    rest = StackInputs(tuple(one for one in stack.graph.resources if one is not inputs))
    reported = findings_of_stack(rest) - before
    label = f"{stack.name}: {name} is deleted"
    yield Outcome("deletion", label, rules_for_deletion(name, stack.name), _names(reported))
    for path in resource.property_dependencies:
        left = {other: urns for other, urns in resource.property_dependencies.items() if other != path}
        cut = replace(inputs, resource=replace(resource, property_dependencies=left))
        reported = findings_of_stack(stack.with_resource(cut)) - before
        label = f"{stack.name}: {name}.{path} refers to no resource of the stack"
        yield Outcome("relation", label, rules_for_relation(name, path), _names(reported))


def _stack_mutations() -> Iterator[Outcome]:
    by_name = {stack.name: stack for stack in stack_graphs()}
    for one in (*STACK_MUTATIONS, *AGREEMENTS, *SIGNALS):
        given = one.given(by_name[one.stack_name].graph)
        reported = findings_of_stack(one.change(given), one.stack) - findings_of_stack(given)
        yield Outcome("stack", f"{one.stack_name}: {one.label}", frozenset(one.rules.split()), _names(reported))


def _added_cases() -> Iterator[Outcome]:
    """Yield each bad case of the rules without an example in the stacks, added to prod; other rules may report it."""
    prod, every_rule = stack_graphs()[0].graph, frozenset(rule.name for rule in ENABLED_RULES)
    for name in WITHOUT_EXAMPLE:
        case = STACK_CASES[name]
        given = findings_of_stack(_with(prod, case.good))
        for label, subjects in case.bad.items():
            reported = findings_of_stack(_with(prod, subjects)) - given
            yield Outcome("stack", f"{name}: {label}", frozenset({name}), _names(reported), every_rule)


def _with(stack: StackInputs, subjects: tuple[Subject, ...]) -> StackInputs:
    return StackInputs((*stack.resources, *graph(*subjects, region="eu-central-1").resources))


def _names(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset(rule for rule, _, _ in findings)


def main() -> int:
    """Print the score and the survivors; return 1 if there are any, or if a rule reports no mutation."""
    started = time.perf_counter()
    with ProcessPoolExecutor(1) as pool:
        changed = pool.submit(every_mutant)
        outcomes = list(run())
        found = changed.result()
    without_example = without_resource()
    unreported = {rule.name for rule in ENABLED_RULES} - {
        name for one in outcomes if not one.survived for name in one.expected
    }
    untried = sorted(unreported - set(without_example))
    survivors = [one for one in outcomes if one.survived]
    for one in survivors:
        _print(f"survived  {one.described}")
    for name in untried:
        _print(f"untried   {name} reports no mutation")
    for kind in ("property", "deletion", "relation", "stack"):
        of_kind = [one for one in outcomes if one.kind == kind]
        _print(f"{kind:9} {sum(not one.survived for one in of_kind)} of {len(of_kind)} as expected")
    reporting = len(ENABLED_RULES) - len(unreported)
    _print(
        f"rules     {reporting} of {len(ENABLED_RULES) - len(without_example)} report a mutation; "
        f"{len(without_example)} are on types that no stack has"
    )
    ok = _every_property(found)
    caught = 100 * (len(outcomes) - len(survivors)) / len(outcomes)
    _print(f"score     {caught:.1f} % of {len(outcomes)} mutations in {time.perf_counter() - started:.0f} s")
    return int(bool(survivors or untried) or not ok)


def _every_property(found: list[Mutant]) -> bool:
    """Print the score of changed values by kind; return whether rules report each that is not harmless."""
    survivors = [one for one in found if not one.reported]
    missed = [one for one in survivors if not is_harmless(one)]
    uncaught = [one for one in missed if not is_held_elsewhere(one)]
    for one in uncaught:
        _print(f"survived  {described(one)} ({one.stack}: {one.name})")
    stale = unused(survivors)
    for pattern in stale:
        _print(f"unused    the pattern {pattern!r} of harmless.py")
    for kind in sorted({one.changed.kind for one in found}):
        of_kind = [one for one in found if one.changed.kind == kind]
        reported = sum(bool(one.reported) for one in of_kind)
        left = sum(one.changed.kind == kind for one in missed)
        _print(
            f"{kind:9} {reported} of {reported + left} reported by a rule; {len(of_kind) - reported - left} harmless"
        )
    return not uncaught and not stale


def _print(line: str) -> None:
    print(line)  # noqa: T201 - the result of this command


if __name__ == "__main__":
    sys.exit(main())
