"""What rules remediate: offline it is evaluated as the engine will have made it."""

from collections.abc import Mapping
from typing import Any

import pytest

from policies.rules.cloudwatch.log_groups import loggroup_retention
from tests.support.policy_servicer import a_stack, urn
from toolkit.policy.evaluation import Outcome, Result, evaluate_rules
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.stacks import Resource
from toolkit.stacks.inputs import Inputs, StackInputs
from toolkit.stacks.settings import Environment


def evaluated(environment: Environment, properties: Mapping[str, Any]) -> tuple[Result, bool]:
    """The only result, and whether it blocks."""
    resource = Resource(urn(LOG_GROUP), LOG_GROUP, "subject", custom=True, id="", parent=None, inputs={}, outputs={})
    stack = a_stack(environment)
    (result,) = evaluate_rules([loggroup_retention], StackInputs((Inputs(resource, properties),)), stack)
    return result, result.blocks(stack)


def test_absent_property_is_remediated_and_passes() -> None:
    result, blocks = evaluated("dev", {"name": "/a/group"})
    assert (result.outcome, result.remediated, blocks) == (Outcome.PASS, True, False)


def test_wrong_property_is_not_remediated_and_blocks() -> None:
    result, blocks = evaluated("dev", {"retentionInDays": 3650})
    assert (result.outcome, result.remediated, blocks) == (Outcome.FAIL, False, True)


def test_conforming_property_is_not_changed() -> None:
    result, blocks = evaluated("dev", {"retentionInDays": 7})
    assert (result.outcome, result.remediated, blocks) == (Outcome.PASS, False, False)


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_staging_and_prod_remediate_nothing(environment: Environment) -> None:
    result, blocks = evaluated(environment, {"name": "/a/group"})
    assert (result.outcome, result.remediated, blocks) == (Outcome.FAIL, False, True)
