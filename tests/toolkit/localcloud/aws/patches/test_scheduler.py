"""Schedules of the embedded AWS reject what EventBridge Scheduler rejects."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws import ACCOUNT, shared_aws, unique

FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:worker"
GROUP = f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule-group/default"


def create_role(service: str = "scheduler.amazonaws.com", **condition: Any) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    conditioned = {**statement, "Condition": condition} if condition else statement
    trust = json.dumps({"Version": "2012-10-17", "Statement": [conditioned]})
    iam = shared_aws().connection.client("iam")
    return str(iam.create_role(RoleName=unique("role"), AssumeRolePolicyDocument=trust)["Role"]["Arn"])


def create_schedule(expression: str = "rate(1 hour)", role: str | None = None, **settings: Any) -> str:
    name = unique("schedule")
    shared_aws().connection.client("scheduler").create_schedule(
        Name=name,
        ScheduleExpression=expression,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": FUNCTION, "RoleArn": role or create_role()},
        **settings,
    )
    return name


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 hour)",
        "rate(5 minutes)",
        "at(2100-11-20T13:00:00)",
        "cron(0 3 * * ? *)",
        "cron(15 10 ? * 6L 2022-2030)",
        "cron(0/5 8-17 ? * MON-FRI *)",
        "cron(0 0 1,15 * ? *)",
        "cron(0 12 L * ? *)",
        "cron(0 12 ? * TUE#2 *)",
    ],
)
def test_expression_of_scheduler_is_accepted(expression: str) -> None:
    create_schedule(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "every hour",
        "rate(0 hours)",
        "rate(1 week)",
        "rate(1.5 hours)",
        "cron(0 3 * * *)",
        "cron(0 3 * * * *)",
        "cron(0 3 ? * ? *)",
        "at(2100-11-20)",
    ],
)
def test_other_expression_is_rejected(expression: str) -> None:
    with pytest.raises(ClientError, match=r"ValidationException.*Invalid Schedule Expression"):
        create_schedule(expression)


def test_role_must_trust_scheduler() -> None:
    with pytest.raises(ClientError, match="must allow AWS EventBridge Scheduler to assume the role"):
        create_schedule(role=create_role("lambda.amazonaws.com"))


@pytest.mark.parametrize(("group", "trusted"), [(GROUP, True), (f"{GROUP}-other", False)])
def test_trust_policy_is_evaluated_with_account_and_group(group: str, trusted: bool) -> None:
    role = create_role(StringEquals={"aws:SourceAccount": ACCOUNT, "aws:SourceArn": group})
    if trusted:
        create_schedule(role=role)
    else:
        with pytest.raises(ClientError, match="ValidationException"):
            create_schedule(role=role)


def test_update_is_checked_and_changes_nothing() -> None:
    name, scheduler = create_schedule(), shared_aws().connection.client("scheduler")
    target = {"Arn": FUNCTION, "RoleArn": create_role()}
    with pytest.raises(ClientError, match="Invalid Schedule Expression"):
        scheduler.update_schedule(
            Name=name, ScheduleExpression="rate(1)", FlexibleTimeWindow={"Mode": "OFF"}, Target=target
        )
    assert scheduler.get_schedule(Name=name)["ScheduleExpression"] == "rate(1 hour)"


def test_unknown_group_is_rejected() -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        create_schedule(GroupName="none")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        shared_aws().connection.client("scheduler").delete_schedule_group(Name="none")


def test_second_group_of_a_name_is_rejected() -> None:
    scheduler, name = shared_aws().connection.client("scheduler"), unique("group")
    scheduler.create_schedule_group(Name=name)
    with pytest.raises(ClientError, match="ConflictException"):
        scheduler.create_schedule_group(Name=name)
