"""Mutations of alarms and their metrics, topics and their keys, queues and their consumers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from tests.policies.mutations.agreements import put
from tests.policies.mutations.expected import CAPACITY
from tests.policies.mutations.stack_mutations import PROD, Change, StackMutation, resource
from toolkit.resource_types.cloudwatch import COMPOSITE_ALARM
from toolkit.resource_types.lambda_ import EVENT_SOURCE_MAPPING, FUNCTION
from toolkit.resource_types.sqs import QUEUE
from toolkit.stacks.inputs import Inputs, StackInputs
from toolkit.stacks.references import reference

ACCOUNT = "333333333333"
QUEUES = f"arn:aws:sqs:eu-central-1:{ACCOUNT}"
CLOSED = {"throttlingRateLimit": 0, "throttlingBurstLimit": 0}
DENY_ALL = json.dumps({"redrivePermission": "denyAll"})
BACKUP = {"Service": "backup.amazonaws.com"}
ERRORS, DURATION = "alarms-function-errors", "alarms-function-p99"


def _gone(name: str) -> Change:
    return lambda graph: StackInputs(tuple(one for one in graph.resources if one.resource.name != name))


def _both(*changes: Change) -> Change:
    return lambda graph: reduce(lambda before, change: change(before), changes, graph)


def _new(name: str, type_: str, properties: Callable[[StackInputs], Mapping[str, Any]]) -> Change:
    """Return a change that adds a resource; its properties may refer to the stack."""

    def added(graph: StackInputs) -> StackInputs:
        urn = f"urn:pulumi:prod::items-api::{type_}::{name}"
        new = Inputs(replace(resource(urn, type_, {}), name=name), properties(graph), graph.resources[0].provider)
        return StackInputs((*graph.resources, new))

    return added


def _named(graph: StackInputs, name: str) -> Inputs:
    return next(one for one in graph.resources if one.resource.name == name)


def _redrive(to: str, tries: int = 5) -> str:
    return json.dumps({"deadLetterTargetArn": f"{QUEUES}:{to}", "maxReceiveCount": tries})


def _reads(graph: StackInputs) -> Mapping[str, Any]:
    return {
        "eventSourceArn": f"{QUEUES}:jobs",
        "functionName": reference(graph.of(FUNCTION)[0], "name"),
        "functionResponseTypes": ["ReportBatchItemFailures"],
        "scalingConfig": {"maximumConcurrency": 2},
    }


def _jobs(graph: StackInputs) -> Mapping[str, Any]:
    visible = 6 * graph.of(FUNCTION)[0].number("timeout", 3)
    return {"arn": f"{QUEUES}:jobs", "redrivePolicy": _redrive("dead"), "visibilityTimeoutSeconds": visible}


WITH_QUEUES = _both(
    _new("jobs", QUEUE, _jobs),
    _new("dead", QUEUE, lambda _: {"arn": f"{QUEUES}:dead"}),
    _new("reads", EVENT_SOURCE_MAPPING, _reads),
)
"""A queue that the function consumes, with a dead-letter queue."""


def _combined(name: str) -> Change:
    """Return a change that adds a composite alarm of the named alarm."""
    return _new(
        "both",
        COMPOSITE_ALARM,
        lambda graph: {"alarmName": "both", "alarmRule": f"ALARM({reference(_named(graph, name), 'name')})"},
    )


def _grant(place: int = 0, **changed: Any) -> Callable[[str], str]:
    """Return a change of one statement of a policy."""

    def edited(text: str) -> str:
        document = json.loads(text)
        document["Statement"][place] |= changed
        return json.dumps(document)

    return edited


def _variables(**changed: str) -> Any:
    """Return a change of environment variables."""
    return lambda before: {"variables": {**before["variables"], **changed}}


def _of_metric(number: int, **changed: Any) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Return a change of the metric of one query."""
    return lambda queries: [
        {**one, "metric": {**one["metric"], **changed}} if place == number else one for place, one in enumerate(queries)
    ]


FOREIGN_ALARM = f"arn:aws:cloudwatch:eu-central-1:{ACCOUNT}:alarm:foreign"
OTHER_ACCOUNT = {"StringEquals": {"aws:SourceAccount": "999999999999"}}
SIGNALS: tuple[StackMutation, ...] = (
    StackMutation(
        *("an alarm watches a function of another stack", PROD, put(DURATION, dimensions={"FunctionName": "foreign"})),
        "alarm-watches-stack alarms-present throttles-fit-concurrency",
    ),
    StackMutation(
        *("an alarm watches an API of another stack", PROD, put("alarms-api-5xx", dimensions={"ApiId": "foreign"})),
        "alarm-watches-stack alarms-present",
    ),
    StackMutation(
        "a metric query watches a table of another stack",
        PROD,
        put("alarms-items-throttles", metricQueries=_of_metric(1, dimensions={"TableName": "foreign"})),
        "alarm-watches-stack alarms-present",
    ),
    StackMutation(
        "an alarm watches another namespace",
        PROD,
        put(ERRORS, metricQueries=_of_metric(2, namespace="items")),
        "alarm-watches-stack",
    ),
    StackMutation(
        "the function writes to another namespace",
        PROD,
        put("api-function", environment=_variables(POWERTOOLS_METRICS_NAMESPACE="items")),
        "alarm-watches-stack",
    ),
    StackMutation(
        *("the threshold exceeds the possible requests", PROD, put("alarms-api-5xx", threshold=1_000_000)),
        "alarm-threshold-in-reach",
    ),
    StackMutation(
        *(
            "the throttles admit fewer requests than the threshold",
            PROD,
            put("http-stage", defaultRouteSettings=CLOSED, routeSettings=[]),
        ),
        "alarm-threshold-in-reach",
    ),
    StackMutation(
        *("the threshold exceeds the function's timeout", PROD, put(DURATION, threshold=10_001)),
        "alarm-threshold-in-reach throttles-fit-concurrency",
    ),
    StackMutation(
        *("the function's timeout is below the threshold", PROD, put("api-function", timeout=0.5)),
        "alarm-threshold-in-reach",
    ),
    StackMutation(
        *(
            "a composite alarm names an alarm of another stack",
            PROD,
            put("both", alarmRule=f'ALARM("{FOREIGN_ALARM}")'),
        ),
        "composite-alarm-names",
        given=_combined("alarms-api-latency"),
    ),
    StackMutation(
        *("the alarm of a composite alarm is deleted", PROD, _gone("alarms-api-latency")),
        "alarms-present composite-alarm-names",
        given=_combined("alarms-api-latency"),
    ),
    StackMutation(
        *("the topic policy allows another service", PROD, put("alerts-topic-policy", policy=_grant(Principal=BACKUP))),
        "alarm-may-publish",
    ),
    StackMutation(
        *(
            "the topic policy allows another account",
            PROD,
            put("alerts-topic-policy", policy=_grant(Condition=OTHER_ACCOUNT)),
        ),
        "alarm-may-publish",
    ),
    StackMutation(
        *("the topic policy denies Publish", PROD, put("alerts-topic-policy", policy=_grant(Effect="Deny"))),
        "alarm-may-publish topic-takes-messages",
    ),
    StackMutation(
        *(
            "the topic policy allows only Subscribe",
            PROD,
            put("alerts-topic-policy", policy=_grant(Action="sns:Subscribe")),
        ),
        "alarm-may-publish topic-takes-messages",
    ),
    StackMutation(
        *("the key policy denies CloudWatch", PROD, put("alerts-key", policy=_grant(1, Effect="Deny"))),
        "alarm-may-publish budget-may-publish",
    ),
    StackMutation(
        *(
            "the key policy does not allow Decrypt",
            PROD,
            put("alerts-key", policy=_grant(1, Action="kms:GenerateDataKey*")),
        ),
        "alarm-may-publish budget-may-publish",
    ),
    *(
        StackMutation(label, PROD, change, rules, given=WITH_QUEUES)
        for label, change, rules in (
            ("the queue has no redrive policy", put("jobs", redrivePolicy=None), "alarms-present sqs-dead-letters"),
            (
                "the dead-letter queue is not in the stack",
                put("jobs", redrivePolicy=_redrive("other")),
                "alarms-present sqs-dead-letters",
            ),
            ("the dead-letter queue is deleted", _gone("dead"), "sqs-dead-letters"),
            (
                "the dead-letter queue denies every source queue",
                put("dead", redriveAllowPolicy=DENY_ALL),
                "sqs-dead-letters",
            ),
            ("maxReceiveCount is 1", put("jobs", redrivePolicy=_redrive("dead", 1)), "sqs-dead-letters"),
            (
                "dead letters expire before the messages",
                put("dead", messageRetentionSeconds=86_400),
                "sqs-dead-letters",
            ),
            (
                "the visibility timeout is below the function's timeout",
                put("jobs", visibilityTimeoutSeconds=9),
                "sqs-visibility-room sqs-visibility-timeout",
            ),
            (
                "the function's timeout exceeds the visibility timeout",
                put("api-function", timeout=61),
                "function-timeout-fits sqs-visibility-room sqs-visibility-timeout",
            ),
            (
                "the visibility timeout is below six times the function's timeout",
                put("jobs", visibilityTimeoutSeconds=59),
                "sqs-visibility-room",
            ),
            (
                "the batching window is not in the visibility timeout",
                put("reads", maximumBatchingWindowInSeconds=1),
                "sqs-visibility-room",
            ),
            ("ReportBatchItemFailures is off", put("reads", functionResponseTypes=[]), "sqs-batches"),
            ("the event source mapping is disabled", put("reads", enabled=False), "sqs-batches"),
            (
                "maximumConcurrency exceeds the reserved concurrency",
                put("reads", scalingConfig={"maximumConcurrency": 901}),
                "sqs-batches",
            ),
            (
                "the reserved concurrency is below maximumConcurrency",
                put("api-function", reservedConcurrentExecutions=1),
                f"sqs-batches {CAPACITY}",
            ),
        )
    ),
)
