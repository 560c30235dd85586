"""Cases of the rules that compare the throttles of an API with the concurrency of the function behind it."""

from dataclasses import replace
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.apigatewayv2 import API, INTEGRATION, ROUTE, STAGE
from toolkit.resource_types.cloudwatch import METRIC_ALARM
from toolkit.resource_types.lambda_ import ALIAS, FUNCTION

HEALTH, ITEMS = "GET /health", "GET /items"


def function(**properties: Any) -> Subject:
    return Subject(FUNCTION, {"timeout": 10, **properties}, "function")


def stage(default: tuple[float, int] | None, **routes: tuple[float, int]) -> Subject:
    """A stage with a rate and a burst by default, and others for the health and items routes."""
    keys = {"health": HEALTH, "items": ITEMS}
    own = [{"routeKey": keys[name], **numbers(*throttle)} for name, throttle in routes.items()]
    properties = {"defaultRouteSettings": numbers(*default)} if default else {}
    return Subject(STAGE, {**properties, "routeSettings": own}, "stage", dependencies={"apiId": ("api",)})


def numbers(rate: float, burst: int) -> dict[str, float]:
    return {"throttlingRateLimit": rate, "throttlingBurstLimit": burst}


def route(key: str, name: str, authorization: str) -> Subject:
    dependencies = {"apiId": ("api",), "target": ("call",)}
    return Subject(ROUTE, {"routeKey": key, "authorizationType": authorization}, name, dependencies=dependencies)


FRONT = Subject(API, {}, "api")
CALL = Subject(
    INTEGRATION, {"integrationType": "AWS_PROXY"}, "call", dependencies={"apiId": ("api",), "integrationUri": ("live",)}
)
LIVE = Subject(ALIAS, {"name": "live"}, "live", dependencies={"functionName": ("function",)})
PUBLIC, SIGNED_IN = route(HEALTH, "health", "NONE"), route(ITEMS, "items", "JWT")
SLOW = Subject(
    METRIC_ALARM,
    {"metricName": "Duration", "namespace": "AWS/Lambda", "threshold": 1_000},
    "slow",
    dependencies={"dimensions": ("function",)},
)
QUERIED = Subject(
    METRIC_ALARM,
    {
        "threshold": 1_000,
        "metricQueries": [
            {
                "id": "slow",
                "metric": {
                    "metricName": "Duration",
                    "namespace": "AWS/Lambda",
                    "stat": "p99",
                    "dimensions": {"FunctionName": "function"},
                },
                "returnData": True,
            }
        ],
    },
    "slow",
)


def slow(**changed: Any) -> Subject:
    return replace(SLOW, properties={**SLOW.properties, **changed})


WIRED = (FRONT, CALL, LIVE, PUBLIC, SIGNED_IN)
SMALL = stage((5, 10), health=(1, 2))


CASES = {
    "throttles-fit-concurrency": StackCase(
        good=(*WIRED, SMALL, SLOW, function(reservedConcurrentExecutions=18)),
        bad={
            "one instance too few": (*WIRED, SMALL, SLOW, function(reservedConcurrentExecutions=17)),
            "without the alarm the timeout counts": (*WIRED, SMALL, function(reservedConcurrentExecutions=71)),
            "the alarm is on another function": (
                *WIRED,
                SMALL,
                slow(dimensions={"FunctionName": "other"}),
                function(reservedConcurrentExecutions=71, name="function"),
            ),
            "the alarm is on another service": (
                *WIRED,
                SMALL,
                slow(namespace="AWS/Usage"),
                function(reservedConcurrentExecutions=71),
            ),
            "the alarm is raised by short durations": (
                *WIRED,
                SMALL,
                slow(comparisonOperator="LessThanThreshold"),
                function(reservedConcurrentExecutions=71),
            ),
            "each route may have its own throttle bucket": (
                *WIRED,
                stage((5, 10)),
                SLOW,
                function(reservedConcurrentExecutions=29),
            ),
            "no throttle": (*WIRED, stage(None), SLOW, function(reservedConcurrentExecutions=900)),
            "more than the account has": (*WIRED, stage((5, 1_000), health=(1, 2)), SLOW, function()),
            "no alias": (
                *WIRED[:1],
                replace(CALL, dependencies={"apiId": ("api",), "integrationUri": ("function",)}),
                *WIRED[3:],
                SMALL,
                SLOW,
                function(reservedConcurrentExecutions=1),
            ),
            "no route of this stack": (FRONT, CALL, LIVE, SMALL, SLOW, function(reservedConcurrentExecutions=14)),
        },
        also_good={
            "the alarm names the function": (
                *WIRED,
                SMALL,
                replace(slow(dimensions={"FunctionName": "function"}), dependencies={}),
                function(reservedConcurrentExecutions=18, name="function"),
            ),
            "a query of the metric": (
                *WIRED,
                SMALL,
                QUERIED,
                function(reservedConcurrentExecutions=18, name="function"),
            ),
            "with the timeout": (*WIRED, SMALL, function(reservedConcurrentExecutions=72)),
            "the account's quota": (*WIRED, stage((5, 980), health=(1, 2)), SLOW, function()),
            "no API": (function(reservedConcurrentExecutions=1),),
            "routes of another integration": (
                *WIRED[:3],
                replace(PUBLIC, dependencies={"apiId": ("api",), "target": ("other",)}),
                replace(CALL, name="other", dependencies={"apiId": ("api",)}),
                SIGNED_IN,
                SMALL,
                SLOW,
                function(reservedConcurrentExecutions=15),
            ),
        },
    ),
    "public-routes-bounded": StackCase(
        good=(*WIRED, stage((5, 10), health=(2, 8)), SLOW, function(reservedConcurrentExecutions=20)),
        bad={
            "more than half": (*WIRED, stage((1, 2), health=(3, 8)), SLOW, function(reservedConcurrentExecutions=20)),
            "no route throttle": (*WIRED, stage((5, 10)), SLOW, function(reservedConcurrentExecutions=20)),
            "more than half of the account": (*WIRED, stage((1, 2), health=(1, 500)), SLOW, function()),
        },
        also_good={
            "only public routes": (
                *WIRED[:4],
                stage((1, 2), health=(3, 8)),
                SLOW,
                function(reservedConcurrentExecutions=11),
            ),
            "no public route": (
                *WIRED[:3],
                SIGNED_IN,
                stage((5, 10)),
                SLOW,
                function(reservedConcurrentExecutions=15),
            ),
        },
    ),
}
