"""Rules on Lambda functions."""

import re

from policies.bounds import bounds_of
from toolkit.policy.rule import Levels, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks.credentials import holds_credential
from toolkit.stacks.inputs import Inputs, every
from toolkit.stacks.references import provider_accounts

_POWERTOOLS_ACCOUNT = "017000801446"  # Powertools for AWS Lambda publishes its layers from it
_PINNED_LAYER = re.compile(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:(\d{12}):layer:[^:]+:\d+")
_KEEPS_METRICS = ("TRACE", "DEBUG", "INFO")
"""Lambda takes a line without a level for INFO.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html (read 2026-11-30)
"""
_LONGEST_SECONDS = 900
"""https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html, read 2026-11-30 as copied into the SDKs."""


def _is_image(function: Inputs) -> bool:
    return function.text("packageType", "Zip") == "Image"


def _supported(function: Inputs, stack: Stack) -> bool:
    end = bounds_of(stack).runtimes.get(function.text("runtime"))
    return _is_image(function) or (end is not None and end > stack.today)


def _holds_no_secret(function: Inputs, name: str) -> bool:
    """Return whether a variable holds none; a name may hold dots, so it is no path."""
    variables = function.part("environment.variables").properties
    return not holds_credential(name, Inputs(function.resource, {"": variables[name]}, place="variable").text(""))


def _trusted(layer: Inputs) -> bool:
    pinned = _PINNED_LAYER.fullmatch(layer.text(""))
    return pinned is not None and pinned[1] in {*provider_accounts(layer), _POWERTOOLS_ACCOUNT}


lambda_runtime_supported = ResourceRule(
    name="lambda-runtime-supported",
    description="Lambda functions use a supported Python runtime",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("FSBP: Lambda.2; CHECKOV: CKV_AWS_363"),
    types=(FUNCTION,),
    message="runtime is unknown here or no longer patched by AWS; set it to python3.13",
    check=_supported,
)

lambda_timeout_bounded = ResourceRule(
    name="lambda-timeout-bounded",
    description="Lambda functions set their timeout explicitly",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("NAG_SERVERLESS: LambdaDefaultTimeout"),
    types=(FUNCTION,),
    checks={
        "timeout is absent (3 seconds by default); set it explicitly": lambda function, _: function.has("timeout"),
        "timeout is not between 1 and 900 seconds, the limit of Lambda; correct it": (
            lambda function, _: 1 <= function.number("timeout", 3) <= _LONGEST_SECONDS
        ),
    },
)

lambda_no_secret_in_environment = ResourceRule(
    name="lambda-no-secret-env",
    description="Lambda environment variables contain no secrets",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_45; PROWLER: awslambda_function_no_secrets_in_variables"),
    types=(FUNCTION,),
    message="an environment variable holds what looks like a secret; keep it in Secrets Manager and pass its ARN",
    check=lambda function, _: every(
        (function.leaf("environment.variables", name) for name in function.keys("environment.variables")),
        lambda variable: _holds_no_secret(function, variable.place.removeprefix("environment.variables.")),
    ),
)

lambda_tracing_active = ResourceRule(
    name="lambda-tracing-active",
    description="Lambda functions have active tracing",
    severity=Severity.LOW,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("NIST: Lambda.7; NAG_SERVERLESS: LambdaTracing; CHECKOV: CKV_AWS_50"),
    types=(FUNCTION,),
    message="tracingConfig.mode is not Active (PassThrough by default); set it to Active",
    check=lambda function, _: function.text("tracingConfig.mode", "PassThrough") == "Active",
)

lambda_json_logs = ResourceRule(
    name="lambda-json-logs",
    description="Lambda functions log JSON at the level INFO or below",
    severity=Severity.LOW,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(FUNCTION,),
    checks={
        "loggingConfig.logFormat is not JSON (Text by default); set it to JSON": (
            lambda function, _: function.text("loggingConfig.logFormat", "Text") == "JSON"
        ),
        "loggingConfig.applicationLogLevel is above INFO, so Lambda drops metrics in the embedded metric format; "
        "set INFO and let the function's logger leave lines out": lambda function, _: (
            function.text("loggingConfig.applicationLogLevel", "INFO") in _KEEPS_METRICS
        ),
    },
)

lambda_environment_key = ResourceRule(
    name="lambda-env-cmk",
    description="Lambda environment variables are encrypted with a customer managed KMS key",
    severity=Severity.LOW,
    levels=Levels.WARNS_WHERE_KEPT,
    controls=controls("CHECKOV: CKV_AWS_173; PROWLER: awslambda_function_env_vars_not_encrypted_with_cmk"),
    types=(FUNCTION,),
    message="kmsKeyArn is absent, so environment.variables are encrypted with a key of AWS; set it",
    check=lambda function, _: not function.keys("environment.variables") or function.has("kmsKeyArn"),
)

lambda_code_signing = ResourceRule(
    name="lambda-code-signing",
    description="Lambda functions have a code signing configuration",
    severity=Severity.LOW,
    levels=Levels.WARNS_WHERE_KEPT,
    controls=controls("CHECKOV: CKV_AWS_272"),
    types=(FUNCTION,),
    message="codeSigningConfigArn is absent, so unsigned packages run; sign packages and set it",
    check=lambda function, _: function.has("codeSigningConfigArn"),
)

lambda_vpc_multi_az = ResourceRule(
    name="lambda-vpc-multi-az",
    description="Lambda functions in a VPC use several Availability Zones",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("FSBP: Lambda.5; PROWLER: awslambda_function_vpc_multi_az"),
    types=(FUNCTION,),
    message="vpcConfig.subnetIds has fewer than two subnets; list one per zone, or remove vpcConfig",
    check=lambda function, _: not function.has("vpcConfig") or len(function.entries("vpcConfig.subnetIds")) > 1,
)

lambda_layers_trusted = ResourceRule(
    name="lambda-layers-trusted",
    description="Lambda layers are of the same account or AWS, with a fixed version",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("PROWLER: awslambda_function_using_cross_account_layers"),
    types=(FUNCTION,),
    message="a layer is of another account or has no version; publish it in this account and name its version",
    check=lambda function, _: every(function.entries("layers"), _trusted),
)


def _is_newest(function: Inputs, stack: Stack) -> bool:
    runtime = function.text("runtime")
    return _is_image(function) or runtime == max(bounds_of(stack).runtimes, key=_minor)


def _minor(runtime: str) -> int:
    return int(runtime.rpartition(".")[2])


lambda_runtime_newest = ResourceRule(
    name="lambda-runtime-newest",
    description="Lambda functions use the newest known Python runtime",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("NAG: L1; NAG_SERVERLESS: LambdaLatestVersion"),
    types=(FUNCTION,),
    message="runtime is not the newest in the bounds; raise it",
    check=_is_newest,
)
