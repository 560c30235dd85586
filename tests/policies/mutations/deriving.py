"""Mutations of single resources: the difference between a rule's good and bad case is applied to a real resource."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Final

from tests.policies.all_cases import RESOURCE_CASES
from tests.policies.mutations.expected import PREPARED, TARGETS
from tests.policies.mutations.graphs import RESOURCE_RULES, StackGraph, findings_of_resource, stack_graphs
from tests.support.policy_servicer import Subject
from toolkit.stacks.inputs import Inputs

ABSENT: Final[Any] = object()
Change = tuple[tuple[str, ...], Any]


@dataclass(frozen=True)
class ResourceMutation:
    """One real resource before and after the mutation."""

    rule: str
    label: str
    stack: StackGraph
    before: Inputs
    after: Inputs
    prepared: bool
    """Whether `before` has properties that the real resource lacks."""


def resource_mutations() -> Iterator[ResourceMutation]:
    """Yield, for every rule on a type in the stacks, each bad case and the absence of the required property."""
    for rule in RESOURCE_RULES:
        case = RESOURCE_CASES[rule.name]
        good = case.subject(case.good)
        bad = {label: case.subject(shape) for label, shape in case.bad.items()}
        if case.absent == "fail":
            bad["absent"] = Subject(case.type, {})
        for label, subject in bad.items():
            found = _target(rule.name, subject.type)
            if found is not None:
                stack, real = found
                before = _prepared(rule.name, real, good)
                after = _applied(before, good, subject)
                yield ResourceMutation(rule.name, label, stack, before, after, before is not real)


def without_resource() -> list[str]:
    """Return the rules on types that none of the stacks has."""
    present = {inputs.resource.type for stack in stack_graphs() for inputs in stack.graph.resources}
    return [rule.name for rule in RESOURCE_RULES if not present & set(rule.types)]


def _target(rule: str, type_: str) -> tuple[StackGraph, Inputs] | None:
    """Return the resource to change: one that complies with the rule, if there is one."""
    found = [(stack, inputs) for stack in stack_graphs() for inputs in stack.graph.of(type_)]
    aimed = [one for one in found if one[1].resource.name == TARGETS.get(rule, one[1].resource.name)]
    return min(aimed, key=lambda one: _violates(rule, one[1]), default=None)


def _prepared(rule: str, real: Inputs, good: Subject) -> Inputs:
    """Return the resource unchanged, unless it lacks what the rule's cases change, or violates the rule already."""
    needs = _violates(rule, real) or rule in PREPARED
    return _applied(real, Subject(good.type, {}), good) if needs else real


def _violates(rule: str, inputs: Inputs) -> bool:
    return any(name == rule for name, _, _ in findings_of_resource(inputs))


def _applied(inputs: Inputs, good: Subject, bad: Subject) -> Inputs:
    """Return the resource with the differences between the bad and the good subject."""
    properties = dict(inputs.properties)
    for path, value in _changes(good.properties, bad.properties):
        _put(properties, path, value)
    resource = inputs.resource
    if good.protect != bad.protect:
        resource = replace(resource, protect=bad.protect)
    provider = dict(inputs.provider)
    for path, value in _changes(good.provider, bad.provider):
        _put(provider, path, value)
    return replace(inputs, resource=resource, properties=properties, provider=provider)


def _changes(good: Mapping[str, Any], bad: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[Change]:
    for key in {**good, **bad}:
        before, after = good.get(key, ABSENT), bad.get(key, ABSENT)
        if isinstance(before, Mapping) and (after is ABSENT or (isinstance(after, Mapping) and after)):
            yield from _changes(before, {} if after is ABSENT else after, (*path, key))
        elif before != after:
            yield (*path, key), after


def _put(properties: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Write the value, or remove the property and the blocks that are empty then."""
    key, *rest = path
    if rest:
        inner = properties[key] = dict(found) if isinstance(found := properties.get(key), dict) else {}
        _put(inner, tuple(rest), value)
        if value is ABSENT and not inner:
            del properties[key]
    elif value is ABSENT:
        properties.pop(key, None)
    else:
        properties[key] = deepcopy(value)
