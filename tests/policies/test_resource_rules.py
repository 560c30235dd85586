"""Every rule on single resources, through the SDK's own servicer."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped] # protobuf ships no types

from policies.rules import RESOURCE_RULES
from policies.stack_settings import SETTINGS
from tests.policies.all_cases import RESOURCE_CASES
from tests.support.policy_servicer import TODAY, Servicer, Subject, urn
from tests.support.rule_cases import ResourceCase, as_secrets, texts
from toolkit.policy.rule import Level, ResourceRule
from toolkit.policy.waivers import Waiver
from toolkit.stacks.settings import ENVIRONMENTS

RULES = {rule.name: rule for rule in RESOURCE_RULES}
NAMES = sorted(RULES)
SHORTEST_TELLING_TEXT = 6  # a shorter one may stand in any sentence


def strictest(rule: ResourceRule) -> Any:
    """An environment in which the rule counts."""
    return next(name for name in ("prod", "dev") if rule.levels[name] is not Level.DISABLED)


def ask(name: str, subject: Subject, **options: Any) -> list[Any]:
    rule = RULES[name]
    return Servicer([rule], strictest(rule), **options).analyze(subject)


def some_bad(case: ResourceCase) -> Iterator[tuple[str, Subject]]:
    for label, properties in case.bad.items():
        yield label, case.subject(properties)


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert set(RULES) == set(RESOURCE_CASES)


def test_no_two_rules_share_a_name() -> None:
    assert len(RULES) == len(RESOURCE_RULES)


@pytest.mark.parametrize("name", NAMES)
def test_conforming_resource_passes(name: str) -> None:
    case = RESOURCE_CASES[name]
    for properties in (case.good, *case.also_good.values()):
        assert ask(name, case.subject(properties)) == []


@pytest.mark.parametrize("name", NAMES)
def test_violation_is_reported_with_its_resource(name: str) -> None:
    assert RESOURCE_CASES[name].bad
    for label, subject in some_bad(RESOURCE_CASES[name]):
        diagnostics = ask(name, subject)
        assert {(one.policyName, bool(one.message)) for one in diagnostics} == {(name, True)}, label


@pytest.mark.parametrize("name", NAMES)
def test_absent_property_counts_as_the_default_of_aws(name: str) -> None:
    case = RESOURCE_CASES[name]
    assert bool(ask(name, case.subject({}))) is (case.absent == "fail")


@pytest.mark.parametrize("name", NAMES)
def test_unknown_property_blocks_an_update_and_not_a_preview(name: str) -> None:
    case = RESOURCE_CASES[name]
    noticed = 0
    for path, subject in case.unknowns():
        assert ask(name, subject, preview=True) == [], path
        noticed += bool(ask(name, subject))
    assert noticed or not case.subject(case.good).properties


@pytest.mark.parametrize("name", NAMES)
def test_known_violation_is_reported_although_other_properties_are_unknown(name: str) -> None:
    for label, subject in some_bad(RESOURCE_CASES[name]):
        assert ask(name, subject, preview=True), label


@pytest.mark.parametrize("name", NAMES)
def test_no_message_holds_a_value(name: str) -> None:
    for label, subject in some_bad(RESOURCE_CASES[name]):
        hidden = replace(subject, properties=as_secrets(subject.properties))
        words = "\n".join(one.message for one in ask(name, hidden))
        assert words, label
        own = RULES[name].description + "".join((*RULES[name].checks, *map(str, SETTINGS.get(name, ()))))
        shown = [text for text in texts(subject.properties) if len(text) >= SHORTEST_TELLING_TEXT and text in words]
        assert [text for text in shown if text not in own] == [], label


@pytest.mark.parametrize("name", NAMES)
def test_waiver_covers_its_own_resource_only(name: str) -> None:
    for _, subject in some_bad(RESOURCE_CASES[name]):
        waiver = Waiver(rule=name, urn=urn(subject.type), reason="a test of waivers", owner="a-team", expires=TODAY)
        assert ask(name, subject, waivers=(waiver,)) == []
        other = replace(subject, name="another")
        assert ask(name, other, waivers=(waiver,))


@pytest.mark.parametrize("name", [name for name in NAMES if RULES[name].remediation])
def test_remediation_conforms_and_changes_no_present_property(name: str) -> None:
    rule, case = RULES[name], RESOURCE_CASES[name]
    environment = next(known for known in ENVIRONMENTS if rule.levels[known] is Level.REMEDIATE)
    servicer = Servicer([rule], environment)
    (remediated,) = servicer.remediate(case.subject({}))
    assert servicer.analyze(case.subject(MessageToDict(remediated.properties))) == []
    for _, subject in some_bad(case):
        kept = [MessageToDict(one.properties) for one in servicer.remediate(subject)]
        assert all(subject.properties.items() <= properties.items() for properties in kept)


@pytest.mark.parametrize("name", NAMES)
def test_rule_ignores_resources_of_other_types(name: str) -> None:
    for _, subject in some_bad(RESOURCE_CASES[name]):
        assert ask(name, Subject("random:index/randomId:RandomId", subject.properties)) == []
