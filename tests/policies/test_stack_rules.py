"""Every rule between resources, through the SDK's own servicer."""

from dataclasses import replace
from typing import Any

import pytest

from policies.rules import STACK_RULES
from tests.policies.all_cases import STACK_CASES
from tests.support.policy_servicer import TODAY, Servicer, Subject
from tests.support.rule_cases import as_secrets, texts
from toolkit.policy.rule import Level, StackRule
from toolkit.policy.waivers import Waiver

RULES = {rule.name: rule for rule in STACK_RULES}
NAMES = sorted(RULES)
SHORTEST_TELLING_TEXT = 6


def strictest(rule: StackRule) -> Any:
    """An environment in which the rule counts."""
    return next(name for name in ("prod", "dev") if rule.levels[name] is not Level.DISABLED)


def ask(name: str, subjects: tuple[Subject, ...], **options: Any) -> list[Any]:
    rule = RULES[name]
    return Servicer([rule], strictest(rule), **options).analyze_stack(*subjects)


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert set(RULES) == set(STACK_CASES)


@pytest.mark.parametrize("name", NAMES)
def test_conforming_stack_passes(name: str) -> None:
    case = STACK_CASES[name]
    for subjects in (case.good, *case.also_good.values()):
        assert ask(name, subjects) == []


@pytest.mark.parametrize("name", NAMES)
def test_stack_that_breaks_the_rule_is_reported(name: str) -> None:
    assert STACK_CASES[name].bad
    for label, subjects in STACK_CASES[name].bad.items():
        assert {one.policyName for one in ask(name, subjects)} == {name}, label


@pytest.mark.parametrize("name", NAMES)
def test_no_message_holds_a_value(name: str) -> None:
    own = RULES[name].description + "".join(RULES[name].checks)
    for label, subjects in STACK_CASES[name].bad.items():
        hidden = tuple(replace(subject, properties=as_secrets(subject.properties)) for subject in subjects)
        words = "\n".join(one.message for one in ask(name, hidden))
        values = {text for subject in subjects for text in texts(subject.properties)}
        assert words, label
        assert [
            text for text in values if len(text) >= SHORTEST_TELLING_TEXT and text in words and text not in own
        ] == []


@pytest.mark.parametrize("name", NAMES)
def test_waiver_covers_the_resource_that_it_names(name: str) -> None:
    for subjects in STACK_CASES[name].bad.values():
        for urn in {one.urn for one in ask(name, subjects) if one.urn}:
            waiver = Waiver(rule=name, urn=urn, reason="a test of waivers", owner="a-team", expires=TODAY)
            assert urn not in {one.urn for one in ask(name, subjects, waivers=(waiver,))}
