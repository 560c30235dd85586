"""Cases of the rules on what bounds the cost of a month."""

from dataclasses import replace
from typing import Any

from policies.bounds import BOUNDS
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.apigatewayv2 import STAGE
from toolkit.resource_types.budgets import BUDGET
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.cloudwatch import DASHBOARD, METRIC_ALARM
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.kms import KEY
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.secretsmanager import SECRET
from toolkit.resource_types.wafv2 import WEB_ACL

PROD = BOUNDS["prod"]
WORKER = Subject(FUNCTION, {"reservedConcurrentExecutions": 10}, "function")
ENTRY = Subject(STAGE, {"defaultRouteSettings": {"throttlingRateLimit": 50}}, "stage")
UNITS = {"maxReadRequestUnits": 100, "maxWriteRequestUnits": 100}
ON_DEMAND = Subject(TABLE, {"billingMode": "PAY_PER_REQUEST", "onDemandThroughput": UNITS}, "table")


def some(type_: str, count: int) -> tuple[Subject, ...]:
    return tuple(Subject(type_, {}, f"one-{number}") for number in range(count))


def counted(type_: str, most: int) -> StackCase:
    return StackCase(good=some(type_, most), bad={"one too many": some(type_, most + 1)})


def budget(**properties: Any) -> Subject:
    return Subject(BUDGET, {"budgetType": "COST", **properties}, "budget")


CASES = {
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
    "single-trail": counted(TRAIL, 1),
    "alarm-count": counted(METRIC_ALARM, PROD.alarms),
    "dashboard-count": counted(DASHBOARD, PROD.dashboards),
    "key-count": counted(KEY, PROD.keys),
    "secret-count": counted(SECRET, PROD.secrets),
    "waf-prod-only": counted(WEB_ACL, PROD.firewalls),
}
