"""For every value of a resource's properties, each rule passes, fails or names the value that is unknown."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.rules import RESOURCE_RULES
from tests.policies.all_cases import RESOURCE_CASES
from tests.support.policy_servicer import PROVIDER, Subject, a_stack, urn
from tests.support.rule_cases import paths, replaced
from toolkit.policy.evaluation import Outcome, evaluate_resource
from toolkit.stacks import Resource
from toolkit.stacks.inputs import UNKNOWN, Inputs

STACK = a_stack()
NAMES = sorted(RESOURCE_CASES)
RULES = {rule.name: rule for rule in RESOURCE_RULES}
STRANGE_TEXTS = (
    "",
    "*",
    "*" * 3_000,
    "s3:" + "a*" * 1_000,
    "true",
    "{}",
    "[]",
    "[" * 100_000,
    '{"Statement": [null, 3]}',
    "https://[",
    "1" * 400,
    "1e999",
)
"""Over these the readers of JSON, addresses and numbers stumble."""
STRANGE: tuple[Any, ...] = (
    *STRANGE_TEXTS,
    UNKNOWN,
    None,
    True,
    -1,
    10**400,
    nan,
    inf,
    [],
    [None],
    [UNKNOWN],
    [[]],
    {},
    {"": UNKNOWN},
)

scalars = st.sampled_from(STRANGE) | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def crashes(name: str, subject: Subject, properties: Mapping[str, Any], provider: Mapping[str, Any]) -> bool:
    """Return whether the rule fails on this; it is called directly, as the engine sends only JSON."""
    resource = Resource(
        urn=urn(subject.type), type=subject.type, name="a", custom=True, id="", parent=None, inputs={}, outputs={}
    )
    return evaluate_resource(RULES[name], Inputs(resource, properties, provider), STACK).outcome is Outcome.CRASH


@cache
def subjects(name: str) -> tuple[Subject, ...]:
    """Resources with what the rule reads; documents in JSON are opened as well, so that their insides change too."""
    case = RESOURCE_CASES[name]
    found = [case.subject(shape) for shape in (case.good, *case.also_good.values(), *case.bad.values())]
    opened = [replace(subject, properties=open_documents(subject.properties)) for subject in found]
    return (*found, *(subject for subject in opened if subject not in found))


def open_documents(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: open_documents(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [open_documents(inner) for inner in value]
    with suppress(TypeError, ValueError):
        return json.loads(value)
    return value


@pytest.mark.parametrize("name", NAMES)
def test_any_value_of_a_read_property_is_evaluated(name: str) -> None:
    for subject in subjects(name):
        for path in paths(subject.properties):
            for strange in STRANGE:
                changed = replaced(subject.properties, path, strange)
                assert not crashes(name, subject, changed, subject.provider), (path, strange)


@settings(max_examples=40)
@given(value=values, provider=st.dictionaries(st.sampled_from(tuple(PROVIDER)), values))
def test_any_properties_are_evaluated_by_every_rule(value: Any, provider: Mapping[str, Any]) -> None:
    for name in NAMES:
        for subject in (subjects(name)[0], subjects(name)[-1]):
            for path in paths(subject.properties):
                changed = replaced(subject.properties, path, value)
                assert not crashes(name, subject, changed, {**subject.provider, **provider}), (name, path)
