"""The budget with which `./stack new` completes a stack bounds its worst month, and is no larger."""

import json

import pytest

from policies.pack import PACK
from policies.rules.budgets import settings_for_worst_month
from tests.support import stacks
from tests.support.stacks import configured
from toolkit.policy.assessment import assess
from toolkit.policy.pack import describe_stack
from toolkit.stacks import ResourceGraph
from toolkit.stacks.inputs import inputs_of

RULE = "worst-month-bounded"


def needed(graph: ResourceGraph) -> dict[str, int]:
    return settings_for_worst_month(
        inputs_of(graph), describe_stack(PACK, graph.stack, graph.project, graph.config or {})
    )


def violations(graph: ResourceGraph) -> int:
    return sum(result.rule.name == RULE for result in assess(PACK, graph, stacks.ROOT).blocking)


@pytest.mark.parametrize(("less", "blocked"), [(0, 0), (1, 1)])
def test_budget_is_the_smallest_that_bounds_the_worst_month(less: int, blocked: int) -> None:
    settings = json.loads(configured()["items-api:settings"])
    small = stacks.stack(budget=settings["budget"] | {"monthly-usd": 120})
    assert violations(small) == 1

    budget = needed(small)["budget.monthly-usd"]
    graph = stacks.stack(budget=settings["budget"] | {"monthly-usd": budget - less})

    assert violations(graph) == blocked
    assert (needed(graph) == {}) == (not blocked)
