"""Cases of the rules between the resources of an HTTP API."""

from dataclasses import replace

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.apigatewayv2 import API, API_MAPPING, AUTHORIZER, ROUTE, STAGE
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.resource_types.cognito import USER_POOL, USER_POOL_CLIENT
from toolkit.resource_types.wafv2 import WEB_ACL

OF_API = {"apiId": ("api",)}
FRONT = Subject(API, {}, "api")
CALLED_BY_PAGES = Subject(API, {"corsConfiguration": {"allowOrigins": ["https://app.example.com"]}}, "api")
CATCHING = ("ANY /upstreams/users/{proxy+}", "OPTIONS /{proxy+}", "$default")
OTHER = Subject(API, {}, "other-api")
AUTHORIZE = Subject(AUTHORIZER, {"authorizerType": "JWT"}, "authorizer", dependencies=OF_API)
ASKS = Subject(
    ROUTE,
    {"routeKey": "GET /", "authorizationType": "JWT"},
    "route",
    dependencies={**OF_API, "authorizerId": ("authorizer",)},
)
POOL = Subject(USER_POOL, {"id": "eu-central-1_own", "endpoint": "cognito-idp.example/eu-central-1_own"}, "pool")
WEB = Subject(USER_POOL_CLIENT, {"id": "web1"}, "web", dependencies={"userPoolId": ("pool",)})
OWN = replace(AUTHORIZE, dependencies={**OF_API, "jwtConfiguration": ("pool", "web")})
ISSUER = "https://cognito-idp.eu-central-1.amazonaws.com/"


def trusting(issuer: str, *audiences: str) -> Subject:
    tokens = {"issuer": issuer, "audiences": list(audiences)}
    return replace(OWN, properties={"authorizerType": "JWT", "jwtConfiguration": tokens})


EDGE = Subject(DISTRIBUTION, {}, "edge", dependencies={"webAclId": ("wall",)})
WALL = Subject(WEB_ACL, {}, "wall")
NAME = Subject(API_MAPPING, {}, "name", dependencies=OF_API)


CASES = {
    "api-routes-covered": StackCase(
        good=(FRONT, AUTHORIZE, ASKS),
        bad={
            "no authorizer": (FRONT, ASKS),
            "the authorizer of another API": (
                FRONT,
                OTHER,
                replace(AUTHORIZE, dependencies={"apiId": ("other-api",)}),
                ASKS,
            ),
            "an authorizer of another stack": (
                FRONT,
                replace(AUTHORIZE, properties={"authorizerType": "JWT", "id": "own"}),
                replace(ASKS, properties={**ASKS.properties, "authorizerId": "other"}),
            ),
            "an open catch-all": (FRONT, Subject(ROUTE, {"routeKey": "$default"}, "all", dependencies=OF_API)),
        },
        also_good={"an open route": (FRONT, Subject(ROUTE, {"routeKey": "GET /"}, "open", dependencies=OF_API))},
    ),
    "api-preflights-open": StackCase(
        good=(CALLED_BY_PAGES, ASKS),
        bad={
            key: (CALLED_BY_PAGES, replace(ASKS, properties={**ASKS.properties, "routeKey": key})) for key in CATCHING
        },
        also_good={
            "no CORS": (FRONT, replace(ASKS, properties={**ASKS.properties, "routeKey": "ANY /{proxy+}"})),
            "no authorizer": (CALLED_BY_PAGES, Subject(ROUTE, {"routeKey": "ANY /"}, "open", dependencies=OF_API)),
            "CORS of another API": (
                FRONT,
                replace(CALLED_BY_PAGES, name="other-api"),
                replace(ASKS, properties={**ASKS.properties, "routeKey": "ANY /"}),
            ),
        },
    ),
    "authorizer-matches-pool": StackCase(
        good=(FRONT, POOL, WEB, OWN),
        bad={
            "another pool": (FRONT, WEB, OWN),
            "other clients": (FRONT, POOL, OWN),
            "tokens from elsewhere": (FRONT, POOL, WEB, AUTHORIZE),
            "a foreign issuer": (FRONT, POOL, WEB, trusting("https://login.example.com/eu-central-1_own", "web1")),
            "a foreign pool": (FRONT, POOL, WEB, trusting(f"{ISSUER}eu-central-1_other", "web1")),
            "a foreign client": (FRONT, POOL, WEB, trusting(f"{ISSUER}eu-central-1_own", "other")),
            "a second client": (FRONT, POOL, WEB, trusting(f"{ISSUER}eu-central-1_own", "web1", "other")),
            "a client of another pool": (
                *(FRONT, POOL, OWN, Subject(USER_POOL, {"id": "eu-central-1_two"}, "two")),
                replace(WEB, dependencies={"userPoolId": ("two",)}),
            ),
        },
        also_good={
            "by its id": (FRONT, POOL, WEB, trusting(f"{ISSUER}eu-central-1_own", "web1")),
            "by its endpoint": (FRONT, POOL, WEB, trusting("https://cognito-idp.example/eu-central-1_own", "web1")),
        },
    ),
    "api-has-stage": StackCase(
        good=(FRONT, Subject(STAGE, {}, "stage", dependencies=OF_API)),
        bad={"no stage": (FRONT,), "another's stage": (FRONT, OTHER, Subject(STAGE, {}, "stage", dependencies=OF_API))},
    ),
    "apigw-default-endpoint-off": StackCase(
        good=(Subject(API, {"disableExecuteApiEndpoint": True}, "api"), NAME),
        bad={"two ways in": (FRONT, NAME)},
        also_good={"no name": (FRONT,)},
    ),
    "waf-in-front": StackCase(
        good=(FRONT, EDGE, WALL),
        bad={
            "nothing before it": (FRONT,),
            "no firewall": (FRONT, replace(EDGE, dependencies={}), WALL),
            "another stack's": (
                FRONT,
                replace(EDGE, properties={"webAclId": "arn:aws:wafv2:us-east-1:1:global/webacl/b/1"}),
                replace(WALL, properties={"arn": "arn:aws:wafv2:us-east-1:1:global/webacl/a/0"}),
            ),
        },
    ),
}
