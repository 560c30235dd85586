"""The canary deployment of a new version: a tenth of the calls first, and back when an alarm of it is raised."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class DeliveryArgs:
    """The function whose alias is moved, the alarms of its new version, and the boundary of the role that moves it."""

    account_id: str
    function_arn: pulumi.Output[str]
    alarm_names: Sequence[pulumi.Input[str]]
    boundary_arn: str | None = None


@final
class Delivery(pulumi.ComponentResource):
    """A tenth of the calls for five minutes, then all; rolled back on failure, on a stop and on any of the alarms.

    Creates: aws.codedeploy.Application, DeploymentGroup, aws.iam.Role, RolePolicy.
    """

    application: pulumi.Output[str]
    group: pulumi.Output[str]

    def __init__(self, name: str, args: DeliveryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:operations:Delivery", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            assume_role_policy=json.dumps(_trust_policy(args.account_id)),
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
                "ignore_poll_alarm_failure": False,  # who cannot see the alarms must not go on
            },
            auto_rollback_configuration={
                "enabled": True,
                "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
            },
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.application, self.group = application.name, group.deployment_group_name
        self.register_outputs({"application": self.application, "group": self.group})


def _trust_policy(account_id: str) -> dict[str, object]:
    """CodeDeploy takes the role for deployments of this account only."""
    return _document(
        {
            "Effect": "Allow",
            "Principal": {"Service": "codedeploy.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
        }
    )


def _permissions(args: DeliveryArgs) -> dict[str, object]:
    """AWS's own AWSCodeDeployRoleForLambdaLimited, on this function alone and without hooks and bucket."""
    return _document(
        {
            "Sid": "MoveTheAlias",
            "Effect": "Allow",
            "Action": ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"],
            "Resource": [args.function_arn, pulumi.Output.concat(args.function_arn, ":*")],
        },
        # On the ARNs of alarms it returns no composite alarm; a canary may be watched by one:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html, read 2026-11-30.
        {"Sid": "SeeTheAlarms", "Effect": "Allow", "Action": ["cloudwatch:DescribeAlarms"], "Resource": "*"},
    )


def _document(*statements: dict[str, object]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}
