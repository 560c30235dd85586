"""The Lambda function of the API."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.components.function_role import FunctionResources, permissions
from infrastructure.package import Package
from infrastructure.policy_documents import assume_role
from infrastructure.settings.groups import FunctionSettings

# Each UpdateAlias of the provider sends version and weights of the state, whatever changed:
# https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/lambda/alias.go
# While CodeDeploy moves the alias, that would send all callers back to an old version.
_MOVED_BY_CODEDEPLOY = ["functionVersion", "routingConfig", "description"]


@dataclass(frozen=True, kw_only=True)
class ApiFunctionArgs:
    """The code, its configuration, its resources, and whether CodeDeploy moves its alias."""

    settings: FunctionSettings
    package: Package
    environment: Mapping[str, pulumi.Input[str]]
    log_group_name: str
    log_key: pulumi.Input[str] | None
    resources: FunctionResources
    codedeploy_moves_alias: bool
    boundary_arn: str | None = None


@final
class ApiFunction(pulumi.ComponentResource):
    """A function with published versions, the alias `live`, a role and a log group.

    Creates: aws.iam.Role, RolePolicy, aws.cloudwatch.LogGroup, aws.lambda_.Function, Alias and, with start-mode
    provisioned, ProvisionedConcurrencyConfig.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    version: pulumi.Output[str]
    alias: pulumi.Output[str]
    invoke_arn: pulumi.Output[str]

    def __init__(self, name: str, args: ApiFunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:compute:ApiFunction", name, None, opts)
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
            policy=pulumi.Output.json_dumps(permissions(args.resources)),
            opts=child,
        )
        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=args.log_group_name,
            retention_in_days=args.settings.log_retention_days,
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
        if args.settings.provisioned_concurrency:
            aws.lambda_.ProvisionedConcurrencyConfig(
                f"{name}-provisioned",
                function_name=function.name,
                qualifier=alias.name,
                provisioned_concurrent_executions=args.settings.provisioned_concurrency,
                opts=child,
            )
        self.name, self.arn, self.version = function.name, function.arn, function.version
        self.alias, self.invoke_arn = alias.name, alias.invoke_arn
        self.register_outputs({"name": self.name, "alias": self.alias, "invoke_arn": self.invoke_arn})

    def _function(
        self,
        name: str,
        args: ApiFunctionArgs,
        role: aws.iam.Role,
        logs: aws.cloudwatch.LogGroup,
        policy: aws.iam.RolePolicy,
    ) -> aws.lambda_.Function:
        settings, package = args.settings, args.package
        return aws.lambda_.Function(
            f"{name}-function",
            description="Answers the items API",
            code=package.archive,
            source_code_hash=package.source_code_hash,
            handler="api.lambda_handler.handler",
            runtime=package.runtime,
            architectures=[package.architecture],
            role=role.arn,
            memory_size=settings.memory_mb,
            timeout=settings.timeout_seconds,
            reserved_concurrent_executions=settings.reserved_concurrency,
            environment=aws.lambda_.FunctionEnvironmentArgs(variables=args.environment),
            logging_config=aws.lambda_.FunctionLoggingConfigArgs(
                log_format="JSON",
                log_group=logs.name,
                # Lambda treats a line without a level as INFO and drops it at WARN and above: metrics in the embedded
                # metric format have no level. Above INFO the function's logger filters lines.
                # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
                # (read 2026-11-30)
                application_log_level="DEBUG" if settings.log_level == "DEBUG" else "INFO",
                system_log_level="WARN",
            ),
            tracing_config={"mode": "Active"},
            snap_start={"apply_on": "PublishedVersions"} if settings.start_mode == "snapstart" else None,
            publish=True,
            # The first start of a new function fails without its permissions.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
