"""Cases of the rules on stages of HTTP APIs: access logs, throttles, TLS."""

import json
from typing import Any

from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.apigatewayv2 import DOMAIN_NAME, STAGE

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


def route(**settings: int | bool) -> dict[str, Any]:
    return {"routeSettings": [{"routeKey": "GET /", **THROTTLES}, {"routeKey": "POST /", **settings}]}


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
        good=route(**THROTTLES),
        bad={
            "a rate too high": route(throttlingRateLimit=501, throttlingBurstLimit=10),
            "a burst too high": route(throttlingRateLimit=10, throttlingBurstLimit=1001),
            "none": route(detailedMetricsEnabled=True),
            "negative": route(throttlingRateLimit=-1, throttlingBurstLimit=10),
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
            "a closed route": route(throttlingRateLimit=0, throttlingBurstLimit=0),
            "a stage closed but for two routes": {
                **throttles(throttlingRateLimit=0, throttlingBurstLimit=0),
                **route(**THROTTLES),
            },
        },
    ),
    "apigw-throttles-admit": ResourceCase(
        STAGE,
        good={**throttles(**THROTTLES), **route(**THROTTLES)},
        bad={
            "a closed stage": throttles(throttlingRateLimit=0, throttlingBurstLimit=10),
            "a stage without bursts": throttles(throttlingRateLimit=10, throttlingBurstLimit=0),
            "a closed route": route(throttlingRateLimit=0, throttlingBurstLimit=10),
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
        good={**throttles(dataTraceEnabled=False), **route(dataTraceEnabled=False)},
        bad={"everywhere": throttles(dataTraceEnabled=True), "at a route": route(dataTraceEnabled=True)},
        absent="pass",
    ),
    "apigw-domain-tls12": ResourceCase(
        DOMAIN_NAME,
        good={"domainNameConfiguration": {"securityPolicy": "TLS_1_2"}},
        bad={"old": {"domainNameConfiguration": {"securityPolicy": "TLS_1_0"}}},
        absent="fail",
    ),
}
