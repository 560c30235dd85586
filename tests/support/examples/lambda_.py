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


def event_source_mapping(parents: Parents) -> Example:
    return Example(
        {
            "eventSourceArn": parents.queue["arn"],
            "functionName": parents.alias["arn"],
            "batchSize": 20,
            "maximumBatchingWindowInSeconds": 2,
            "functionResponseTypes": ["ReportBatchItemFailures"],
            "filterCriteria": {"filters": [{"pattern": '{"body": {"kind": ["order"]}}'}]},
            "scalingConfig": {"maximumConcurrency": 4},
            "tags": {"a": "b"},
        },
        {
            "batchSize": 5,
            "enabled": False,
            "maximumBatchingWindowInSeconds": 0,
            "scalingConfig": {"maximumConcurrency": 2},
            "tags": {"a": "c"},
        },
        {"eventSourceArn": "arn:aws:sqs:us-east-1:123456789012:other"},
    )


def function_event_invoke_config(parents: Parents) -> Example:
    return Example(
        {
            "functionName": parents.function["name"],
            "qualifier": parents.alias["name"],
            "destinationConfig": {"onFailure": {"destination": parents.queue["arn"]}},
            "maximumEventAgeInSeconds": 3600,
            "maximumRetryAttempts": 1,
        },
        {"destinationConfig": {"onFailure": {"destination": parents.topic}}, "maximumRetryAttempts": 0},
        {"qualifier": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    types.ALIAS: lambda_alias,
    types.EVENT_INVOKE_CONFIG: function_event_invoke_config,
    types.EVENT_SOURCE_MAPPING: event_source_mapping,
    types.FUNCTION: function,
    types.PERMISSION: permission,
    types.PROVISIONED_CONCURRENCY: provisioned_concurrency_config,
}
