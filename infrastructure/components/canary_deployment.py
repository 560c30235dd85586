"""Canary deployment of a new version with CodeDeploy, with a rollback on alarms."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.policy_documents import Document, allow, assume_role, document


@dataclass(frozen=True, kw_only=True)
class CanaryDeploymentArgs:
    """The function, the alarms of its new version, and the permissions boundary of CodeDeploy's role."""

    account_id: str
    function_arn: pulumi.Output[str]
    alarm_names: Sequence[pulumi.Input[str]]
    boundary_arn: str | None = None


@final
class CanaryDeployment(pulumi.ComponentResource):
    """10 % of the requests for five minutes, then all; rolled back on a failure, a stop or an alarm.

    Creates: aws.codedeploy.Application, DeploymentGroup, aws.iam.Role, RolePolicy.
    """

    application: pulumi.Output[str]
    group: pulumi.Output[str]

    def __init__(self, name: str, args: CanaryDeploymentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:operations:Delivery", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            # CodeDeploy assumes the role for deployments of this account only.
            assume_role_policy=json.dumps(
                assume_role(
                    "codedeploy.amazonaws.com", condition={"StringEquals": {"aws:SourceAccount": args.account_id}}
                )
            ),
            permissions_boundary=args.boundary_arn,
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-permissions", role=role.id, policy=pulumi.Output.json_dumps(_permissions(args)), opts=child
        )
        application = aws.codedeploy.Application(f"{name}-application", compute_platform="Lambda", opts=child)
        group = aws.codedeploy.DeploymentGroup(
            f"{name}-group",
            app_name=application.name,
            deployment_group_name="live",
            deployment_config_name="CodeDeployDefault.LambdaCanary10Percent5Minutes",
            deployment_style={"deployment_type": "BLUE_GREEN", "deployment_option": "WITH_TRAFFIC_CONTROL"},
            service_role_arn=role.arn,
            alarm_configuration={
                "enabled": True,
                "alarms": list(args.alarm_names),
                "ignore_poll_alarm_failure": False,  # a deployment that cannot read its alarms must stop
            },
            auto_rollback_configuration={
                "enabled": True,
                "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
            },
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.application, self.group = application.name, group.deployment_group_name
        self.register_outputs({"application": self.application, "group": self.group})


def _permissions(args: CanaryDeploymentArgs) -> Document:
    """Return AWSCodeDeployRoleForLambdaLimited, limited to this function, without hooks and bucket."""
    return document(
        allow(
            "MoveTheAlias",
            ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"],
            [args.function_arn, pulumi.Output.concat(args.function_arn, ":*")],
        ),
        # Limited to alarm ARNs it returns no composite alarms:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html, read 2026-11-30.
        allow("SeeTheAlarms", ["cloudwatch:DescribeAlarms"], ["*"]),
    )
