"""Schedules of EventBridge Scheduler: each invokes its target with the schedule's role.

A flexible time window has no effect here: a schedule runs at the start of it.
"""

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime import InvokeError, LambdaRuntime
from toolkit.localcloud.runtime.dead_letters import queue_url, report, send
from toolkit.resource_types.schedule_expression import ScheduleExpressionError, next_time

LONGEST_WAIT_SECONDS = 60
"""The longest wait before a retry; it begins at one second and doubles. EventBridge publishes no figures."""
LONGEST_SLEEP_SECONDS = 3600
"""A machine that was suspended looks at its clock again after that."""
log = logging.getLogger("toolkit.localcloud")


@dataclass(frozen=True)
class Schedule:
    """An enabled schedule, read from EventBridge Scheduler."""

    arn: str
    expression: str
    timezone: str
    start: datetime
    end: datetime | None
    target: str
    role: str
    input: str | None
    retries: int
    max_age_seconds: int
    dead_letter_queue: str | None

    @property
    def name(self) -> str:
        """The name of the schedule."""
        return self.arn.rpartition("/")[2]

    @classmethod
    def from_configuration(cls, found: Mapping[str, Any]) -> "Schedule":
        """Read the response of GetSchedule."""
        target = found["Target"]
        retry = target.get("RetryPolicy") or {}
        return cls(
            arn=found["Arn"],
            expression=found["ScheduleExpression"],
            timezone=found.get("ScheduleExpressionTimezone") or "UTC",
            start=_time(found.get("StartDate") or found["CreationDate"]),
            end=_time(found["EndDate"]) if found.get("EndDate") else None,
            target=target["Arn"],
            role=target["RoleArn"],
            input=target.get("Input"),
            retries=int(retry.get("MaximumRetryAttempts", 185)),
            max_age_seconds=int(retry.get("MaximumEventAgeInSeconds", 86_400)),
            dead_letter_queue=(target.get("DeadLetterConfig") or {}).get("Arn"),
        )


def read_schedules(connection: AwsConnection) -> list[Schedule]:
    """Return the enabled schedules. Blocks on the network."""
    client = connection.client("scheduler")
    pages = client.get_paginator("list_schedules").paginate()
    names = [(each["GroupName"], each["Name"]) for page in pages for each in page["Schedules"]]
    found = [client.get_schedule(GroupName=group, Name=name) for group, name in names]
    return [Schedule.from_configuration(each) for each in found if each["State"] == "ENABLED"]


class ScheduleRunner:
    """Invokes the target of one schedule at its times."""

    def __init__(self, runtime: LambdaRuntime, schedule: Schedule) -> None:
        self._runtime = runtime
        self._schedule = schedule

    async def run(self) -> None:
        """Wait for each time of the schedule, until the last one or until this is cancelled.

        A rate without a start date runs at once when it is created, as on AWS.
        """
        schedule = self._schedule
        now = datetime.now(UTC)
        after = schedule.start - timedelta(seconds=1) if _runs_at_once(schedule) else now
        while True:
            try:
                at = next_time(schedule.expression, schedule.timezone, after, schedule.start)
            except ScheduleExpressionError as error:
                log.warning("✗ The schedule %s does not run: %s", schedule.name, error)
                return
            if at is None or (schedule.end is not None and at > schedule.end):
                return
            while (wait := (at - datetime.now(UTC)).total_seconds()) > 0:
                await asyncio.sleep(min(wait, LONGEST_SLEEP_SECONDS))
            await self._invoke(at)
            after = max(at, datetime.now(UTC))

    async def _invoke(self, at: datetime) -> None:
        """Invoke the target, and again after an error that may pass, as the retry policy says."""
        schedule, execution = self._schedule, str(uuid.uuid4())
        begun, attempt = time.monotonic(), 1
        while True:
            payload = _payload(schedule, at, execution, attempt)
            try:
                session = await asyncio.to_thread(self._runtime.sessions.session, schedule.role, schedule.name[:64])
                await asyncio.to_thread(_call, session.connection, schedule.target, payload)
            except (ClientError, BotoCoreError, InvokeError) as error:
                wait = min(2 ** (attempt - 1), LONGEST_WAIT_SECONDS)
                expired = time.monotonic() - begun + wait > schedule.max_age_seconds
                if not _may_pass(error) or attempt > schedule.retries or expired:
                    await self._dead_letter(at, execution, attempt, payload, error, expired=expired)
                    return
                await asyncio.sleep(wait)
                attempt += 1
            else:
                return

    async def _dead_letter(
        self, at: datetime, execution: str, attempt: int, payload: str, error: Exception, *, expired: bool
    ) -> None:
        """Send the input of a failed invocation, with the schedule's role, to its dead-letter queue.

        https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
        """
        schedule = self._schedule
        what, queue = f"The schedule {schedule.name} did not invoke its target; its input", schedule.dead_letter_queue
        if queue is None:
            log.warning("✗ The schedule %s did not invoke its target: %s", schedule.name, error)
            return
        attributes = {
            "ERROR_CODE": _code(error),
            "ERROR_MESSAGE": str(error)[:1024],
            "EXECUTION_ID": execution,
            "RETRY_ATTEMPTS": str(attempt - 1),
            "SCHEDULED_TIME": _text(at),
            "SCHEDULE_ARN": schedule.arn,
            "TARGET_ARN": schedule.target,
        }
        if _may_pass(error):
            attributes["EXHAUSTED_RETRY_CONDITION"] = "MaximumEventAgeInSeconds" if expired else "MaximumRetryAttempts"
        try:
            session = await asyncio.to_thread(self._runtime.sessions.session, schedule.role, schedule.name[:64])
        except InvokeError:
            log.warning("✗ The schedule %s did not invoke its target: %s", schedule.name, error)
            return
        if await send(session.connection, queue, payload, attributes):
            report(what, queue, str(error))


def _runs_at_once(schedule: Schedule) -> bool:
    """Return whether a rate has its first time now: it was created within the last minute."""
    age = (datetime.now(UTC) - schedule.start).total_seconds()
    return schedule.expression.startswith("rate") and 0 <= age < 60


def _payload(schedule: Schedule, at: datetime, execution: str, attempt: int) -> str:
    """Return the input of the target with its context attributes, or the default where the schedule has none.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
    """
    if schedule.input is None:
        _, _, _, region, account_id, _ = schedule.arn.split(":", 5)
        event = {
            "version": "0",
            "id": execution,
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": account_id,
            "time": _text(at),
            "region": region,
            "resources": [schedule.arn],
            "detail": "{}",
        }
        return json.dumps(event)
    values = {
        "schedule-arn": schedule.arn,
        "scheduled-time": _text(at),
        "execution-id": execution,
        "attempt-number": str(attempt),
    }
    text = schedule.input
    for name, value in values.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def _call(connection: AwsConnection, target: str, payload: str) -> None:
    service = target.split(":")[2]
    if service == "lambda":
        connection.client("lambda").invoke(FunctionName=target, InvocationType="Event", Payload=payload.encode())
    elif service == "sqs":
        connection.client("sqs").send_message(QueueUrl=queue_url(connection, target), MessageBody=payload)
    else:
        raise InvokeError(400, "ValidationException", f"The local stack schedules functions and queues, not {target}.")


def _may_pass(error: Exception) -> bool:
    """Return whether a retry may help: a throttled call, or a failure of the service."""
    if isinstance(error, ClientError):
        return int(error.response["ResponseMetadata"]["HTTPStatusCode"]) in {429, *range(500, 600)}
    return not isinstance(error, InvokeError)


def _code(error: Exception) -> str:
    if isinstance(error, ClientError):
        return str(error.response["Error"]["Code"])
    return error.code if isinstance(error, InvokeError) else type(error).__name__


def _time(value: Any) -> datetime:
    """Return a time as boto3 gives it, in UTC and in full seconds."""
    found = value if isinstance(value, datetime) else datetime.fromtimestamp(float(value), UTC)
    return found.astimezone(UTC).replace(microsecond=0)


def _text(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
