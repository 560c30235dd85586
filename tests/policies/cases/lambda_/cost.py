"""Cases of the rules on what makes a Lambda function cost more than it has to."""

from typing import Any

from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.lambda_ import FUNCTION, FUNCTION_RECURSION_CONFIG, PROVISIONED_CONCURRENCY

SNAPPED: dict[str, Any] = {"snapStart": {"applyOn": "PublishedVersions"}, "runtime": "python3.13", "publish": True}


def variable(name: str, value: str) -> dict[str, Any]:
    return {"environment": {"variables": {name: value}}}


CASES = {
    "lambda-memory-bounded": ResourceCase(FUNCTION, good={"memorySize": 512}, bad={"by default": {}}, absent="fail"),
    "lambda-memory-cap": ResourceCase(
        FUNCTION, good={"memorySize": 1769}, bad={"two CPUs": {"memorySize": 1770}}, absent="pass"
    ),
    "lambda-reserved-concurrency": ResourceCase(
        FUNCTION,
        good={"reservedConcurrentExecutions": 10},
        bad={
            "switched off": {"reservedConcurrentExecutions": 0},
            "too many": {"reservedConcurrentExecutions": 101},
            "unbounded": {"reservedConcurrentExecutions": -1},
        },
        absent="fail",
        also_good={"one": {"reservedConcurrentExecutions": 1}, "many": {"reservedConcurrentExecutions": 100}},
    ),
    "lambda-ephemeral-storage": ResourceCase(
        FUNCTION,
        good={"ephemeralStorage": {"size": 512}},
        bad={"large": {"ephemeralStorage": {"size": 513}}},
        absent="pass",
    ),
    "lambda-arm64": ResourceCase(
        FUNCTION, good={"architectures": ["arm64"]}, bad={"dear": {"architectures": ["x86_64"]}}, absent="fail"
    ),
    "provisioned-concurrency-prod-only": ResourceCase(
        PROVISIONED_CONCURRENCY,
        good={"provisionedConcurrentExecutions": 10},
        bad={"too many": {"provisionedConcurrentExecutions": 11}},
        absent="pass",
    ),
    "snapstart-versions": ResourceCase(
        FUNCTION,
        good=SNAPPED,
        bad={
            "no runtime for it": {**SNAPPED, "runtime": "python3.11"},
            "an image without versions": {**SNAPPED, "packageType": "Image", "publish": False},
            "no versions": {**SNAPPED, "publish": False},
            "with a file system": {**SNAPPED, "fileSystemConfig": {"arn": "arn:aws:efs", "localMountPath": "/mnt/f"}},
            "with a large disk": {**SNAPPED, "ephemeralStorage": {"size": 1024}},
        },
        absent="pass",
        also_good={
            "off": {"snapStart": {"applyOn": "None"}, "packageType": "Image"},
            "an image": {"snapStart": {"applyOn": "PublishedVersions"}, "packageType": "Image", "publish": True},
            "none": {"fileSystemConfig": {"arn": "arn:aws:efs"}, "ephemeralStorage": {"size": 1024}},
        },
    ),
    "log-level-cap": ResourceCase(
        FUNCTION,
        good={
            "loggingConfig": {"applicationLogLevel": "INFO", "systemLogLevel": "WARN"},
            "environment": {"variables": {"POWERTOOLS_LOG_LEVEL": "INFO"}},
        },
        bad={
            "the function's": {"loggingConfig": {"applicationLogLevel": "TRACE", "systemLogLevel": "WARN"}},
            "Lambda's": {"loggingConfig": {"applicationLogLevel": "INFO", "systemLogLevel": "DEBUG"}},
            "the code's": variable("POWERTOOLS_LOG_LEVEL", "debug"),
            "the code's by another name": variable("LOG_LEVEL", "DEBUG"),
            "the code's by Lambda's name": variable("AWS_LAMBDA_LOG_LEVEL", "DEBUG"),
        },
        absent="pass",
    ),
    "lambda-event-not-logged": ResourceCase(
        FUNCTION,
        good=variable("POWERTOOLS_LOGGER_LOG_EVENT", "false"),
        bad={yes: variable("POWERTOOLS_LOGGER_LOG_EVENT", yes) for yes in ("True", "1", "yes", "y", "on", "t")},
        absent="pass",
    ),
    "lambda-recursion-ends": ResourceCase(
        FUNCTION_RECURSION_CONFIG,
        good={"recursiveLoop": "Terminate"},
        bad={"for ever": {"recursiveLoop": "Allow"}},
        absent="pass",
    ),
}
