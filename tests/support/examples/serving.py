"""Examples of what answers: functions and HTTP APIs."""

from tests.support.aws import ACCOUNT, unique
from tests.support.examples.parents import Example, Maker, Parents


def function(parents: Parents) -> Example:
    settings = {
        "memorySize": 512,
        "timeout": 10,
        "environment": {"variables": {"ENVIRONMENT": "local"}},
        "tracingConfig": {"mode": "Active"},
        "loggingConfig": {"logFormat": "JSON", "logGroup": "/aws/lambda/x", "systemLogLevel": "WARN"},
        "snapStart": {"applyOn": "None"},
        "ephemeralStorage": {"size": 512},
        "reservedConcurrentExecutions": 5,
        "tags": {"a": "b"},
    }
    return Example(
        {**parents.function_inputs(), **settings},
        {"memorySize": 1024, "environment": {"variables": {"ENVIRONMENT": "dev"}}, "tags": {"a": "c"}},
        {"name": "other"},
        unread=frozenset({"code", "publish"}),
    )


def lambda_alias(parents: Parents) -> Example:
    return Example(
        {"functionName": parents.function["name"], "functionVersion": "1", "name": unique("live")},
        {"description": "what is served"},
        {"name": "other"},
    )


def permission(parents: Parents) -> Example:
    return Example(
        {
            "function": parents.function["name"],
            "action": "lambda:InvokeFunction",
            "principal": "apigateway.amazonaws.com",
            "sourceArn": f"arn:aws:execute-api:us-east-1:{ACCOUNT}:api/*",
        },
        replaces={"principal": "sns.amazonaws.com"},
    )


def provisioned_concurrency_config(parents: Parents) -> Example:
    return Example(
        {
            "functionName": parents.function["name"],
            "qualifier": parents.alias["name"],
            "provisionedConcurrentExecutions": 1,
        },
        {"provisionedConcurrentExecutions": 2},
        {"qualifier": "other"},
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
    "aws:lambda/function:Function": function,
    "aws:lambda/alias:Alias": lambda_alias,
    "aws:lambda/permission:Permission": permission,
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": provisioned_concurrency_config,
    "aws:apigatewayv2/api:Api": api,
    "aws:apigatewayv2/authorizer:Authorizer": authorizer,
    "aws:apigatewayv2/integration:Integration": integration,
    "aws:apigatewayv2/route:Route": route,
    "aws:apigatewayv2/stage:Stage": stage,
}
