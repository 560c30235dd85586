"""Examples of the resource types of Amazon EventBridge Scheduler."""

from typing import Any

from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import scheduler as types


def schedule(parents: Parents) -> Example:
    def target(attempts: int) -> dict[str, Any]:
        return {
            "arn": parents.alias["arn"],
            "roleArn": parents.scheduler_role,
            "input": '{"task": "cleanup"}',
            "deadLetterConfig": {"arn": parents.queue["arn"]},
            "retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": attempts},
        }

    return Example(
        {
            "scheduleExpression": "rate(1 hour)",
            "flexibleTimeWindow": {"mode": "OFF"},
            "startDate": "2100-01-01T00:00:00Z",
            "target": target(2),
        },
        {
            "scheduleExpression": "cron(0 3 ? * MON-FRI *)",
            "scheduleExpressionTimezone": "Europe/Berlin",
            "flexibleTimeWindow": {"mode": "FLEXIBLE", "maximumWindowInMinutes": 15},
            "description": "every night",
            "state": "DISABLED",
            "actionAfterCompletion": "DELETE",
            "target": target(5),
        },
        {"groupName": "other"},
    )


def schedule_group(_parents: Parents) -> Example:
    return Example({"tags": {"a": "b"}}, {"tags": {"a": "c"}}, {"name": "other"})


EXAMPLES: dict[str, Maker] = {types.SCHEDULE: schedule, types.SCHEDULE_GROUP: schedule_group}
