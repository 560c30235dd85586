"""Cases of the rules between user pools, their clients and the API."""

from dataclasses import replace
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.apigatewayv2 import API, DOMAIN_NAME, ROUTE
from toolkit.resource_types.cognito import IDENTITY_PROVIDER, RESOURCE_SERVER, USER_POOL, USER_POOL_CLIENT
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.s3 import BUCKET_CORS

PAGE = "https://app.example.com"
OPEN_TO = Subject(API, {"corsConfiguration": {"allowOrigins": [PAGE]}}, "api")
POOL = Subject(USER_POOL, {"id": "eu-central-1_own"}, "pool")
OF_POOL = {"userPoolId": ("pool",)}
SCOPES = Subject(
    RESOURCE_SERVER,
    {"identifier": "items", "scopes": [{"scopeName": "read"}, {"scopeName": "write"}]},
    "server",
    dependencies=OF_POOL,
)
CLAIMS = Subject(FUNCTION, {"arn": "arn:aws:lambda:eu-central-1:333333333333:function:claims"}, "claims")


def client(**properties: Any) -> Subject:
    return Subject(USER_POOL_CLIENT, properties, "client", dependencies=OF_POOL)


def uploads(*pages: str, method: str = "POST") -> Subject:
    return Subject(BUCKET_CORS, {"corsRules": [{"allowedOrigins": list(pages), "allowedMethods": [method]}]}, "cors")


def pool(arn: str) -> Subject:
    return Subject(USER_POOL, {"lambdaConfig": {"preTokenGeneration": arn}}, "pool")


CASES = {
    "sign-in-pages-known": StackCase(
        good=(OPEN_TO, client(callbackUrls=[f"{PAGE}/in"], logoutUrls=[f"{PAGE}/"])),
        bad={
            "a foreign page": (OPEN_TO, client(callbackUrls=[f"{PAGE}/in", "https://evil.example.net/in"])),
            "a foreign page after sign-out": (OPEN_TO, client(logoutUrls=["https://evil.example.net/"])),
            "a longer name": (OPEN_TO, client(callbackUrls=[f"{PAGE}.evil.example.net/in"])),
        },
        also_good={
            "a server": (OPEN_TO, client(callbackUrls=["https://server.example.com/in"], generateSecret=True)),
            "an application": (OPEN_TO, client(callbackUrls=["example://in"])),
            "the API's own pages": (
                *(OPEN_TO, Subject(DOMAIN_NAME, {"domainName": "api.example.com"}, "name")),
                client(callbackUrls=["https://api.example.com/docs/oauth2-redirect"]),
            ),
            "no pages call the API": (Subject(API, {}, "api"), client(callbackUrls=["https://x.example.com/in"])),
        },
    ),
    "cors-origins-agree": StackCase(
        good=(OPEN_TO, uploads(PAGE)),
        bad={
            "one more page uploads": (OPEN_TO, uploads(PAGE, "https://evil.example.net")),
            "one more page calls": (
                Subject(API, {"corsConfiguration": {"allowOrigins": [PAGE, "https://evil.example.net"]}}, "api"),
                uploads(PAGE),
            ),
        },
        also_good={"files for all": (OPEN_TO, uploads("https://www.example.com", method="GET"))},
    ),
    "sign-in-scopes-offered": StackCase(
        good=(POOL, SCOPES, client(allowedOauthScopes=["items/read", "openid"])),
        bad={
            "of no server": (POOL, SCOPES, client(allowedOauthScopes=["other/read"])),
            "of another pool's": (
                *(POOL, Subject(USER_POOL, {}, "two"), replace(SCOPES, dependencies={"userPoolId": ("two",)})),
                client(allowedOauthScopes=["items/read"]),
            ),
            "not offered": (
                POOL,
                replace(SCOPES, properties={"identifier": "items", "scopes": [{"scopeName": "read"}]}),
                client(allowedOauthScopes=["items/write"]),
            ),
            "a scope of a route that no resource server defines": (
                *(POOL, SCOPES, client(allowedOauthScopes=["items/read"])),
                Subject(ROUTE, {"authorizationScopes": ["other/admin"]}, "route"),
            ),
        },
        also_good={
            "a route's": (
                *(POOL, SCOPES, client(allowedOauthScopes=["items/read"])),
                Subject(ROUTE, {"authorizationScopes": ["items/read"]}, "route"),
            )
        },
    ),
    "sign-in-triggers-own": StackCase(
        good=(CLAIMS, pool(str(CLAIMS.properties["arn"])), client(supportedIdentityProviders=["COGNITO"])),
        bad={
            "a foreign function": (CLAIMS, pool("arn:aws:lambda:eu-central-1:999999999999:function:claims")),
            "an unknown provider": (POOL, client(supportedIdentityProviders=["COGNITO", "Partner"])),
        },
        also_good={
            "a provider of the stack": (
                *(POOL, client(supportedIdentityProviders=["Partner"])),
                Subject(IDENTITY_PROVIDER, {"providerName": "Partner"}, "partner"),
            ),
        },
    ),
}
