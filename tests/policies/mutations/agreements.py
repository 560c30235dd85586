"""Breaks of values on which two resources must agree: the resource of a logical name gets another value."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.policies.mutations.wholes import ACCOUNT, EDGE, PROD, Change, Whole
from toolkit.stacks.facts import Facts, GraphFacts

OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
"""The managed cache policy CachingOptimized."""
FOREIGN = "arn:aws:lambda:eu-central-1:999999999999:function:foreign"


def put(name: str, **properties: Any) -> Change:
    """Give the resource of this name these properties; a function makes the value from the one before."""

    def changed(facts: Facts) -> Facts:
        values = {key: _made(value, facts.properties.get(key)) for key, value in properties.items()}
        return replace(facts, properties={**facts.properties, **values})

    return lambda graph: GraphFacts(
        tuple(changed(one) if one.resource.name == name else one for one in graph.resources)
    )


def _made(value: Any, before: Any) -> Any:
    return value(before) if callable(value) else value


def part(**changed: Any) -> Any:
    """Change entries of a map."""

    def change(before: Mapping[str, Any]) -> dict[str, Any]:
        return {**before, **changed}

    return change


def _first(**changed: Any) -> Any:
    """Change entries of the first map in a list."""
    return lambda before: [{**before[0], **changed}, *before[1:]]


def _more(*added: Any) -> Any:
    """Add to a list."""
    return lambda before: [*before, *added]


AGREEMENTS: tuple[Whole, ...] = (
    Whole(
        *(
            "a cache before the API",
            EDGE,
            put("edge-distribution", defaultCacheBehavior=part(cachePolicyId=OPTIMIZED)),
        ),
        "cloudfront-api-uncached",
    ),
    Whole(
        "an edge that keeps tokens",
        EDGE,
        put("edge-distribution", defaultCacheBehavior=part(originRequestPolicyId=None)),
        "cloudfront-api-forwarded",
    ),
    Whole(
        "another origin key",
        EDGE,
        put("edge-distribution", origins=_first(customHeaders=[{"name": "x-origin-key", "value": "z" * 40}])),
        "cloudfront-origin-key",
    ),
    Whole("a web ACL of a region", EDGE, put("edge-acl", scope="REGIONAL"), "waf-attached"),
    Whole(
        "a name that the certificate lacks",
        EDGE,
        put("edge-distribution", aliases=["www.example.com"]),
        "certificate-covers-name",
    ),
    Whole("a name that leads to another API", EDGE, put("origin-mapping", apiId="other"), "api-mapping-own"),
    Whole(
        "an audience more",
        PROD,
        put("http-authorizer", jwtConfiguration=lambda one: {**one, "audiences": [*one["audiences"], "other"]}),
        "authorizer-matches-pool",
    ),
    Whole(
        *("a foreign function", PROD, put("http-function", integrationUri=f"a/{FOREIGN}/invocations")),
        "api-invokes-own-function",
    ),
    Whole(
        *("a route for IAM", PROD, put("http-get-api-v1-items", authorizationType="AWS_IAM")), "api-one-authorization"
    ),
    Whole(
        "a log of another stack",
        PROD,
        put("http-stage", accessLogSettings=part(destinationArn="arn:aws:logs:eu-central-1:1:log-group:other")),
        "apigw-logs-own",
    ),
    Whole(
        "a throttle of no route",
        PROD,
        put("http-stage", routeSettings=_more({"routeKey": "GET /no", "throttlingRateLimit": 1})),
        "apigw-throttles-own-routes",
    ),
    Whole(
        "a page more that uploads",
        PROD,
        put("attachments-cors", corsRules=_first(allowedOrigins=["https://www.example.com"])),
        "cors-origins-agree",
    ),
    Whole(
        "a page more after signing in",
        PROD,
        put("sign-in-web-client", callbackUrls=_more("https://www.example.com/in")),
        "sign-in-pages-known",
    ),
    Whole(
        "a scope that nothing offers",
        PROD,
        put("sign-in-machine-client", allowedOauthScopes=_more("other/read")),
        "sign-in-scopes-offered",
    ),
    Whole(
        *("a foreign trigger", PROD, put("sign-in-pool", lambdaConfig={"preTokenGeneration": FOREIGN})),
        "sign-in-triggers-own",
    ),
    Whole(
        *("sessions that stay", PROD, put("sessions-table", ttl={"attributeName": "created_at", "enabled": True})),
        "dynamodb-ttl",
    ),
    Whole("a stream for nothing", PROD, put("items-table", streamEnabled=True), "dynamodb-stream-read"),
    Whole(
        "a table of another stack",
        PROD,
        put("api-function", environment=lambda one: {"variables": {**one["variables"], "SESSION_TABLE": "other"}}),
        "function-data-own",
    ),
    Whole(
        "attachments that expire",
        PROD,
        put("attachments-lifecycle", rules=_first(expiration={"days": 30})),
        "s3-objects-kept",
    ),
    Whole(
        "old versions for a day",
        PROD,
        put("attachments-lifecycle", rules=_first(noncurrentVersionExpiration={"noncurrentDays": 1})),
        "s3-versions-kept",
    ),
    Whole(
        "logs in the bucket itself",
        ACCOUNT,
        put("trail-logging", targetBucket="other-logs"),
        "s3-logs-to-log-bucket",
    ),
)
