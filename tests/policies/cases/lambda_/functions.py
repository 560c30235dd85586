"""Cases of the rules on Lambda functions."""

from tests.support.credentials import CREDENTIALS, HARMLESS
from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.lambda_ import FUNCTION

LAYER = "arn:aws:lambda:eu-central-1:{}:layer:parts{}"


CASES = {
    "lambda-runtime-supported": ResourceCase(
        FUNCTION,
        good={"runtime": "python3.13"},
        bad={"old": {"runtime": "python3.9"}, "of another language": {"runtime": "nodejs22.x"}},
        absent="fail",
        also_good={"an image has its own": {"packageType": "Image"}},
    ),
    "lambda-timeout-bounded": ResourceCase(
        FUNCTION,
        good={"timeout": 10},
        bad={"too long": {"timeout": 901}, "none": {"timeout": 0}},
        absent="fail",
        also_good={"longest": {"timeout": 900}, "shortest": {"timeout": 1}},
    ),
    "lambda-no-secret-env": ResourceCase(
        FUNCTION,
        good={"environment": {"variables": {"SECRET_ARN": "arn:aws:secretsmanager:eu-central-1:1:secret:s"}}},
        bad={name: {"environment": {"variables": {name: value}}} for name, value in CREDENTIALS.items()},
        absent="pass",
        also_good={name: {"environment": {"variables": {name: value}}} for name, value in HARMLESS.items()},
    ),
    "lambda-tracing-active": ResourceCase(
        FUNCTION,
        good={"tracingConfig": {"mode": "Active"}},
        bad={"off": {"tracingConfig": {"mode": "PassThrough"}}, "a block in a list": {"tracingConfig": [{}]}},
        absent="fail",
        also_good={"a block in a list": {"tracingConfig": [{"mode": "Active"}]}},
    ),
    "lambda-json-logs": ResourceCase(
        FUNCTION,
        good={"loggingConfig": {"logFormat": "JSON", "logGroup": "/function"}},
        bad={
            "text": {"loggingConfig": {"logFormat": "Text", "logGroup": "/function"}},
            "metrics dropped": {
                "loggingConfig": {"logFormat": "JSON", "logGroup": "/function", "applicationLogLevel": "ERROR"}
            },
        },
        absent="fail",
        also_good={"DEBUG": {"loggingConfig": {"logFormat": "JSON", "logGroup": "/f", "applicationLogLevel": "DEBUG"}}},
    ),
    "lambda-env-cmk": ResourceCase(
        FUNCTION,
        good={"environment": {"variables": {"TABLE": "items"}}, "kmsKeyArn": "arn:aws:kms:eu-central-1:1:key/k"},
        bad={"no key": {"environment": {"variables": {"TABLE": "items"}}}},
        absent="pass",
        also_good={"nothing to encrypt": {"environment": {"variables": {}}}},
    ),
    "lambda-code-signing": ResourceCase(
        FUNCTION,
        good={"codeSigningConfigArn": "arn:aws:lambda:eu-central-1:1:code-signing-config:c"},
        bad={"none": {}},
        absent="fail",
    ),
    "lambda-vpc-multi-az": ResourceCase(
        FUNCTION,
        good={"vpcConfig": {"subnetIds": ["subnet-1", "subnet-2"]}},
        bad={"one zone": {"vpcConfig": {"subnetIds": ["subnet-1"]}}, "no zone": {"vpcConfig": {}}},
        absent="pass",
    ),
    "lambda-layers-trusted": ResourceCase(
        FUNCTION,
        good={"layers": [LAYER.format("333333333333", ":3")]},
        bad={
            "of a stranger": {"layers": [LAYER.format("333333333333", ":3"), LAYER.format("444444444444", ":3")]},
            "not pinned": {"layers": [LAYER.format("333333333333", "")]},
        },
        absent="pass",
        also_good={"of Powertools": {"layers": [LAYER.format("017000801446", ":12")]}},
    ),
}
