"""A Lambda function with its role, its log group and its alias."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.components.secret import pascal_case
from infrastructure.package import Package
from infrastructure.policy_documents import Document, assume_role

# Each UpdateAlias of the provider sends version and weights of the state, whatever changed:
# https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/lambda/alias.go
# While CodeDeploy moves the alias, that would send all callers back to an old version.
_MOVED_BY_CODEDEPLOY = ["functionVersion", "routingConfig", "description"]


@dataclass(frozen=True, kw_only=True)
class LambdaFunctionArgs:
    """The code, its configuration, the permissions of its role, and who moves its alias."""

    description: str
    handler: str
    package: Package
    environment: Mapping[str, pulumi.Input[str]]
    memory_mb: int
    timeout_seconds: int
    reserved_concurrency: int
    log_level: str
    log_group_name: str
    log_retention_days: int
    log_key: pulumi.Input[str] | None
    permissions: Document
    boundary_arn: str | None = None
    snapstart: bool = False
    provisioned_concurrency: int | None = None
    codedeploy_moves_alias: bool = False


@final
class LambdaFunction(pulumi.ComponentResource):
    """A function with published versions, the alias `live`, a role and a log group.

    Its type token has the function's name: api is items-api:compute:ApiFunction.

    Creates: aws.iam.Role, RolePolicy, aws.cloudwatch.LogGroup, aws.lambda_.Function, Alias and, with provisioned
    concurrency, ProvisionedConcurrencyConfig.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    version: pulumi.Output[str]
    alias: pulumi.Output[str]
    alias_arn: pulumi.Output[str]
    invoke_arn: pulumi.Output[str]

    def __init__(self, name: str, args: LambdaFunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(f"items-api:compute:{pascal_case(name)}Function", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            assume_role_policy=json.dumps(assume_role("lambda.amazonaws.com")),
            permissions_boundary=args.boundary_arn,
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-permissions",
            role=role.id,
            policy=pulumi.Output.json_dumps(args.permissions),
            opts=child,
        )
        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=args.log_group_name,
            retention_in_days=args.log_retention_days,
            kms_key_id=args.log_key,
            opts=child,
        )
        function = self._function(name, args, role, logs, policy)
        alias = aws.lambda_.Alias(
            f"{name}-live",
            name="live",
            description="The version that callers reach",
            function_name=function.name,
            function_version=function.version,
            opts=pulumi.ResourceOptions(
                parent=self, ignore_changes=_MOVED_BY_CODEDEPLOY if args.codedeploy_moves_alias else None
            ),
        )
        if args.provisioned_concurrency:
            aws.lambda_.ProvisionedConcurrencyConfig(
                f"{name}-provisioned",
                function_name=function.name,
                qualifier=alias.name,
                provisioned_concurrent_executions=args.provisioned_concurrency,
                opts=child,
            )
        self.name, self.arn, self.version = function.name, function.arn, function.version
        self.alias, self.alias_arn, self.invoke_arn = alias.name, alias.arn, alias.invoke_arn
        self.register_outputs({"name": self.name, "alias": self.alias, "invoke_arn": self.invoke_arn})

    def _function(
        self,
        name: str,
        args: LambdaFunctionArgs,
        role: aws.iam.Role,
        logs: aws.cloudwatch.LogGroup,
        policy: aws.iam.RolePolicy,
    ) -> aws.lambda_.Function:
        package = args.package
        return aws.lambda_.Function(
            f"{name}-function",
            description=args.description,
            code=package.archive,
            source_code_hash=package.source_code_hash,
            handler=args.handler,
            runtime=package.runtime,
            architectures=[package.architecture],
            role=role.arn,
            memory_size=args.memory_mb,
            timeout=args.timeout_seconds,
            reserved_concurrent_executions=args.reserved_concurrency,
            environment=aws.lambda_.FunctionEnvironmentArgs(variables=args.environment),
            logging_config=aws.lambda_.FunctionLoggingConfigArgs(
                log_format="JSON",
                log_group=logs.name,
                # Lambda treats a line without a level as INFO and drops it at WARN and above: metrics in the embedded
                # metric format have no level. Above INFO the function's logger filters lines.
                # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
                # (read 2026-11-30)
                application_log_level="DEBUG" if args.log_level == "DEBUG" else "INFO",
                system_log_level="WARN",
            ),
            tracing_config={"mode": "Active"},
            snap_start={"apply_on": "PublishedVersions"} if args.snapstart else None,
            publish=True,
            # The first start of a new function fails without its permissions.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
