"""Cases of the rules on quotas of AWS."""

import json
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.apigatewayv2 import API, AUTHORIZER, INTEGRATION, ROUTE, STAGE
from toolkit.resource_types.cognito import USER_POOL_CLIENT
from toolkit.resource_types.iam import POLICY, ROLE, ROLE_ATTACHMENT, ROLE_POLICY
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.sqs import QUEUE

TRUST = {"Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}
ROLE_OF_FUNCTION = Subject(ROLE, {"assumeRolePolicy": TRUST}, "runtime")


def policy(characters: int) -> str:
    """A policy of about so many characters without white space; the white space does not count."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "x" * characters}
    return json.dumps({"Statement": statement}, indent=100)


def inline(name: str, characters: int) -> Subject:
    return Subject(ROLE_POLICY, {"policy": policy(characters)}, name, dependencies={"role": ("runtime",)})


def variables(**values: str) -> dict[str, Any]:
    return {"environment": {"variables": values}}


def parts(kind: str, number: int, **properties: Any) -> tuple[Subject, ...]:
    return tuple(Subject(kind, properties, f"{kind}-{one}", dependencies={"apiId": ("api",)}) for one in range(number))


HTTP_API = Subject(API, {"protocolType": "HTTP"}, "api")
CASES = {
    "lambda-quotas": ResourceCase(
        FUNCTION,
        good={**variables(TABLE="items"), "layers": ["a"]},
        bad={
            "too long": variables(TABLE="x" * 4092),
            "set by Lambda": variables(AWS_REGION="eu-central-1"),
            "the handler": variables(_HANDLER="main"),
            "no name": {"environment": {"variables": {"1ST": "a"}}},
            "a short name": variables(A="a"),
            "many layers": {"layers": list("abcdef")},
        },
        absent="pass",
        also_good={"longest": variables(TABLE="x" * 4091), "five layers": {"layers": list("abcde")}},
    ),
    "iam-quotas": StackCase(
        good=(ROLE_OF_FUNCTION, inline("one", 5000), inline("two", 5000)),
        bad={
            "long inline policies": (ROLE_OF_FUNCTION, inline("one", 5000), inline("two", 5300)),
            "a long managed policy": (Subject(POLICY, {"policy": policy(6144)}, "managed"),),
            "a long trust policy": (Subject(ROLE, {"assumeRolePolicy": policy(2048)}, "runtime"),),
            "many managed policies": (
                ROLE_OF_FUNCTION,
                *(
                    Subject(ROLE_ATTACHMENT, {"policyArn": "a"}, f"a-{one}", dependencies={"role": ("runtime",)})
                    for one in range(11)
                ),
            ),
        },
        also_good={"a managed policy": (Subject(POLICY, {"policy": policy(6000)}, "managed"),)},
    ),
    "resource-policy-quotas": ResourceCase(
        QUEUE,
        good={"policy": json.dumps({"Statement": []})},
        bad={
            "a long queue policy": {"policy": policy(8192)},
            "a long bucket policy": Subject("aws:s3/bucketPolicy:BucketPolicy", {"policy": policy(20_480)}),
        },
        absent="pass",
        also_good={"a bucket": Subject("aws:s3/bucketPolicy:BucketPolicy", {"policy": policy(8192)})},
    ),
    "apigw-quotas": StackCase(
        good=(HTTP_API, *parts(ROUTE, 300, authorizationScopes=["read"]), *parts(STAGE, 10)),
        bad={
            "routes": (HTTP_API, *parts(ROUTE, 301)),
            "integrations": (HTTP_API, *parts(INTEGRATION, 301)),
            "authorizers": (HTTP_API, *parts(AUTHORIZER, 11)),
            "stages": (HTTP_API, *parts(STAGE, 11)),
            "scopes": (HTTP_API, *parts(ROUTE, 1, authorizationScopes=list("abcdefghijk"))),
            "audiences": (HTTP_API, *parts(AUTHORIZER, 1, jwtConfiguration={"audiences": ["a"] * 51})),
            "access log": (HTTP_API, *parts(STAGE, 1, accessLogSettings={"format": "x" * 3073})),
        },
    ),
    "cognito-quotas": ResourceCase(
        USER_POOL_CLIENT,
        good={"callbackUrls": ["https://example.com"]},
        bad={
            "callbacks": {"callbackUrls": ["https://example.com"] * 101},
            "scopes": {"allowedOauthScopes": ["a"] * 51},
            "of a resource server": Subject(
                "aws:cognito/resourceServer:ResourceServer", {"scopes": [{"scopeName": "a"}] * 101}
            ),
        },
        absent="pass",
    ),
}
