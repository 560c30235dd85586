"""Schedules invoke their target with their role, as EventBridge Scheduler does."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.event_delivery import Delivered, allow, printer, queue, received
from tests.support.scenarios import wait_until
from toolkit.localcloud.connection import AwsConnection

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def create_role(cloud: AwsConnection, *statements: dict[str, Any]) -> str:
    name, iam = f"schedule-{uuid.uuid4().hex[:12]}", cloud.client("iam")
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document)
    return arn


def schedule(cloud: AwsConnection, role: str, target: str, expression: str = "rate(1 day)", **settings: Any) -> str:
    name = f"schedule-{uuid.uuid4().hex[:12]}"
    state = {"State": settings.pop("State")} if "State" in settings else {}
    found = cloud.client("scheduler").create_schedule(
        Name=name,
        ScheduleExpression=expression,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": target, "RoleArn": role, **settings},
        **state,
    )
    return str(found["ScheduleArn"])


def test_schedule_invokes_the_alias_with_its_input(cloud: AwsConnection, delivered: Delivered) -> None:
    function = printer(cloud)
    role = create_role(cloud, allow(function.live, "lambda:InvokeFunction"))
    arn = schedule(cloud, role, function.live, Input='{"from": "<aws.scheduler.schedule-arn>"}')
    assert delivered.wait_for(arn) == [{"from": arn}]


def test_schedule_without_input_sends_the_default_event(cloud: AwsConnection, delivered: Delivered) -> None:
    function = printer(cloud)
    arn = schedule(cloud, create_role(cloud, allow(function.live, "lambda:InvokeFunction")), function.live)
    (event,) = delivered.wait_for(arn)
    assert (event["source"], event["detail-type"], event["resources"]) == (
        "aws.scheduler",
        "Scheduled Event",
        [arn],
    )
    assert (event["account"], event["region"], event["detail"]) == ("123456789012", cloud.region, "{}")


def test_one_time_schedule_runs_once_at_its_time(cloud: AwsConnection, delivered: Delivered) -> None:
    function = printer(cloud)
    at = datetime.now(UTC) + timedelta(seconds=3)
    role = create_role(cloud, allow(function.live, "lambda:InvokeFunction"))
    arn = schedule(cloud, role, function.live, f"at({at:%Y-%m-%dT%H:%M:%S})")
    assert len(delivered.wait_for(arn)) == 1
    assert datetime.now(UTC) >= at.replace(microsecond=0)


def test_disabled_schedule_does_not_run_until_it_is_enabled(cloud: AwsConnection, delivered: Delivered) -> None:
    function = printer(cloud)
    role = create_role(cloud, allow(function.live, "lambda:InvokeFunction"))
    held = schedule(cloud, role, function.live, State="DISABLED")
    delivered.wait_for(schedule(cloud, role, function.live))
    assert not delivered.events(held)
    cloud.client("scheduler").update_schedule(
        Name=held.rpartition("/")[2],
        ScheduleExpression="rate(1 day)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": function.live, "RoleArn": role},
        State="ENABLED",
    )
    delivered.wait_for(held)


def test_role_that_may_not_invoke_sends_the_input_to_the_dead_letter_queue(
    cloud: AwsConnection, delivered: Delivered
) -> None:
    """The attributes: https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html."""
    function, letters = printer(cloud), queue(cloud)
    role = create_role(cloud, allow(letters, "sqs:SendMessage"), allow(function.arn, "lambda:InvokeFunction"))
    arn = schedule(cloud, role, function.live, Input='"undelivered"', DeadLetterConfig={"Arn": letters})
    (letter,) = received(cloud, letters)
    attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert letter["Body"] == '"undelivered"'
    assert (attributes["ERROR_CODE"], attributes["SCHEDULE_ARN"]) == ("AccessDeniedException", arn)
    assert (attributes["TARGET_ARN"], attributes["RETRY_ATTEMPTS"]) == (function.live, "0")
    assert not delivered.events("undelivered")


def test_failed_function_is_invoked_again(cloud: AwsConnection, delivered: Delivered) -> None:
    function = printer(cloud)
    role = create_role(cloud, allow(function.live, "lambda:InvokeFunction"))
    schedule(cloud, role, function.live, Input='"raise by schedule"')
    delivered.wait_for("raise by schedule", 3)


def test_schedule_of_another_kind_is_reported(
    cloud: AwsConnection, delivered: Delivered, caplog: pytest.LogCaptureFixture
) -> None:
    target = "arn:aws:states:us-east-1:123456789012:stateMachine:one"
    schedule(cloud, create_role(cloud, allow("*", "states:StartExecution")), target)
    wait_until(lambda: f"schedules functions and queues, not {target}" in caplog.text)
    assert delivered.log.exists()
