"""Examples of the resource types of API Gateway HTTP and WebSocket APIs."""

from tests.support.aws import unique
from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import apigatewayv2 as types


def domain_name(parents: Parents) -> Example:
    configuration = {"certificateArn": parents.certificate, "endpointType": "REGIONAL", "securityPolicy": "TLS_1_2"}
    return Example(
        {
            "domainName": f"{unique('api')}.example.com",
            "domainNameConfiguration": configuration,
            "tags": {"a": "b", "c": "d"},
        },
        {"domainNameConfiguration": {**configuration, "certificateArn": "arn:another"}, "tags": {"a": "c"}},
        {"domainName": "other.example.com"},
    )


def api_mapping(parents: Parents) -> Example:
    return Example(
        {"apiId": parents.api, "domainName": parents.domain, "stage": parents.stage},
        {"apiMappingKey": "v1"},
        {"domainName": "other.example.com"},
    )


def api(_parents: Parents) -> Example:
    cors = {"allowOrigins": ["https://a.example"], "allowMethods": ["GET"], "maxAge": 300}
    return Example(
        {"protocolType": "HTTP", "corsConfiguration": cors, "description": "Items", "tags": {"a": "b"}},
        {"corsConfiguration": {**cors, "maxAge": 60}, "tags": {"b": "c"}},
        {"protocolType": "WEBSOCKET"},
    )


def authorizer(parents: Parents) -> Example:
    issuer = f"https://cognito-idp.us-east-1.amazonaws.com/{parents.pool}"
    return Example(
        {
            "apiId": parents.api,
            "authorizerType": "JWT",
            "identitySources": ["$request.header.Authorization"],
            "jwtConfiguration": {"audiences": ["web"], "issuer": issuer},
        },
        {"jwtConfiguration": {"audiences": ["web", "machine"], "issuer": issuer}},
        {"apiId": "other"},
    )


def integration(parents: Parents) -> Example:
    return Example(
        {
            "apiId": parents.api,
            "integrationType": "AWS_PROXY",
            "integrationUri": parents.function["invokeArn"],
            "integrationMethod": "POST",
            "payloadFormatVersion": "2.0",
            "timeoutMilliseconds": 29000,
        },
        {"timeoutMilliseconds": 10000},
        {"integrationType": "HTTP_PROXY"},
    )


def route(parents: Parents) -> Example:
    return Example(
        {"apiId": parents.api, "routeKey": "GET /api/v1/items", "authorizationType": "NONE"},
        {"routeKey": "POST /api/v1/items"},
        {"apiId": "other"},
    )


def stage(parents: Parents) -> Example:
    throttle = {"throttlingBurstLimit": 100, "throttlingRateLimit": 50.0}
    return Example(
        {
            "apiId": parents.api,
            "name": "$default",
            "autoDeploy": True,
            "defaultRouteSettings": throttle,
            "routeSettings": [{"routeKey": "GET /health", **throttle}],
            "accessLogSettings": {"destinationArn": "arn:aws:logs:us-east-1:1:log-group:x", "format": "{}"},
            "tags": {"a": "b"},
        },
        {"defaultRouteSettings": {**throttle, "throttlingBurstLimit": 7}, "routeSettings": [], "tags": {"a": "c"}},
        {"name": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    types.API: api,
    types.API_MAPPING: api_mapping,
    types.AUTHORIZER: authorizer,
    types.DOMAIN_NAME: domain_name,
    types.INTEGRATION: integration,
    types.ROUTE: route,
    types.STAGE: stage,
}
