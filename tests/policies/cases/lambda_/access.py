"""Cases of the rules on who may invoke a function, and on aliases, layers and event sources."""

from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.lambda_ import (
    ALIAS,
    CODE_SIGNING_CONFIG,
    EVENT_INVOKE_CONFIG,
    EVENT_SOURCE_MAPPING,
    FUNCTION_URL,
    LAYER_PERMISSION,
    PERMISSION,
)

API = "arn:aws:execute-api:eu-central-1:333333333333:api/*/*"
STREAM = "arn:aws:kinesis:eu-central-1:333333333333:stream/s"
QUEUE = "arn:aws:sqs:eu-central-1:333333333333:q"


CASES = {
    "lambda-permission-not-public": ResourceCase(
        PERMISSION,
        good={"principal": "apigateway.amazonaws.com"},
        bad={"everybody": {"principal": "*"}, "everybody, by its address": {"principal": "*", "sourceArn": API}},
        absent="pass",
        also_good={
            "everybody of the organization": {"principal": "*", "principalOrgId": "o-1"},
            "everybody of the account": {"principal": "*", "sourceAccount": "333333333333"},
        },
    ),
    "lambda-permission-scoped": ResourceCase(
        PERMISSION,
        good={"principal": "apigateway.amazonaws.com", "sourceArn": API},
        bad={
            "any source": {"principal": "apigateway.amazonaws.com"},
            "every source": {"principal": "apigateway.amazonaws.com", "sourceArn": "*"},
            "every api": {"principal": "apigateway.amazonaws.com", "sourceArn": "arn:aws:execute-api:*:*:*"},
            "a bucket of any account": {"principal": "s3.amazonaws.com", "sourceArn": "arn:aws:s3:::uploads"},
        },
        absent="pass",
        also_good={
            "of an account": {"principal": "s3.amazonaws.com", "sourceAccount": "333333333333"},
            "one kind in one account": {
                "principal": "logs.amazonaws.com",
                "sourceArn": "arn:aws:logs:eu-central-1:333333333333:log-group:*",
            },
            "a role is no service": {"principal": "arn:aws:iam::333333333333:role/r"},
        },
    ),
    "lambda-permission-invoke-only": ResourceCase(
        PERMISSION,
        good={"action": "lambda:InvokeFunction"},
        bad={"everything": {"action": "lambda:*"}, "its code": {"action": "lambda:UpdateFunctionCode"}},
        absent="fail",
        also_good={"by its address": {"action": "lambda:InvokeFunctionUrl"}},
    ),
    "lambda-url-auth": ResourceCase(
        FUNCTION_URL,
        good={"authorizationType": "AWS_IAM"},
        bad={"open": {"authorizationType": "NONE"}},
        absent="fail",
    ),
    "lambda-url-cors-bounded": ResourceCase(
        FUNCTION_URL,
        good={"cors": {"allowOrigins": ["https://app.example.com"]}},
        bad={"every page": {"cors": {"allowOrigins": ["https://app.example.com", "*"]}}},
        absent="pass",
    ),
    "lambda-layer-not-public": ResourceCase(
        LAYER_PERMISSION,
        good={"principal": "333333333333"},
        bad={"everybody": {"principal": "*"}},
        absent="pass",
        also_good={"the organization": {"principal": "*", "organizationId": "o-1"}},
    ),
    "lambda-async-destination": ResourceCase(
        EVENT_INVOKE_CONFIG,
        good={"destinationConfig": {"onFailure": {"destination": QUEUE}}},
        bad={"for success alone": {"destinationConfig": {"onSuccess": {"destination": QUEUE}}}},
        absent="fail",
    ),
    "lambda-stream-retries-bounded": ResourceCase(
        EVENT_SOURCE_MAPPING,
        good={"eventSourceArn": STREAM, "maximumRetryAttempts": 3},
        bad={
            "for ever": {"eventSourceArn": STREAM},
            "for ever on purpose": {
                "eventSourceArn": "arn:aws:dynamodb:eu-central-1:1:table/t/stream/s",
                "maximumRetryAttempts": -1,
            },
        },
        absent="pass",
        also_good={
            "a queue": {"eventSourceArn": QUEUE},
            "by age": {"eventSourceArn": STREAM, "maximumRecordAgeInSeconds": 3600},
            "not at all": {"eventSourceArn": STREAM, "maximumRetryAttempts": 0},
        },
    ),
    "lambda-signing-enforced": ResourceCase(
        CODE_SIGNING_CONFIG,
        good={"policies": {"untrustedArtifactOnDeployment": "Enforce"}},
        bad={"warn only": {"policies": {"untrustedArtifactOnDeployment": "Warn"}}},
        absent="fail",
    ),
    "lambda-alias-versioned": ResourceCase(
        ALIAS,
        good={"functionVersion": "7"},
        bad={"whatever is newest": {"functionVersion": "$LATEST"}},
        absent="fail",
    ),
}
