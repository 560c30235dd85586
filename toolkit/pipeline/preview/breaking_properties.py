"""By resource type, the properties that callers rely on."""

from collections.abc import Callable, Mapping
from typing import Any

_API, _STAGE, _INTEGRATION = (
    f"aws:apigatewayv2/{kind}" for kind in ("api:Api", "stage:Stage", "integration:Integration")
)
_AUTHORIZER, _DOMAIN = "aws:apigatewayv2/authorizer:Authorizer", "aws:apigatewayv2/domainName:DomainName"
_POOL, _CLIENT = "aws:cognito/userPool:UserPool", "aws:cognito/userPoolClient:UserPoolClient"
_URL, _DISTRIBUTION = "aws:lambda/functionUrl:FunctionUrl", "aws:cloudfront/distribution:Distribution"

REMOVED: Mapping[str, str] = {
    _API: "HTTP API",
    _STAGE: "stage",
    _DOMAIN: "domain name",
    "aws:apigatewayv2/apiMapping:ApiMapping": "API mapping",
    "aws:apigateway/restApi:RestApi": "REST API",
    "aws:apigateway/stage:Stage": "stage",
    "aws:apigateway/domainName:DomainName": "domain name",
    "aws:apigateway/basePathMapping:BasePathMapping": "base path mapping",
    "aws:lb/listenerRule:ListenerRule": "listener rule",
    "aws:route53/record:Record": "DNS record",
    _URL: "function URL",
    _DISTRIBUTION: "distribution",
    _POOL: "user pool",
    _CLIENT: "app client",
    "aws:cognito/userPoolDomain:UserPoolDomain": "sign-in domain",
    "aws:cognito/resourceServer:ResourceServer": "resource server",
    "aws:cognito/userGroup:UserGroup": "user group",
    "aws:cognito/identityProvider:IdentityProvider": "identity provider",
}
"""Resource types with an ID or address that callers use; a replacement changes it."""

LISTS: Mapping[str, Mapping[str, str]] = {
    _API: {
        "corsConfiguration.allowOrigins": "CORS origin",
        "corsConfiguration.allowMethods": "CORS method",
        "corsConfiguration.allowHeaders": "CORS request header",
        "corsConfiguration.exposeHeaders": "CORS response header",
    },
    _URL: {"cors.allowOrigins": "CORS origin", "cors.allowMethods": "CORS method"},
    _AUTHORIZER: {"jwtConfiguration.audiences": "audience", "identitySources": "identity source"},
    _CLIENT: {
        "callbackUrls": "callback URL",
        "logoutUrls": "logout URL",
        "allowedOauthFlows": "OAuth flow",
        "allowedOauthScopes": "OAuth scope",
        "explicitAuthFlows": "authentication flow",
        "supportedIdentityProviders": "identity provider",
    },
    "aws:cognito/resourceServer:ResourceServer": {"scopes": "scope"},
    _DISTRIBUTION: {"aliases": "domain name", "defaultCacheBehavior.allowedMethods": "method"},
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": {"corsRules": "CORS origin or method"},
    "aws:s3/bucket:Bucket": {"corsRules": "CORS origin or method"},
}
"""Lists of allowed values, with the noun of one element."""

LOWERED: Mapping[str, Mapping[str, tuple[str, float]]] = {
    _INTEGRATION: {"timeoutMilliseconds": ("timeout in milliseconds", 30_000)},
    "aws:lambda/function:Function": {"timeout": ("timeout in seconds", 3)},
}
"""Limits that break callers when they are lowered, with AWS's default.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html (read 2026-11-30)
https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (read 2026-11-30 as copied into the SDKs)
"""

Test = Callable[[Any, Any], bool]


def _becomes(*values: Any) -> Test:
    return lambda _was, now: now in values


def _changes(was: Any, now: Any) -> bool:
    return was is not None and now is not None


SWITCHED: Mapping[str, tuple[tuple[str, Test, str], ...]] = {
    _API: (("disableExecuteApiEndpoint", _becomes(True), "the execute-api address is disabled"),),
    _INTEGRATION: (
        ("payloadFormatVersion", _changes, "the payload format changes: the function receives another event"),
    ),
    _AUTHORIZER: (
        ("jwtConfiguration.issuer", _changes, "the issuer changes: tokens of the old one are rejected"),
        ("authorizerType", _changes, "the kind of authorizer changes"),
    ),
    _DOMAIN: (
        ("domainNameConfiguration.securityPolicy", _becomes("TLS_1_2", "TLS_1_3"), "older TLS versions are rejected"),
        ("mutualTlsAuthentication", lambda was, now: not was and bool(now), "a client certificate is required"),
    ),
    _URL: (("authorizationType", _becomes("AWS_IAM"), "requests must be signed (AWS_IAM)"),),
    _POOL: (
        ("mfaConfiguration", _becomes("ON"), "a second factor is required to sign in"),
        ("adminCreateUserConfig.allowAdminCreateUserOnly", _becomes(True), "people can no longer sign up"),
    ),
    _CLIENT: (("generateSecret", _becomes(True), "a client secret is required"),),
}
"""Properties with the values that break callers, and the description of the break."""
