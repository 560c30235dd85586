"""Rules on who may invoke a function, and on aliases, layers and event sources."""

from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.lambda_ import (
    ALIAS,
    CODE_SIGNING_CONFIG,
    EVENT_INVOKE_CONFIG,
    EVENT_SOURCE_MAPPING,
    FUNCTION,
    FUNCTION_URL,
    LAYER_PERMISSION,
    PERMISSION,
)
from toolkit.stacks.inputs import Inputs, StackInputs, every

_UNPUBLISHED = "$LATEST"


def _is_public(permission: Inputs) -> bool:
    bounded = permission.has("principalOrgId") or permission.has("sourceAccount")
    return permission.text("principal") == "*" and not bounded


def _names_source(permission: Inputs, _stack: Stack) -> bool:
    if not permission.text("principal").endswith(".amazonaws.com") or permission.has("sourceAccount"):
        return True
    return permission.text("sourceArn").split(":", 5)[-1] not in {"", "*"}


def _bucket_owner_is_named(permission: Inputs, _stack: Stack) -> bool:
    """The ARN of a bucket holds no account, and another account may create a deleted bucket again."""
    return permission.text("principal") != "s3.amazonaws.com" or permission.has("sourceAccount")


def _retries_are_limited(mapping: Inputs, _stack: Stack) -> bool:
    """Return whether a record that always fails is given up; queues do that by themselves."""
    source = mapping.text("eventSourceArn")
    if ":kinesis:" not in source and ":dynamodb:" not in source:
        return True
    return mapping.number("maximumRetryAttempts", -1) >= 0 or mapping.number("maximumRecordAgeInSeconds", -1) > 0


lambda_permission_not_public = ResourceRule(
    name="lambda-permission-not-public",
    description="Lambda permissions do not allow public access",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls(
        "FSBP: Lambda.1; CHECKOV: CKV_AWS_301; CIS7: 2.21; "
        "GUARD: lambda_no_wildcard_principal, lambda_function_public_access_prohibited",
    ),
    types=(PERMISSION,),
    message="principal is *, so any caller may invoke the function; name a service, or set principalOrgId",
    check=lambda permission, _: not _is_public(permission),
)

lambda_permission_scoped = ResourceRule(
    name="lambda-permission-scoped",
    description="Lambda permissions for AWS services name the source",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: Lambda.1; CHECKOV: CKV_AWS_364"),
    types=(PERMISSION,),
    checks={
        "sourceArn is absent or *, so the service may call on behalf of any account; set sourceArn or "
        "sourceAccount": _names_source,
        "sourceAccount is absent, and a bucket's ARN names no account; set it to the account of the bucket": (
            _bucket_owner_is_named
        ),
    },
)

lambda_permission_invoke_only = ResourceRule(
    name="lambda-permission-invoke-only",
    description="Lambda permissions allow only to invoke the function",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("GUARD: lambda_permission_invoke_function_action"),
    types=(PERMISSION,),
    message="action is neither lambda:InvokeFunction nor lambda:InvokeFunctionUrl; set it to what the caller needs",
    check=lambda permission, _: permission.text("action") in {"lambda:InvokeFunction", "lambda:InvokeFunctionUrl"},
)

lambda_url_auth = ResourceRule(
    name="lambda-url-auth",
    description="Lambda function URLs use IAM authentication",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_258; PROWLER: awslambda_function_url_public"),
    types=(FUNCTION_URL,),
    message="authorizationType is not AWS_IAM, so any caller may invoke the function; set it to AWS_IAM",
    check=lambda url, _: url.text("authorizationType", "NONE") == "AWS_IAM",
)

lambda_url_cors_bounded = ResourceRule(
    name="lambda-url-cors-bounded",
    description="The CORS configuration of a function URL has no wildcard origin",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    controls=controls("CHECKOV: CKV2_AWS_75; PROWLER: awslambda_function_url_cors_policy"),
    types=(FUNCTION_URL,),
    message="cors.allowOrigins has a *; list the origins",
    check=lambda url, _: every(url.entries("cors.allowOrigins"), lambda origin: "*" not in origin.text("")),
)

lambda_layer_not_public = ResourceRule(
    name="lambda-layer-not-public",
    description="Lambda layers are not public",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("CIS7: 2.21"),
    types=(LAYER_PERMISSION,),
    message="principal is *, so any account may read the layer; name an account, or set organizationId",
    check=lambda permission, _: permission.text("principal") != "*" or permission.has("organizationId"),
)

lambda_async_destination = ResourceRule(
    name="lambda-async-destination",
    description="Asynchronous invocations have an on-failure destination",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS,
    controls=controls("NAG_SERVERLESS: LambdaAsyncFailureDestination"),
    types=(EVENT_INVOKE_CONFIG,),
    message="destinationConfig.onFailure.destination is absent, so failed events are lost; set it to a queue",
    check=lambda config, _: config.has("destinationConfig.onFailure.destination"),
)

lambda_stream_ends = ResourceRule(
    name="lambda-stream-retries-bounded",
    description="Stream event source mappings limit retries or record age",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(EVENT_SOURCE_MAPPING,),
    message="maximumRetryAttempts and maximumRecordAgeInSeconds of a stream are -1 (no limit, the default); limit one",
    check=_retries_are_limited,
)

lambda_signing_enforced = ResourceRule(
    name="lambda-signing-enforced",
    description="Code signing configurations reject untrusted packages",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(CODE_SIGNING_CONFIG,),
    message="policies.untrustedArtifactOnDeployment is not Enforce (Warn by default); set it to Enforce",
    check=lambda config, _: config.text("policies.untrustedArtifactOnDeployment", "Warn") == "Enforce",
)

lambda_alias_versioned = ResourceRule(
    name="lambda-alias-versioned",
    description="Lambda aliases point to a published version",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(ALIAS,),
    message="functionVersion is $LATEST, which changes with each update; publish a version and name it",
    check=lambda alias, _: alias.text("functionVersion", _UNPUBLISHED) != _UNPUBLISHED,
)


@for_each(FUNCTION)
def _keeps_failures(function: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    configs = graph.using(function, EVENT_INVOKE_CONFIG, by="functionName")
    return function.has("deadLetterConfig.targetArn") or any(
        config.has("destinationConfig.onFailure.destination") for config in configs
    )


lambda_failures_kept = StackRule(
    name="lambda-failures-kept",
    description="Lambda functions have a dead-letter queue or a failure destination",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("CHECKOV: CKV_AWS_116; NAG_SERVERLESS: LambdaDLQ; GUARD: lambda_dlq_check"),
    message="the function has neither deadLetterConfig nor an onFailure destination; set one to a queue",
    check=_keeps_failures,
)
