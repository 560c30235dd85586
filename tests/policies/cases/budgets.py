"""Cases of the rules on budgets, on the estimated month, and on what bounds its cost."""

from dataclasses import replace
from typing import Any

from policies.bounds import BOUNDS
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.apigatewayv2 import API, INTEGRATION, ROUTE, STAGE
from toolkit.resource_types.budgets import BUDGET
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.kms import KEY
from toolkit.resource_types.lambda_ import FUNCTION

MONTH = {"budgetType": "COST", "timeUnit": "MONTHLY", "limitAmount": "200", "limitUnit": "USD"}


def notification(kind: str, threshold: int, *emails: str, unit: str = "PERCENTAGE") -> dict[str, Any]:
    return {
        "notificationType": kind,
        "threshold": threshold,
        "thresholdType": unit,
        "subscriberEmailAddresses": list(emails),
    }


ALL = [
    notification(kind, percent, "a@example.com")
    for kind, percent in (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))
]
PROD = BOUNDS["prod"]
WORKER = Subject(FUNCTION, {"reservedConcurrentExecutions": 10}, "function")
ENTRY = Subject(STAGE, {"defaultRouteSettings": {"throttlingRateLimit": 50}}, "stage")
UNITS = {"maxReadRequestUnits": 100, "maxWriteRequestUnits": 100}
ON_DEMAND = Subject(TABLE, {"billingMode": "PAY_PER_REQUEST", "onDemandThroughput": UNITS}, "table")


def budget(**properties: Any) -> Subject:
    return Subject(BUDGET, {"budgetType": "COST", **properties}, "budget")


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


def limited(limit: str, **others: Any) -> Subject:
    return Subject(BUDGET, {"budgetType": "COST", "limitAmount": limit, "timeUnit": "MONTHLY", **others}, "budget")


CASES = {
    "budget-monthly-cost": ResourceCase(
        BUDGET,
        good=MONTH,
        bad={
            "hours": {**MONTH, "budgetType": "USAGE"},
            "a year": {**MONTH, "timeUnit": "ANNUALLY"},
            "nothing": {**MONTH, "limitAmount": "0"},
            "no limit": {name: value for name, value in MONTH.items() if name != "limitAmount"},
        },
        absent="fail",
    ),
    "budget-in-force": ResourceCase(
        BUDGET,
        good={"timePeriodStart": "2026-01-01_00:00", "timePeriodEnd": "2087-06-15_00:00"},
        bad={
            "next year": {"timePeriodStart": "2027-01-01_00:00"},
            "over": {"timePeriodEnd": "2026-11-01_00:00"},
            "no date": {"timePeriodStart": "January"},
        },
        absent="pass",
    ),
    "budget-notifies": ResourceCase(
        BUDGET,
        good={"notifications": ALL},
        bad={
            "no forecast": {"notifications": ALL[:2]},
            "too late": {"notifications": [notification("ACTUAL", 1000, "a@example.com"), *ALL[1:]]},
            "not when all is spent": {"notifications": [ALL[0], ALL[2]]},
            "no subscriber": {"notifications": [notification("ACTUAL", 80), *ALL[1:]]},
            "no address": {"notifications": [notification("ACTUAL", 80, "a-team"), *ALL[1:]]},
            "dollars beyond the limit": {
                "limitAmount": "200",
                "notifications": [notification("ACTUAL", 900, "a@example.com", unit="ABSOLUTE_VALUE"), *ALL[1:]],
            },
            "when less is spent": {"notifications": [{**one, "comparisonOperator": "LESS_THAN"} for one in ALL]},
        },
        absent="fail",
        also_good={
            "a topic": {
                "notifications": [{**notification("ACTUAL", 80), "subscriberSnsTopicArns": ["arn:aws:sns:a"]}, *ALL[1:]]
            },
            "dollars": {
                "limitAmount": "200",
                "notifications": [notification("ACTUAL", 160, "a@example.com", unit="ABSOLUTE_VALUE"), *ALL[1:]],
            },
            "more often": {
                "notifications": [
                    notification("ACTUAL", 50, "a@example.com"),
                    notification("ACTUAL", 90, "a@example.com"),
                    *ALL[2:],
                ]
            },
        },
    ),
    "budget-exists": StackCase(
        good=(budget(),),
        bad={
            "none": (WORKER,),
            "of usage": (budget(budgetType="USAGE"),),
            "of a year": (budget(timeUnit="ANNUALLY"),),
            "of one service": (budget(costFilters=[{"name": "Service", "values": ["Amazon DynamoDB"]}]),),
            "of a tag": (budget(costFilters=[{"name": "TagKeyValue", "values": ["user:stack$prod"]}]),),
            "of another account": (budget(costFilters=[{"name": "LinkedAccount", "values": ["999999999999"]}]),),
            "in another account": (budget(accountId="999999999999"),),
            "of an expression": (budget(filterExpression={"dimensions": {"key": "SERVICE"}}),),
        },
        also_good={
            "of this account": (budget(costFilters=[{"name": "LinkedAccount", "values": ["333333333333"]}]),),
            "one of several": (
                budget(),
                replace(budget(costFilters=[{"name": "Service", "values": ["Amazon S3"]}]), name="another"),
            ),
        },
    ),
    "worst-case-bounded": StackCase(
        good=(WORKER, ENTRY, ON_DEMAND),
        bad={
            "any concurrency": (Subject(FUNCTION, {}, "function"),),
            "any rate": (Subject(STAGE, {}, "stage"),),
            "any units": (Subject(TABLE, {"billingMode": "PAY_PER_REQUEST"}, "table"),),
            "any writes": (
                Subject(
                    TABLE, {"billingMode": "PAY_PER_REQUEST", "onDemandThroughput": {"maxReadRequestUnits": 9}}, "table"
                ),
            ),
        },
        also_good={
            "provisioned": (Subject(TABLE, {}, "table"),),
            "closed": (Subject(STAGE, {"defaultRouteSettings": {"throttlingRateLimit": 0}}, "stage"),),
            "switched off": (Subject(FUNCTION, {"reservedConcurrentExecutions": 0}, "function"),),
        },
    ),
    "budget-covers-estimate": StackCase(
        good=(limited("3"), *KEYS),
        bad={
            "less than two keys cost": (limited("1.9"), *KEYS),
            "less than the requests cost": (limited("0.9"), THROTTLED_STAGE),
        },
        also_good={
            "of usage": (limited("1", budgetType="USAGE"), *KEYS),
            "of a day": (limited("1", timeUnit="DAILY"), *KEYS),
        },
    ),
    "budget-near-estimate": StackCase(
        good=(limited("1000"), *KEYS),
        bad={"a million": (limited("1000000"), *KEYS), "of a small month": (limited("1001"), *KEYS)},
        also_good={"of usage": (limited("1000000", budgetType="USAGE"), *KEYS)},
    ),
    "worst-month-bounded": StackCase(
        good=(limited("3400"), *SERVICE),
        bad={
            "a small budget": (limited("3200"), *SERVICE),
            "no throttle": (limited("3400"), Subject(STAGE, {}, "stage")),
            "a second route with the default throttle": (limited("3400"), *SERVICE, *map(route, ("one", "two"))),
        },
        also_good={
            "one route": (limited("3400"), *SERVICE, route("one")),
            "closed": (limited("20"), replace(CLOSED, dependencies={"apiId": ("api",)}), SERVICE[0], *SERVICE[2:]),
        },
    ),
}
