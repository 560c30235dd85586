"""The pack evaluates at each resource the rules of its type only."""

from typing import Any

import pytest
from pulumi_policy import policy
from pulumi_policy.deserialize import deserialize_properties

from policies.pack import PACK
from tests.support.policy_servicer import Servicer, Subject
from toolkit.policy.rule import ResourceRule
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import FUNCTION

OF_FUNCTIONS = [rule for rule in PACK.rules if isinstance(rule, ResourceRule) and FUNCTION in rule.types]
OF_BOTH = [rule for rule in OF_FUNCTIONS if TABLE in rule.types]


@pytest.mark.parametrize(("type", "rules"), [(FUNCTION, len(OF_FUNCTIONS)), (TABLE, len(OF_BOTH)), ("x:y:Z", 0)])
def test_resource_properties_are_read_once_per_rule_of_the_type(
    type: str, rules: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[Any] = []

    def deserialize(props: Any, *others: Any) -> Any:
        reads.append(props)
        return deserialize_properties(props, *others)

    monkeypatch.setattr(policy, "deserialize_properties", deserialize)
    servicer = Servicer(OF_FUNCTIONS)
    found = {one.policyName for one in servicer.analyze(Subject(type, {"name": "a"}))}
    own = [props for props in reads if props == {"name": "a"}]
    assert len(own) == rules + 1  # the rule that names those which failed is of every type
    assert bool(found) is (type == FUNCTION)  # the two rules of both types pass
