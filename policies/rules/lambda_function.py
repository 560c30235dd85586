"""Rules on Lambda functions."""

import re

from policies.facts import Facts, every
from policies.rule import BLOCKS, WARNS_THEN_BLOCKS, ResourceRule, Severity, controls
from policies.stack import Stack

FUNCTION = "aws:lambda/function:Function"
_SECRET_NAME = re.compile(r"(?i)(^|_)(password|passwd|secret|token|api_?key|private_?key|credentials?)($|_)")
_SECRET_VALUE = re.compile(
    r"(AKIA|ASIA)[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----|xox[abp]-|gh[pousr]_[A-Za-z0-9]{36}"
)
_REFERENCE = re.compile(r"arn:aws[a-z-]*:(secretsmanager|ssm|kms):")


def _is_image(function: Facts) -> bool:
    return function.text("packageType", "Zip") == "Image"


def _supported(function: Facts, stack: Stack) -> bool:
    end = stack.bounds.runtimes.get(function.text("runtime"))
    return _is_image(function) or (end is not None and end > stack.today)


def _holds_no_secret(function: Facts, name: str) -> bool:
    value = function.text(f"environment.variables.{name}")
    if _SECRET_VALUE.search(value):
        return False
    return not _SECRET_NAME.search(name) or not value or _REFERENCE.match(value) is not None


lambda_runtime_supported = ResourceRule(
    name="lambda-runtime-supported",
    says="Functions run on a Python that AWS still patches.",
    severity=Severity.HIGH,
    levels=WARNS_THEN_BLOCKS,
    controls=controls("FSBP: Lambda.2; NAG: L1; CHECKOV: CKV_AWS_363"),
    types=(FUNCTION,),
    checks={"runtime is none that AWS still patches and this project knows; set it to python3.13": _supported},
)

lambda_timeout_bounded = ResourceRule(
    name="lambda-timeout-bounded",
    says="Functions give up before their caller does.",
    severity=Severity.MEDIUM,
    levels=WARNS_THEN_BLOCKS,
    controls=controls("NAG_SERVERLESS: LambdaFunctionDefaultTimeout"),
    types=(FUNCTION,),
    checks={
        "timeout is absent, so 3 seconds by default; set it on purpose": lambda function, _: function.has("timeout"),
        "timeout is not between 1 and {bounds.timeout_seconds} seconds; the HTTP API gives up at 30, so lower it": (
            lambda function, stack: 1 <= function.number("timeout", 3) <= stack.bounds.timeout_seconds
        ),
    },
)

lambda_no_secret_in_environment = ResourceRule(
    name="lambda-no-secret-env",
    says="Functions find secrets by reference; no environment variable holds one.",
    severity=Severity.CRITICAL,
    levels=BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_45; PROWLER: awslambda_function_no_secrets_in_variables"),
    types=(FUNCTION,),
    checks={
        "an environment variable holds what looks like a secret; keep it in Secrets Manager and pass its ARN": (
            lambda function, _: every(
                (function.leaf("environment.variables", name) for name in function.keys("environment.variables")),
                lambda variable: _holds_no_secret(function, variable.place.rpartition(".")[2]),
            )
        ),
    },
)

RULES = (lambda_runtime_supported, lambda_timeout_bounded, lambda_no_secret_in_environment)
