"""Examples of the resource types of AWS Lambda."""

from tests.support.aws import ACCOUNT, unique
from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import lambda_ as types


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
        not_returned=frozenset({"code", "publish"}),
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


EXAMPLES: dict[str, Maker] = {
    types.ALIAS: lambda_alias,
    types.FUNCTION: function,
    types.PERMISSION: permission,
    types.PROVISIONED_CONCURRENCY: provisioned_concurrency_config,
}
