"""Cases of the rules on who may call an HTTP API, and from where."""

from typing import Any

from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.apigatewayv2 import API, AUTHORIZER, INTEGRATION, ROUTE

POOL = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_pool"
TOKENS: dict[str, Any] = {
    "authorizerType": "JWT",
    "identitySources": ["$request.header.Authorization"],
    "jwtConfiguration": {"audiences": ["a-client"], "issuer": POOL},
}
BALANCER = "arn:aws:elasticloadbalancing:eu-central-1:333333333333:listener/app/l"


def origins(*named: str, **others: bool) -> dict[str, Any]:
    return {"corsConfiguration": {"allowOrigins": list(named), **others}}


CASES = {
    "apigw-route-authorized": ResourceCase(
        ROUTE,
        good={"routeKey": "GET /items", "authorizationType": "JWT", "authorizerId": "tokens"},
        bad={
            "open": {"routeKey": "GET /items", "authorizationType": "NONE"},
            "open by default": {"routeKey": "GET /items"},
            "the rest": {"routeKey": "$default", "authorizationType": "NONE"},
            "the documentation is closed in prod": {"routeKey": "GET /docs"},
            "JWT without an authorizer": {"routeKey": "GET /items", "authorizationType": "JWT"},
        },
        absent="fail",
        also_good={
            "health": {"routeKey": "GET /health", "authorizationType": "NONE"},
            "asked by AWS itself": {"routeKey": "GET /items", "authorizationType": "AWS_IAM"},
        },
    ),
    "apigw-jwt-complete": ResourceCase(
        AUTHORIZER,
        good=TOKENS,
        bad={
            "without an audience": {**TOKENS, "jwtConfiguration": {"audiences": [], "issuer": POOL}},
            "without an issuer": {**TOKENS, "jwtConfiguration": {"audiences": ["a-client"]}},
            "in clear": {**TOKENS, "jwtConfiguration": {"audiences": ["a-client"], "issuer": "http://pool"}},
            "from nowhere": {**TOKENS, "identitySources": []},
            "from the query string": {**TOKENS, "identitySources": ["$request.querystring.token"]},
        },
        absent="fail",
        also_good={"a function decides": {"authorizerType": "REQUEST"}},
    ),
    "apigw-cors-bounded": ResourceCase(
        API,
        good=origins("https://app.example.com"),
        bad={"every page": origins("*"), "every page over TLS": origins("https://app.example.com", "https://*")},
        absent="pass",
    ),
    "apigw-cors-credentials": ResourceCase(
        API,
        good=origins("https://app.example.com", allowCredentials=True),
        bad={"for strangers": origins("https://*", allowCredentials=True)},
        absent="pass",
        also_good={"without credentials": origins("*", allowCredentials=False)},
    ),
    "apigw-cors-https": ResourceCase(
        API,
        good=origins("https://app.example.com"),
        bad={
            "in clear": origins("https://app.example.com", "http://app.example.com"),
            "a developer's machine": origins("http://localhost:3000"),
            "no address": origins("https://[app"),
        },
        absent="pass",
    ),
    "apigw-payload-format": ResourceCase(
        INTEGRATION,
        good={"integrationType": "AWS_PROXY", "payloadFormatVersion": "2.0"},
        bad={
            "1.0": {"integrationType": "AWS_PROXY", "payloadFormatVersion": "1.0"},
            "AWS's default": {"integrationType": "AWS_PROXY"},
        },
        absent="pass",
        also_good={
            "an upstream": {"integrationType": "HTTP_PROXY", "payloadFormatVersion": "1.0"},
            "another service": {
                "integrationType": "AWS_PROXY",
                "integrationSubtype": "SQS-SendMessage",
                "payloadFormatVersion": "1.0",
            },
        },
    ),
    "apigw-private-https": ResourceCase(
        INTEGRATION,
        good={"connectionType": "VPC_LINK", "tlsConfig": {"serverNameToVerify": "items.internal"}},
        bad={"in clear": {"connectionType": "VPC_LINK"}},
        absent="pass",
    ),
    "apigw-upstream-https": ResourceCase(
        INTEGRATION,
        good={"integrationType": "HTTP_PROXY", "integrationUri": "https://upstream.example.com/{proxy}"},
        bad={
            "in clear": {"integrationType": "HTTP_PROXY", "integrationUri": "http://upstream.example.com/{proxy}"},
            "of a WebSocket": {"integrationType": "HTTP", "integrationUri": "http://upstream.example.com"},
        },
        absent="pass",
        also_good={
            "in a network": {
                "integrationType": "HTTP_PROXY",
                "connectionType": "VPC_LINK",
                "integrationUri": BALANCER,
            },
            "a function": {
                "integrationType": "AWS_PROXY",
                "integrationUri": "arn:aws:lambda:eu-central-1:1:function:f",
            },
        },
    ),
}
