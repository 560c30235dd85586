"""The model of a rule."""

import pytest

from toolkit.policy.rule import Levels, ResourceRule, Severity


def test_message_and_check_are_the_one_check_of_a_rule() -> None:
    rule = ResourceRule(
        name="a-rule",
        description="A state",
        severity=Severity.LOW,
        levels=Levels.BLOCKS,
        types=("aws:sns/topic:Topic",),
        message="a fact; a fix",
        check=lambda topic, _: topic.has("name"),
    )
    assert list(rule.checks) == ["a fact; a fix"]


def test_rule_without_a_check_is_rejected() -> None:
    with pytest.raises(ValueError, match="a-rule has no check; set message and check, or checks"):
        ResourceRule(name="a-rule", description="A state", severity=Severity.LOW, levels=Levels.BLOCKS, types=())


def test_rule_with_the_levels_reported_is_not_enforced() -> None:
    options = {"name": "a-rule", "description": "A state", "severity": Severity.LOW, "types": ()}
    rules = [
        ResourceRule(**options, levels=levels, message="a fact", check=lambda *_: True)  # type: ignore[arg-type] # one dict of several types
        for levels in (Levels.WARNS, Levels.REPORTED)
    ]
    assert [rule.enforced for rule in rules] == [True, False]
