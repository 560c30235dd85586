"""The pack converts each resource once, and evaluates at it the rules of its type only."""

from typing import Any

import pytest
from pulumi_policy.deserialize import deserialize_properties

from policies.pack import PACK
from tests.support.policy_servicer import Servicer, Subject
from toolkit.policy import crossguard
from toolkit.policy.evaluation import evaluate_resource
from toolkit.policy.rule import ResourceRule
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import FUNCTION

OF_FUNCTIONS = [rule for rule in PACK.rules if isinstance(rule, ResourceRule) and FUNCTION in rule.types]
OF_BOTH = [rule for rule in OF_FUNCTIONS if TABLE in rule.types]


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The properties that are converted, in order."""
    found: list[Any] = []

    def deserialize(properties: dict[str, Any]) -> dict[str, Any]:
        found.append(properties)
        return deserialize_properties(properties)

    monkeypatch.setattr(crossguard, "deserialize_properties", deserialize)
    return found


@pytest.mark.parametrize(("type", "rules"), [(FUNCTION, len(OF_FUNCTIONS)), (TABLE, len(OF_BOTH)), ("x:y:Z", 0)])
def test_resource_is_converted_once_and_evaluated_by_the_rules_of_its_type(
    type: str, rules: int, converted: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluated: list[str] = []

    def evaluate(rule: ResourceRule, *others: Any) -> Any:
        evaluated.append(rule.name)
        return evaluate_resource(rule, *others)

    monkeypatch.setattr(crossguard, "evaluate_resource", evaluate)
    found = {one.policyName for one in Servicer(OF_FUNCTIONS).analyze(Subject(type, {"name": "a"}))}
    assert len(evaluated) == rules
    assert converted.count({"name": "a"}) == 1
    assert bool(found) is (type == FUNCTION)  # the two rules of both types pass


def test_stack_is_converted_once_for_all_rules(converted: list[Any]) -> None:
    subjects = [Subject("aws:sqs/queue:Queue", {"name": name}, name) for name in ("one", "two")]
    Servicer(PACK.rules).analyze_stack(*subjects)
    assert [each["name"] for each in converted if "name" in each] == ["one", "two"]
