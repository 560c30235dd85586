"""APIs with what belongs to them, and APIs without."""

from dataclasses import replace

from policies.rules.apigateway_access import API, AUTHORIZER, ROUTE
from policies.rules.apigateway_stage import STAGE
from policies.rules.cloudfront import DISTRIBUTION
from policies.rules.cognito_client import CLIENT
from policies.rules.cognito_pool import USER_POOL
from policies.rules.wafv2 import WEB_ACL
from policies.stack_rules.api import API_MAPPING
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase

OF_API = {"apiId": ("api",)}
FRONT = Subject(API, {}, "api")
CALLED_BY_PAGES = Subject(API, {"corsConfiguration": {"allowOrigins": ["https://app.example.com"]}}, "api")
CATCHING = ("ANY /upstreams/users/{proxy+}", "OPTIONS /{proxy+}", "$default")
OTHER = Subject(API, {}, "other-api")
JUDGE = Subject(AUTHORIZER, {"authorizerType": "JWT"}, "judge", dependencies=OF_API)
ASKS = Subject(
    ROUTE,
    {"routeKey": "GET /", "authorizationType": "JWT"},
    "route",
    dependencies={**OF_API, "authorizerId": ("judge",)},
)
POOL, WEB = Subject(USER_POOL, {}, "pool"), Subject(CLIENT, {}, "web")
OWN = replace(JUDGE, dependencies={**OF_API, "jwtConfiguration": ("pool", "web")})
EDGE = Subject(DISTRIBUTION, {}, "edge", dependencies={"webAclId": ("wall",)})
WALL = Subject(WEB_ACL, {}, "wall")
NAME = Subject(API_MAPPING, {}, "name", dependencies=OF_API)

CASES = {
    "api-routes-covered": StackCase(
        good=(FRONT, JUDGE, ASKS),
        bad={
            "no authorizer": (FRONT, ASKS),
            "the authorizer of another API": (
                FRONT,
                OTHER,
                replace(JUDGE, dependencies={"apiId": ("other-api",)}),
                ASKS,
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
            "somebody else's tokens": (FRONT, POOL, WEB, JUDGE),
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
        bad={"nothing before it": (FRONT,), "no firewall": (FRONT, replace(EDGE, dependencies={}), WALL)},
    ),
}
