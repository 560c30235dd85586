"""Breaks of single resources, from the rules' own cases: what makes a good case bad is done to a real resource."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Final

from tests.policies.all_cases import RESOURCE_CASES
from tests.policies.mutations.expected import AIMS, IN_ITS_OWN_SETTING
from tests.policies.mutations.graphs import RESOURCE_RULES, World, said_of, worlds
from tests.support.policy_servicer import Subject
from toolkit.stacks.facts import Facts

ABSENT: Final[Any] = object()
Change = tuple[tuple[str, ...], Any]


@dataclass(frozen=True)
class Break:
    """One real resource before and after it was broken."""

    rule: str
    label: str
    world: World
    before: Facts
    after: Facts
    prepared: bool
    """Whether it was given something before."""


def breaks() -> Iterator[Break]:
    """For every rule on a type in the stacks, each of its bad cases, and the absence of what it asks for."""
    for rule in RESOURCE_RULES:
        case = RESOURCE_CASES[rule.name]
        good = case.subject(case.good)
        bad = {label: case.subject(shape) for label, shape in case.bad.items()}
        if case.absent == "fail":
            bad["absent"] = Subject(case.type, {})
        for label, subject in bad.items():
            found = _target(rule.name, subject.type)
            if found is not None:
                world, real = found
                before = _prepared(rule.name, real, good)
                yield Break(rule.name, label, world, before, _applied(before, good, subject), before is not real)


def without_resource() -> list[str]:
    """The rules on types that none of the stacks has."""
    present = {facts.resource.type for world in worlds() for facts in world.graph.resources}
    return [rule.name for rule in RESOURCE_RULES if not present & set(rule.types)]


def _target(rule: str, type_: str) -> tuple[World, Facts] | None:
    """The resource to break: one that keeps the rule, where there is one."""
    found = [(world, facts) for world in worlds() for facts in world.graph.of(type_)]
    aimed = [one for one in found if one[1].resource.name == AIMS.get(rule, one[1].resource.name)]
    return min(aimed, key=lambda one: _breaks(rule, one[1]), default=None)


def _prepared(rule: str, real: Facts, good: Subject) -> Facts:
    """Return the resource unchanged, unless it lacks what the rule's cases change, or violates the rule already."""
    needs = _breaks(rule, real) or rule in IN_ITS_OWN_SETTING
    return _applied(real, Subject(good.type, {}), good) if needs else real


def _breaks(rule: str, facts: Facts) -> bool:
    return any(name == rule for name, _, _ in said_of(facts))


def _applied(facts: Facts, good: Subject, bad: Subject) -> Facts:
    """Return the resource with the differences between the bad and the good subject."""
    properties = dict(facts.properties)
    for path, value in _changes(good.properties, bad.properties):
        _put(properties, path, value)
    resource = facts.resource
    if good.protect != bad.protect:
        resource = replace(resource, protect=bad.protect)
    provider = dict(facts.provider)
    for path, value in _changes(good.provider, bad.provider):
        _put(provider, path, value)
    return replace(facts, resource=resource, properties=properties, provider=provider)


def _changes(good: Mapping[str, Any], bad: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[Change]:
    for key in {**good, **bad}:
        before, after = good.get(key, ABSENT), bad.get(key, ABSENT)
        if isinstance(before, Mapping) and (after is ABSENT or (isinstance(after, Mapping) and after)):
            yield from _changes(before, {} if after is ABSENT else after, (*path, key))
        elif before != after:
            yield (*path, key), after


def _put(properties: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Write the value, or take away what is there, with the blocks that hold nothing then."""
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
