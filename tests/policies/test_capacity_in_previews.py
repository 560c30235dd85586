"""Rules on throttles and canary alarms do not stop a preview that knows a number or a version only later."""

from dataclasses import replace

import pytest

from policies.rules import STACK_RULES
from tests.policies.cases import codedeploy as canary
from tests.policies.cases.apigatewayv2 import stages as capacity
from tests.support.policy_servicer import UNKNOWN, Servicer

RULES = {rule.name: rule for rule in STACK_RULES}
LATER = {
    "throttles-fit-concurrency": (
        *capacity.WIRED,
        replace(capacity.SMALL, properties={"routeSettings": UNKNOWN}),
        capacity.function(reservedConcurrentExecutions=1),
    ),
    "public-routes-bounded": (
        *capacity.WIRED,
        capacity.stage((5, 10)),
        capacity.function(reservedConcurrentExecutions=UNKNOWN),
    ),
    "canary-alarms-in-time": (canary.CANARY, canary.alarm(period=UNKNOWN)),
    "canary-alarms-of-version": (canary.CANARY, canary.alarm(dimensions=UNKNOWN)),
}


@pytest.mark.parametrize("name", LATER)
def test_unknown_value_passes_a_preview_and_not_an_update(name: str) -> None:
    def violated(*, preview: bool) -> set[str]:
        return {one.policyName for one in Servicer([RULES[name]], preview=preview).analyze_stack(*LATER[name])}

    assert violated(preview=True) == {"judged-at-update"}
    assert violated(preview=False) == {name}
