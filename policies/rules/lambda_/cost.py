"""Rules on what makes a Lambda function cost more than it has to."""

from policies.bounds import bounds_of
from toolkit.policy.rule import Level, Levels, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.lambda_ import FUNCTION, FUNCTION_RECURSION_CONFIG, PROVISIONED_CONCURRENCY
from toolkit.stacks.inputs import Inputs

_FREE_STORAGE_MB = 512
_VERBOSE_LEVELS = {"DEBUG", "TRACE"}
_LEVEL_VARIABLES = ("POWERTOOLS_LOG_LEVEL", "LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL")


def _storage(function: Inputs) -> float:
    return function.number("ephemeralStorage.size", _FREE_STORAGE_MB)


def _without_snapshots(function: Inputs) -> bool:
    return function.text("snapStart.applyOn", "None") == "None"


def _variables_set_no_debug_level(function: Inputs, _stack: Stack) -> bool:
    levels = [function.text(f"environment.variables.{name}") for name in _LEVEL_VARIABLES]
    return not _VERBOSE_LEVELS & {level.upper() for level in levels}


def _snapstart_supports_runtime(function: Inputs, stack: Stack) -> bool:
    """Return whether the runtime can be restored; since 2026 images can, whose base image Lambda does not show.

    https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-custom.html, read on 2026-11-30; announced at
    https://aws.amazon.com/about-aws/whats-new/2026/07/aws-lambda-snapstart-container/, which AWS's feed of news dates
    2 September (read 2026-11-30 in a copy).
    """
    image = function.text("packageType", "Zip") == "Image"
    return _without_snapshots(function) or image or function.text("runtime") in bounds_of(stack).runtimes


lambda_memory_bounded = ResourceRule(
    name="lambda-memory-bounded",
    description="Lambda functions set their memory explicitly",
    severity=Severity.LOW,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("NAG_SERVERLESS: LambdaDefaultMemorySize"),
    types=(FUNCTION,),
    message="memorySize is absent (128 MB by default); set it explicitly",
    check=lambda function, _: function.has("memorySize"),
)

lambda_memory_cap = ResourceRule(
    name="lambda-memory-cap",
    description="Lambda memory is within the limit of the environment",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(FUNCTION,),
    message="memorySize is above {bounds.memory_mb} MB, the limit of this environment; lower it",
    check=lambda function, stack: function.number("memorySize", 128) <= bounds_of(stack).memory_mb,
)

lambda_reserved_concurrency = ResourceRule(
    name="lambda-reserved-concurrency",
    description="Lambda functions have reserved concurrency",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_115; GUARD: lambda_concurrency_check"),
    types=(FUNCTION,),
    checks={
        "reservedConcurrentExecutions is not set (-1 by default) or above {bounds.reserved_concurrency}; set it": (
            lambda function, stack: (
                0 <= function.number("reservedConcurrentExecutions", -1) <= bounds_of(stack).reserved_concurrency
            )
        ),
        "reservedConcurrentExecutions is 0, so Lambda throttles every call; set at least 1": (
            lambda function, _: function.number("reservedConcurrentExecutions", -1) != 0
        ),
    },
)

lambda_ephemeral_storage = ResourceRule(
    name="lambda-ephemeral-storage",
    description="Lambda functions use at most 512 MB of ephemeral storage",
    severity=Severity.LOW,
    levels=Levels.BLOCKS,
    types=(FUNCTION,),
    message="ephemeralStorage.size is above 512 MB, which is billed by the second; keep large files in S3",
    check=lambda function, _: _storage(function) <= _FREE_STORAGE_MB,
)

lambda_arm64 = ResourceRule(
    name="lambda-arm64",
    description="Lambda functions run on arm64",
    severity=Severity.LOW,
    levels=Levels(Level.ADVISORY, Level.ADVISORY, local=Level.DISABLED),  # that one runs on the machine's own CPU
    types=(FUNCTION,),
    message="architectures is not arm64 (x86_64 by default); build for arm64",
    check=lambda function, _: (function.texts("architectures") or ("x86_64",)) == ("arm64",),
)

provisioned_concurrency = ResourceRule(
    name="provisioned-concurrency-prod-only",
    description="Provisioned concurrency is within the limit of the environment",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(PROVISIONED_CONCURRENCY,),
    message="provisionedConcurrentExecutions is above {bounds.provisioned_concurrency}, the limit of this "
    "environment; lower it, or remove it where that is 0",
    check=lambda config, stack: (
        config.number("provisionedConcurrentExecutions", 0) <= bounds_of(stack).provisioned_concurrency
    ),
)

snapstart_versions = ResourceRule(
    name="snapstart-versions",
    description="SnapStart is on only where Lambda supports it",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(FUNCTION,),
    checks={
        "snapStart requires a container image or a runtime from python3.12 on; change it, or remove snapStart": (
            _snapstart_supports_runtime
        ),
        "snapStart takes snapshots of published versions only; set publish to true": (
            lambda function, _: _without_snapshots(function) or function.flag("publish")
        ),
        "snapStart does not work with fileSystemConfig; remove one of them": (
            lambda function, _: _without_snapshots(function) or not function.has("fileSystemConfig")
        ),
        "snapStart does not work with more than 512 MB of ephemeralStorage.size; lower it": (
            lambda function, _: _without_snapshots(function) or _storage(function) <= _FREE_STORAGE_MB
        ),
    },
)

log_level_cap = ResourceRule(
    name="log-level-cap",
    description="Lambda functions do not log at the level DEBUG or TRACE",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(FUNCTION,),
    checks={
        "loggingConfig.applicationLogLevel is DEBUG or TRACE; set it to INFO": (
            lambda function, _: (
                function.text("loggingConfig.applicationLogLevel", "INFO").upper() not in _VERBOSE_LEVELS
            )
        ),
        "loggingConfig.systemLogLevel is DEBUG; set it to WARN": (
            lambda function, _: function.text("loggingConfig.systemLogLevel", "INFO").upper() not in _VERBOSE_LEVELS
        ),
        "an environment variable sets the log level to DEBUG; set it to INFO": _variables_set_no_debug_level,
    },
)

lambda_event_not_logged = ResourceRule(
    name="lambda-event-not-logged",
    description="Lambda functions do not log full events",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(FUNCTION,),
    message="the environment variable POWERTOOLS_LOGGER_LOG_EVENT turns event logging on; remove it",
    check=lambda function, _: (
        function.text("environment.variables.POWERTOOLS_LOGGER_LOG_EVENT", "false").lower()
        not in {"true", "1", "yes", "y", "on", "t"}
    ),
)

lambda_recursion_ends = ResourceRule(
    name="lambda-recursion-ends",
    description="Lambda recursive loop detection terminates the loop",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(FUNCTION_RECURSION_CONFIG,),
    message="recursiveLoop is not Terminate, so a loop runs and is billed without end; set it to Terminate",
    check=lambda config, _: config.text("recursiveLoop", "Terminate") == "Terminate",
)
