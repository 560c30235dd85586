"""What calls a function besides APIs and URLs: schedules, and event sources whose number of events is in no profile."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from toolkit.resource_types.cloudwatch import EVENT_RULE, EVENT_TARGET
from toolkit.resource_types.scheduler import SCHEDULE
from toolkit.stacks.inputs import Inputs, StackInputs

SCHEDULE_TARGETS = ((EVENT_TARGET, "arn"), (SCHEDULE, "target"))
"""The types that call a function on a schedule, and the property that names it."""
EVENT_SOURCES = (
    ("aws:apigatewayv2/api:Api", "target"),
    ("aws:lambda/eventSourceMapping:EventSourceMapping", "functionName"),
    ("aws:s3/bucketNotification:BucketNotification", "lambdaFunctions"),
    ("aws:sns/topicSubscription:TopicSubscription", "endpoint"),
    ("aws:cognito/userPool:UserPool", "lambdaConfig"),
    ("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "destinationArn"),
    ("aws:iot/topicRule:TopicRule", "lambdas"),
    ("aws:pipes/pipe:Pipe", "target"),
    ("aws:pipes/pipe:Pipe", "enrichment"),
    ("aws:sfn/stateMachine:StateMachine", "definition"),
    ("aws:lb/targetGroupAttachment:TargetGroupAttachment", "targetId"),
    ("aws:appsync/dataSource:DataSource", "lambdaConfig"),
    ("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "extendedS3Configuration"),
    ("aws:cloudfront/distribution:Distribution", "defaultCacheBehavior"),
    ("aws:secretsmanager/secretRotation:SecretRotation", "rotationLambdaArn"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions"),
)
"""By type, the property that names the function. An API with a target is a quick create: its stage and its route are
not in the program."""
_MINUTES = {"minute": 1, "hour": 60, "day": 1_440}
_AVERAGE, _LONGEST = 730 * 60, 744 * 60
"""Minutes of a month."""
_ATTEMPTS = 3
"""Lambda runs an asynchronous event that fails twice more.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html, read on 2026-11-30.
"""
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MAX_WEEKDAYS_PER_MONTH = 5
"""In one month."""
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")


@dataclass(frozen=True)
class Calls:
    """The calls of one schedule in a month."""

    expected: float
    most: float
    how: str


def calls_of_schedule(graph: StackInputs, one: Inputs) -> Calls | None:
    """Return the calls of an event rule's target or of a schedule; None without a readable expression."""
    if one.resource.type == EVENT_TARGET:
        texts = [rule.text("scheduleExpression") for rule in graph.behind(one, "rule", EVENT_RULE)]
    else:
        texts = [one.text("scheduleExpression")]
    if len(texts) != 1 or (minutes := minutes_between(texts[0])) is None:
        return None
    most = _LONGEST / minutes * _ATTEMPTS
    return Calls(_AVERAGE / minutes, most, f"{texts[0]} = {_LONGEST / minutes:,.0f} × {_ATTEMPTS} tries")


def minutes_between(expression: str) -> float | None:
    """Return the average minutes between two calls at the most frequent; None for a form that is not known.

    A cron expression counts as if it applied every month; `at(…)` is one call a month.
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html, read on 2026-11-30.
    """
    if expression.startswith("at("):
        return float(_LONGEST)
    if match := _RATE.fullmatch(expression):
        return int(match[1]) * _MINUTES[match[2]] if int(match[1]) else None
    match = _CRON.fullmatch(expression)
    if match is None:
        return None
    minutes, hours, days, weekdays = _values(match[1], 60), _values(match[2], 24), match[3], match[5]
    if minutes is None or hours is None:
        return None
    return _LONGEST / (minutes * hours * _days(days, weekdays))


def _days(days: str, weekdays: str) -> float:
    """Return on how many days of a month of 31 a cron expression applies, at most; a form that is not read is all."""
    if days not in {"*", "?"}:
        return _values(days, 31) or (1 if re.fullmatch(r"L|\d+W|LW", days) else 31)
    if weekdays not in {"*", "?"}:
        for number, name in enumerate(_WEEKDAYS, start=1):
            weekdays = weekdays.replace(name, str(number))
        return min(_MAX_WEEKDAYS_PER_MONTH * (_values(weekdays, 7) or 7), 31)
    return 31


def _values(field: str, count: int) -> int | None:
    """Return how many values of a range a field of a cron expression names."""
    total = 0
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        every = int(step) if step.isdigit() else 1 if not step else 0
        if not every:
            return None
        if span == "*":
            width = count
        elif first.isdigit() and last.isdigit():
            width = (int(last) - int(first)) % count + 1
        elif first.isdigit() and not last:
            width = count - int(first) if step else 1
        else:
            return None
        total += -(-width // every)
    return min(total, count)


def callers_without_count(graph: StackInputs, entries: Iterable[Inputs]) -> tuple[Inputs, ...]:
    """Return the event sources of a function, and schedules of a form that is not read."""
    entries = tuple(entries)
    found = [one for entry in entries for type_, by in EVENT_SOURCES for one in graph.using(entry, type_, by=by)]
    found += [
        one
        for entry in entries
        for type_, by in SCHEDULE_TARGETS
        for one in graph.using(entry, type_, by=by)
        if calls_of_schedule(graph, one) is None
    ]
    return tuple({one.urn: one for one in found}.values())
