"""What rules mend: offline it is judged as the engine will have made it."""

from collections.abc import Mapping
from typing import Any

import pytest

from policies.rules.cloudwatch.log_groups import loggroup_retention
from tests.support.policy_servicer import a_stack, urn
from toolkit.policy.evaluation import Outcome, Result, judge
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.stacks import Resource
from toolkit.stacks.environments import Environment
from toolkit.stacks.facts import Facts, GraphFacts


def judged(environment: Environment, properties: Mapping[str, Any]) -> tuple[Result, bool]:
    """The only result, and whether it blocks."""
    resource = Resource(urn(LOG_GROUP), LOG_GROUP, "subject", custom=True, id="", parent=None, inputs={}, outputs={})
    stack = a_stack(environment)
    (result,) = judge([loggroup_retention], GraphFacts((Facts(resource, properties),)), stack)
    return result, result.blocks(stack)


def test_what_a_remedy_writes_where_it_is_absent_holds_and_is_told_as_mended() -> None:
    result, blocks = judged("dev", {"name": "/a/group"})
    assert (result.outcome, result.mended, blocks) == (Outcome.PASS, True, False)


def test_what_is_wrong_is_not_mended_and_blocks() -> None:
    result, blocks = judged("dev", {"retentionInDays": 3650})
    assert (result.outcome, result.mended, blocks) == (Outcome.FAIL, False, True)


def test_what_is_right_is_left_alone() -> None:
    result, blocks = judged("dev", {"retentionInDays": 7})
    assert (result.outcome, result.mended, blocks) == (Outcome.PASS, False, False)


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_where_data_is_kept_nothing_is_mended(environment: Environment) -> None:
    result, blocks = judged(environment, {"name": "/a/group"})
    assert (result.outcome, result.mended, blocks) == (Outcome.FAIL, False, True)
