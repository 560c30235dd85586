"""Cases of the rules that compare budgets with the estimated month."""

from dataclasses import replace
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.apigatewayv2 import API, INTEGRATION, ROUTE, STAGE
from toolkit.resource_types.budgets import BUDGET
from toolkit.resource_types.kms import KEY
from toolkit.resource_types.lambda_ import FUNCTION

KEYS = (Subject(KEY, {}, "first"), Subject(KEY, {}, "second"))  # $2 a month, used or not
THROTTLED_STAGE = Subject(
    STAGE, {"defaultRouteSettings": {"throttlingRateLimit": 20, "throttlingBurstLimit": 40}}, "stage"
)
SERVICE = (
    Subject(API, {}, "api"),
    replace(THROTTLED_STAGE, dependencies={"apiId": ("api",)}),
    Subject(INTEGRATION, {}, "integration", dependencies={"apiId": ("api",), "integrationUri": ("function",)}),
    Subject(FUNCTION, {"memorySize": 512, "architectures": ["arm64"], "reservedConcurrentExecutions": 10}, "function"),
)
# 53.6 M requests at most. Nothing says how large responses are, so up to 10 MB each: $30,047 of data out; $2,571 for
# the API; $179 for the time that the function takes, and less for its calls.
CLOSED = Subject(STAGE, {"defaultRouteSettings": {"throttlingRateLimit": 0, "throttlingBurstLimit": 40}}, "stage")


def route(name: str) -> Subject:
    dependencies = {"apiId": ("api",), "target": ("integration",)}
    return Subject(ROUTE, {"routeKey": f"GET /{name}"}, name, dependencies=dependencies)


def budget(limit: str, **others: Any) -> Subject:
    return Subject(BUDGET, {"budgetType": "COST", "limitAmount": limit, "timeUnit": "MONTHLY", **others}, "budget")


CASES = {
    "budget-covers-estimate": StackCase(
        good=(budget("3"), *KEYS),
        bad={
            "less than two keys cost": (budget("1.9"), *KEYS),
            "less than the requests cost": (budget("0.9"), THROTTLED_STAGE),
        },
        also_good={
            "of usage": (budget("1", budgetType="USAGE"), *KEYS),
            "of a day": (budget("1", timeUnit="DAILY"), *KEYS),
        },
    ),
    "budget-near-estimate": StackCase(
        good=(budget("1000"), *KEYS),
        bad={"a million": (budget("1000000"), *KEYS), "of a small month": (budget("1001"), *KEYS)},
        also_good={"of usage": (budget("1000000", budgetType="USAGE"), *KEYS)},
    ),
    "worst-month-bounded": StackCase(
        good=(budget("3400"), *SERVICE),
        bad={
            "a small budget": (budget("3200"), *SERVICE),
            "no throttle": (budget("3400"), Subject(STAGE, {}, "stage")),
            "a second route with the default throttle": (budget("3400"), *SERVICE, *map(route, ("one", "two"))),
        },
        also_good={
            "one route": (budget("3400"), *SERVICE, route("one")),
            "closed": (budget("20"), replace(CLOSED, dependencies={"apiId": ("api",)}), SERVICE[0], *SERVICE[2:]),
        },
    ),
}
