"""Cases of the rules on stages of HTTP APIs: access logs, throttles, TLS."""

import json
from dataclasses import replace
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.apigatewayv2 import API, DOMAIN_NAME, INTEGRATION, ROUTE, STAGE
from toolkit.resource_types.cloudwatch import METRIC_ALARM
from toolkit.resource_types.lambda_ import ALIAS, FUNCTION

GROUP = "arn:aws:logs:eu-central-1:333333333333:log-group:/access"
FIELDS = {
    "id": "$context.requestId",
    "ip": "$context.identity.sourceIp",
    "route": "$context.routeKey",
    "status": "$context.status",
    "latency": "$context.responseLatency",
    "error": "$context.authorizer.error",
}
THROTTLES = {"throttlingRateLimit": 500, "throttlingBurstLimit": 1000}


def logs(format_: str) -> dict[str, Any]:
    return {"accessLogSettings": {"destinationArn": GROUP, "format": format_}}


def throttles(**settings: float | bool) -> dict[str, Any]:
    return {"defaultRouteSettings": settings}


def route_settings(**settings: int | bool) -> dict[str, Any]:
    return {"routeSettings": [{"routeKey": "GET /", **THROTTLES}, {"routeKey": "POST /", **settings}]}


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
    "apigw-access-logs": ResourceCase(
        STAGE,
        good=logs(json.dumps(FIELDS)),
        bad={
            "nowhere": {"accessLogSettings": {"format": "{}"}},
            "nothing": {"accessLogSettings": {"destinationArn": GROUP}},
        },
        absent="fail",
    ),
    "apigw-log-format-json": ResourceCase(
        STAGE,
        good=logs(json.dumps(FIELDS)),
        bad={
            "a line": logs("$context.identity.sourceIp - $context.requestId"),
            **{f"no {name}": logs(json.dumps({**FIELDS, name: ""})) for name in FIELDS},
        },
        absent="fail",
    ),
    "apigw-throttling": ResourceCase(
        STAGE,
        good=throttles(**THROTTLES),
        bad={
            "metrics alone count as none at all": throttles(detailedMetricsEnabled=True),
            "a negative rate": throttles(throttlingRateLimit=-1, throttlingBurstLimit=10),
            "a negative burst": throttles(throttlingRateLimit=10, throttlingBurstLimit=-1),
            "a rate too high": throttles(throttlingRateLimit=501, throttlingBurstLimit=10),
            "a burst too high": throttles(throttlingRateLimit=10, throttlingBurstLimit=1001),
            "no burst": throttles(throttlingRateLimit=10),
            "no rate": throttles(throttlingBurstLimit=10),
        },
        absent="fail",
        also_good={
            "one at a time": throttles(throttlingRateLimit=1, throttlingBurstLimit=1),
            "0 is a limit": throttles(throttlingRateLimit=0, throttlingBurstLimit=0),
        },
    ),
    "apigw-route-throttling": ResourceCase(
        STAGE,
        good=route_settings(**THROTTLES),
        bad={
            "a rate too high": route_settings(throttlingRateLimit=501, throttlingBurstLimit=10),
            "a burst too high": route_settings(throttlingRateLimit=10, throttlingBurstLimit=1001),
            "none": route_settings(detailedMetricsEnabled=True),
            "negative": route_settings(throttlingRateLimit=-1, throttlingBurstLimit=10),
            "a rate above the stage's": {
                **throttles(throttlingRateLimit=10, throttlingBurstLimit=20),
                "routeSettings": [{"routeKey": "GET /", "throttlingRateLimit": 11, "throttlingBurstLimit": 20}],
            },
            "a burst above the stage's": {
                **throttles(throttlingRateLimit=10, throttlingBurstLimit=20),
                "routeSettings": [{"routeKey": "GET /", "throttlingRateLimit": 10, "throttlingBurstLimit": 21}],
            },
        },
        absent="pass",
        also_good={
            "the stage's": {
                **throttles(throttlingRateLimit=10, throttlingBurstLimit=20),
                "routeSettings": [{"routeKey": "GET /", "throttlingRateLimit": 10, "throttlingBurstLimit": 20}],
            },
            "a closed route": route_settings(throttlingRateLimit=0, throttlingBurstLimit=0),
            "a stage closed but for two routes": {
                **throttles(throttlingRateLimit=0, throttlingBurstLimit=0),
                **route_settings(**THROTTLES),
            },
        },
    ),
    "apigw-throttles-admit": ResourceCase(
        STAGE,
        good={**throttles(**THROTTLES), **route_settings(**THROTTLES)},
        bad={
            "a closed stage": throttles(throttlingRateLimit=0, throttlingBurstLimit=10),
            "a stage without bursts": throttles(throttlingRateLimit=10, throttlingBurstLimit=0),
            "a closed route": route_settings(throttlingRateLimit=0, throttlingBurstLimit=10),
        },
        absent="pass",
    ),
    "apigw-log-no-tokens": ResourceCase(
        STAGE,
        good=logs(json.dumps(FIELDS)),
        bad={
            "the token": logs(json.dumps({"token": "$request.header.Authorization"})),
            "a header among others": logs("$context.requestId $request.header.cookie"),
            "an address": logs(json.dumps({"who": "$context.authorizer.claims.email"})),
            "a name": logs(json.dumps({"who": "$context.authorizer.claims.cognito:username"})),
        },
        absent="pass",
        also_good={
            "the subject": logs(json.dumps({"sub": "$context.authorizer.claims.sub"})),
            "a field of that name": logs(json.dumps({"authorization": "$context.authorizer.error"})),
        },
    ),
    "apigw-stage-deploys": ResourceCase(
        STAGE,
        good={"autoDeploy": True},
        bad={"off": {"autoDeploy": False}},
        absent="fail",
        also_good={"its own deployment": {"deploymentId": "abc123"}},
    ),
    "apigw-no-data-trace": ResourceCase(
        STAGE,
        good={**throttles(dataTraceEnabled=False), **route_settings(dataTraceEnabled=False)},
        bad={"everywhere": throttles(dataTraceEnabled=True), "at a route": route_settings(dataTraceEnabled=True)},
        absent="pass",
    ),
    "apigw-domain-tls12": ResourceCase(
        DOMAIN_NAME,
        good={"domainNameConfiguration": {"securityPolicy": "TLS_1_2"}},
        bad={"old": {"domainNameConfiguration": {"securityPolicy": "TLS_1_0"}}},
        absent="fail",
    ),
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
