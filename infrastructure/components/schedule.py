"""A schedule that invokes a function."""

import json
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.policy_documents import allow, assume_role, document

_RETRIES = 2
_ONE_HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class ScheduleArgs:
    """When to invoke which alias, the queue for failed invocations, and the boundary of the role."""

    account_id: str
    expression: str
    alias_arn: pulumi.Output[str]
    dead_letters_arn: pulumi.Output[str]
    boundary_arn: str | None


@final
class Schedule(pulumi.ComponentResource):
    """A schedule of EventBridge Scheduler, with a role that may invoke this function only.

    Creates: aws.iam.Role, RolePolicy, aws.scheduler.Schedule.
    """

    def __init__(self, name: str, args: ScheduleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:events:Schedule", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        own_account = {"StringEquals": {"aws:SourceAccount": args.account_id}}
        role = aws.iam.Role(
            f"{name}-schedule-role",
            assume_role_policy=json.dumps(assume_role("scheduler.amazonaws.com", condition=own_account)),
            permissions_boundary=args.boundary_arn,
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-schedule-permissions",
            role=role.id,
            policy=pulumi.Output.json_dumps(
                document(
                    allow("Invoke", ["lambda:InvokeFunction"], [args.alias_arn]),
                    allow("DeadLetters", ["sqs:SendMessage"], [args.dead_letters_arn]),
                )
            ),
            opts=child,
        )
        aws.scheduler.Schedule(
            f"{name}-schedule",
            schedule_expression=args.expression,
            schedule_expression_timezone="UTC",
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": args.alias_arn,
                "role_arn": role.arn,
                "dead_letter_config": {"arn": args.dead_letters_arn},
                "retry_policy": {"maximum_retry_attempts": _RETRIES, "maximum_event_age_in_seconds": _ONE_HOUR},
            },
            # EventBridge Scheduler checks at the creation that it may assume the role.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.register_outputs({})
