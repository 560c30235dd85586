"""Months that a budget covers, and months that it does not."""

from dataclasses import replace
from typing import Any

from policies.rules.apigateway_access import API, INTEGRATION
from policies.rules.apigateway_stage import STAGE
from policies.rules.budgets import BUDGET
from policies.rules.kms import KEY
from policies.rules.lambda_function import FUNCTION
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase

KEYS = (Subject(KEY, {}, "first"), Subject(KEY, {}, "second"))  # $2 a month, used or not
DOOR = Subject(STAGE, {"defaultRouteSettings": {"throttlingRateLimit": 20, "throttlingBurstLimit": 40}}, "stage")
SERVICE = (
    Subject(API, {}, "api"),
    replace(DOOR, dependencies={"apiId": ("api",)}),
    Subject(INTEGRATION, {}, "integration", dependencies={"apiId": ("api",), "integrationUri": ("function",)}),
    Subject(FUNCTION, {"memorySize": 512, "architectures": ["arm64"], "reservedConcurrentExecutions": 10}, "function"),
)  # at most $53 for the API, $175 for the time that the function takes, and less for its calls and data


def budget(limit: str, **others: Any) -> Subject:
    return Subject(BUDGET, {"budgetType": "COST", "limitAmount": limit, "timeUnit": "MONTHLY", **others}, "budget")


CASES = {
    "budget-covers-estimate": StackCase(
        good=(budget("3"), *KEYS),
        bad={"less than two keys cost": (budget("1.9"), *KEYS), "less than the requests cost": (budget("0.9"), DOOR)},
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
        good=(budget("20"), *SERVICE),
        bad={"a small budget": (budget("3"), *SERVICE), "no throttle": (budget("20"), Subject(STAGE, {}, "stage"))},
    ),
}
