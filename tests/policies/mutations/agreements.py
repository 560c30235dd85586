"""Mutations of values that must agree between two resources: the named resource gets another value."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.policies.mutations.stack_mutations import ACCOUNT, CLOUDFRONT, PROD, Change, StackMutation
from toolkit.stacks.inputs import Inputs, StackInputs

OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
"""The managed cache policy CachingOptimized."""
FOREIGN = "arn:aws:lambda:eu-central-1:999999999999:function:foreign"


def put(name: str, **properties: Any) -> Change:
    """Return a change that sets properties of the named resource; a function gets the value before."""

    def changed(inputs: Inputs) -> Inputs:
        values = {key: _value_of(value, inputs.properties.get(key)) for key, value in properties.items()}
        return replace(inputs, properties={**inputs.properties, **values})

    return lambda graph: StackInputs(
        tuple(changed(one) if one.resource.name == name else one for one in graph.resources)
    )


def _value_of(value: Any, before: Any) -> Any:
    return value(before) if callable(value) else value


def part(**changed: Any) -> Any:
    """Return a change of entries of a map."""

    def change(before: Mapping[str, Any]) -> dict[str, Any]:
        return {**before, **changed}

    return change


def _first(**changed: Any) -> Any:
    """Return a change of entries of the first map in a list."""
    return lambda before: [{**before[0], **changed}, *before[1:]]


def _more(*added: Any) -> Any:
    """Return a change that adds to a list."""
    return lambda before: [*before, *added]


AGREEMENTS: tuple[StackMutation, ...] = (
    StackMutation(
        *(
            "CloudFront caches the API",
            CLOUDFRONT,
            put("edge-distribution", defaultCacheBehavior=part(cachePolicyId=OPTIMIZED)),
        ),
        "cloudfront-api-uncached",
    ),
    StackMutation(
        "CloudFront does not forward the Authorization header",
        CLOUDFRONT,
        put("edge-distribution", defaultCacheBehavior=part(originRequestPolicyId=None)),
        "cloudfront-api-forwarded",
    ),
    StackMutation(
        "CloudFront sends another origin key",
        CLOUDFRONT,
        put("edge-distribution", origins=_first(customHeaders=[{"name": "x-origin-key", "value": "z" * 40}])),
        "cloudfront-origin-key",
    ),
    StackMutation("the web ACL is regional", CLOUDFRONT, put("edge-acl", scope="REGIONAL"), "waf-attached"),
    StackMutation(
        "the certificate does not cover the alias",
        CLOUDFRONT,
        put("edge-distribution", aliases=["www.example.com"]),
        "certificate-covers-name",
    ),
    StackMutation(
        "the API mapping refers to another API", CLOUDFRONT, put("origin-mapping", apiId="other"), "api-mapping-own"
    ),
    StackMutation(
        "the authorizer accepts another audience",
        PROD,
        put("http-authorizer", jwtConfiguration=lambda one: {**one, "audiences": [*one["audiences"], "other"]}),
        "authorizer-matches-pool",
    ),
    StackMutation(
        *(
            "the integration invokes a function of another account",
            PROD,
            put("http-function", integrationUri=f"a/{FOREIGN}/invocations"),
        ),
        "api-invokes-own-function",
    ),
    StackMutation(
        *("one route uses AWS_IAM", PROD, put("http-get-api-v1-items", authorizationType="AWS_IAM")),
        "api-one-authorization",
    ),
    StackMutation(
        "access logs go to a log group of another stack",
        PROD,
        put("http-stage", accessLogSettings=part(destinationArn="arn:aws:logs:eu-central-1:1:log-group:other")),
        "apigw-logs-own",
    ),
    StackMutation(
        "a throttle names no route",
        PROD,
        put("http-stage", routeSettings=_more({"routeKey": "GET /no", "throttlingRateLimit": 1})),
        "apigw-throttles-own-routes",
    ),
    StackMutation(
        "the bucket's CORS allows another origin",
        PROD,
        put("attachments-cors", corsRules=_first(allowedOrigins=["https://www.example.com"])),
        "cors-origins-agree",
    ),
    StackMutation(
        "the client has another callback URL",
        PROD,
        put("sign-in-web-client", callbackUrls=_more("https://www.example.com/in")),
        "sign-in-pages-known",
    ),
    StackMutation(
        "the client has a scope that no resource server defines",
        PROD,
        put("sign-in-machine-client", allowedOauthScopes=_more("other/read")),
        "sign-in-scopes-offered",
    ),
    StackMutation(
        *(
            "a Cognito trigger is a function of another account",
            PROD,
            put("sign-in-pool", lambdaConfig={"preTokenGeneration": FOREIGN}),
        ),
        "sign-in-triggers-own",
    ),
    StackMutation(
        "a DynamoDB stream has no reader", PROD, put("items-table", streamEnabled=True), "dynamodb-stream-read"
    ),
    StackMutation(
        "the function uses a table of another stack",
        PROD,
        put("api-function", environment=lambda one: {"variables": {**one["variables"], "SESSIONS_TABLE": "other"}}),
        "function-data-own",
    ),
    StackMutation(
        "attachments expire",
        PROD,
        put("attachments-lifecycle", rules=_first(expiration={"days": 30})),
        "s3-objects-kept",
    ),
    StackMutation(
        "noncurrent versions expire after a day",
        PROD,
        put("attachments-lifecycle", rules=_first(noncurrentVersionExpiration={"noncurrentDays": 1})),
        "s3-versions-kept",
    ),
    StackMutation(
        "access logs go to an unknown bucket",
        ACCOUNT,
        put("trail-logging", targetBucket="other-logs"),
        "s3-logs-to-log-bucket",
    ),
)
