"""Change every value of every property of the stacks, one at a time, and evaluate the rules that read the property."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.policies.mutations.graphs import ENABLED_RULES, STACK, stack_graphs
from tests.policies.mutations.reading import findings, readers
from tests.policies.mutations.values import Changed, changes
from toolkit.stacks.inputs import Inputs


@dataclass(frozen=True)
class Mutant:
    """A changed value, and the rules that report it."""

    stack: str
    type: str
    name: str
    changed: Changed
    read: bool
    """Whether any rule reads the property."""
    reported: frozenset[str]

    @property
    def label(self) -> str:
        return f"{self.stack}: {self.name} {self.changed.path} {self.changed.label}"


_ALIKE = 2
"""The most resources of one type that get the same change: the routes of an API differ in little."""


def mutants() -> Iterator[Mutant]:
    """Yield every mutant of every stack; a property that two stacks share is changed in the first."""
    done: Counter[tuple[str, ...]] = Counter()
    seen: set[tuple[str, str]] = set()
    for stack in stack_graphs():
        reported, read = readers(ENABLED_RULES, stack.graph, STACK)
        for inputs in stack.graph.resources:
            for name, value in inputs.properties.items():
                if (same := (inputs.urn, f"{name} {value}")) in seen:
                    continue
                seen.add(same)
                rules = read.get((inputs.urn, name), frozenset())
                for changed in changes(name, value):
                    kind = (inputs.resource.type, changed.kind, changed.path, changed.label)
                    if done[kind] == _ALIKE:
                        continue
                    done[kind] += 1
                    graph = stack.with_resource(_with(inputs, name, changed))
                    new = {one for rule in rules for one, _, _ in findings(rule, graph, STACK) - reported[rule]}
                    yield Mutant(
                        stack.name, inputs.resource.type, inputs.resource.name, changed, bool(rules), frozenset(new)
                    )


def every_mutant() -> list[Mutant]:
    """Return every mutant as a list, which another process can send."""
    return list(mutants())


def _with(inputs: Inputs, name: str, changed: Changed) -> Inputs:
    """Return the resource with the changed property; a reference to one other resource is removed with it."""
    rest = {key: value for key, value in inputs.properties.items() if key != name}
    resource = inputs.resource
    if changed.renames and len(inputs.depends_on(name)) == 1:
        others = {key: urns for key, urns in resource.property_dependencies.items() if key != name}
        resource = replace(resource, property_dependencies=others)
    return replace(
        inputs, resource=resource, properties=rest if changed.value is None else {**rest, name: changed.value}
    )
