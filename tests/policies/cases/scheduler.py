"""Cases of the rules on schedules of EventBridge Scheduler."""

import json
from dataclasses import replace
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.iam import ROLE, ROLE_POLICY
from toolkit.resource_types.scheduler import SCHEDULE
from toolkit.resource_types.sqs import QUEUE

PLACE = "eu-central-1:333333333333"
LIVE = f"arn:aws:lambda:{PLACE}:function:report:live"
DEAD = f"arn:aws:sqs:{PLACE}:dead"
STARTS = "arn:aws:iam::333333333333:role/starts"
RETRIES = {"maximumRetryAttempts": 2, "maximumEventAgeInSeconds": 3_600}
TARGET = {"arn": LIVE, "roleArn": STARTS, "deadLetterConfig": {"arn": DEAD}, "retryPolicy": RETRIES}


def schedule(**changed: Any) -> dict[str, Any]:
    return {
        "scheduleExpression": "rate(1 hour)",
        "flexibleTimeWindow": {"mode": "OFF"},
        "target": TARGET,
        **changed,
    }


def target(**changed: Any) -> dict[str, Any]:
    return schedule(target={**TARGET, **changed})


def role(*resources: str, send: str = DEAD, name: str = "starts") -> tuple[Subject, ...]:
    statements = [
        {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": list(resources)},
        {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": send},
    ]
    return (
        Subject(ROLE, {"arn": STARTS}, name),
        Subject(ROLE_POLICY, {"policy": json.dumps({"Statement": statements})}, "may", dependencies={"role": (name,)}),
    )


HOURLY = Subject(SCHEDULE, schedule(), "hourly")
QUEUE_ARN = Subject(QUEUE, {"arn": DEAD}, "dead")

CASES = {
    "schedule-accepted": ResourceCase(
        SCHEDULE,
        good=schedule(),
        bad={
            "no time": schedule(scheduleExpression="every hour"),
            "five fields": schedule(scheduleExpression="cron(0 3 * * ?)"),
            "never": schedule(scheduleExpression="rate(0 hours)"),
            "a window without end": schedule(flexibleTimeWindow={"mode": "FLEXIBLE"}),
            "a window of days": schedule(flexibleTimeWindow={"mode": "FLEXIBLE", "maximumWindowInMinutes": 1_441}),
            "a window that is off": schedule(flexibleTimeWindow={"mode": "OFF", "maximumWindowInMinutes": 5}),
            "no retry policy": schedule(target={"arn": LIVE}),
            "too many retries": target(retryPolicy={**RETRIES, "maximumRetryAttempts": 186}),
            "too short an age": target(retryPolicy={**RETRIES, "maximumEventAgeInSeconds": 59}),
            "too long an age": target(retryPolicy={**RETRIES, "maximumEventAgeInSeconds": 86_401}),
        },
        absent="fail",
        also_good={
            "daily": schedule(scheduleExpression="cron(0 3 * * ? *)"),
            "once": schedule(scheduleExpression="at(2026-12-01T08:00:00)"),
            "a window": schedule(flexibleTimeWindow={"mode": "FLEXIBLE", "maximumWindowInMinutes": 15}),
            "no retries": target(retryPolicy={**RETRIES, "maximumRetryAttempts": 0}),
        },
    ),
    "schedule-target-own": ResourceCase(
        SCHEDULE,
        good=schedule(),
        bad={
            "another account": target(arn=LIVE.replace("333333333333", "999999999999")),
            "another Region": target(arn=LIVE.replace("eu-central-1", "us-east-1")),
        },
        absent="fail",
        also_good={"a call of AWS's API": target(arn="arn:aws:scheduler:::aws-sdk:sqs:sendMessage")},
    ),
    "schedule-failures-kept": StackCase(
        good=(QUEUE_ARN, HOURLY),
        bad={
            "no queue": (replace(HOURLY, properties=schedule(target={"arn": LIVE})),),
            "a queue that is not here": (HOURLY,),
        },
    ),
    "schedule-least-privilege": StackCase(
        good=(*role(LIVE), QUEUE_ARN, HOURLY),
        bad={
            "no role": (HOURLY,),
            "another function": (*role(f"{LIVE}2"), HOURLY),
            "another function too": (*role(LIVE, f"{LIVE}2"), HOURLY),
            "every alias": (*role(LIVE.replace(":live", ":*")), HOURLY),
            "failures to another queue": (*role(LIVE, send=f"{DEAD}2"), HOURLY),
        },
        also_good={
            "several schedules": (
                *role(LIVE, f"{LIVE}2"),
                HOURLY,
                Subject(SCHEDULE, target(arn=f"{LIVE}2"), "daily"),
            )
        },
    ),
}
