"""Whatever a resource's properties hold, every rule passes, fails or says what it does not know."""

import json
from collections.abc import Mapping
from functools import cache
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.facts import UNKNOWN, Facts
from policies.judging import Outcome, judge_resource
from policies.rule import ResourceRule
from policies.rules import RESOURCE_RULES
from policies.stack import Stack
from stackgraph import Resource
from tests.policies.all_cases import RESOURCE_CASES
from tests.support.policy_servicer import PROVIDER, TODAY, urn
from tests.support.rule_cases import paths, replaced

STACK = Stack("prod", "prod", TODAY)
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


def outcome(rule: ResourceRule, properties: Mapping[str, Any], provider: Mapping[str, Any] = PROVIDER) -> Outcome:
    """What the rule makes of a resource, without the way through the engine, which sends JSON alone."""
    type_ = rule.types[0]
    subject = Resource(
        urn=urn(type_), type=type_, name="subject", custom=True, id="", parent=None, inputs={}, outputs={}
    )
    return judge_resource(rule, Facts(subject, properties, provider), STACK).outcome


@cache
def shapes(name: str) -> tuple[Mapping[str, Any], ...]:
    """Properties that the rule reads; documents in JSON are opened, so that their insides change too."""
    case = RESOURCE_CASES[name]
    named = (case.good, *case.also_good.values(), *case.bad.values())
    found = [case.subject(shape).properties for shape in named]
    return (*filter(None, found), *(opened for shape in found if (opened := open_documents(shape)) != shape))


def open_documents(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: open_documents(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [open_documents(inner) for inner in value]
    if isinstance(value, str) and value.startswith("{"):
        return json.loads(value)
    return value


@pytest.mark.parametrize("name", NAMES)
def test_whatever_stands_where_the_rule_looks_is_judged(name: str) -> None:
    for shape in shapes(name):
        for path in paths(shape):
            for strange in STRANGE:
                found = outcome(RULES[name], replaced(shape, path, strange))
                assert found is not Outcome.CRASH, (path, strange)


@settings(max_examples=40, derandomize=True, database=None, deadline=None)
@given(value=values, provider=st.dictionaries(st.sampled_from(tuple(PROVIDER)), values))
def test_whatever_the_properties_are_every_rule_judges_them(value: Any, provider: Mapping[str, Any]) -> None:
    for name, rule in RULES.items():
        for shape in shapes(name)[:2]:
            for path in paths(shape):
                assert outcome(rule, replaced(shape, path, value), provider) is not Outcome.CRASH, (name, path)
