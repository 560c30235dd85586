"""Breaks of what tells of failures: alarms and what they watch, topics and their keys, queues and their readers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from tests.policies.mutations.agreements import put
from tests.policies.mutations.expected import CAPACITY
from tests.policies.mutations.wholes import PROD, Change, Whole, resource
from toolkit.resource_types.cloudwatch import COMPOSITE_ALARM
from toolkit.resource_types.lambda_ import EVENT_SOURCE_MAPPING, FUNCTION
from toolkit.resource_types.sqs import QUEUE
from toolkit.stacks.facts import Facts, GraphFacts
from toolkit.stacks.references import reference

ACCOUNT = "333333333333"
QUEUES = f"arn:aws:sqs:eu-central-1:{ACCOUNT}"
CLOSED = {"throttlingRateLimit": 0, "throttlingBurstLimit": 0}
NOBODY = json.dumps({"redrivePermission": "denyAll"})
BACKUP = {"Service": "backup.amazonaws.com"}
ERRORS, DURATION = "alarms-function-errors", "alarms-function-p99"


def _gone(name: str) -> Change:
    return lambda graph: GraphFacts(tuple(one for one in graph.resources if one.resource.name != name))


def _both(*changes: Change) -> Change:
    return lambda graph: reduce(lambda before, change: change(before), changes, graph)


def _new(name: str, type_: str, properties: Callable[[GraphFacts], Mapping[str, Any]]) -> Change:
    """Add a resource; what it refers to is read from the stack."""

    def added(graph: GraphFacts) -> GraphFacts:
        urn = f"urn:pulumi:prod::items-api::{type_}::{name}"
        new = Facts(replace(resource(urn, type_, {}), name=name), properties(graph), graph.resources[0].provider)
        return GraphFacts((*graph.resources, new))

    return added


def _named(graph: GraphFacts, name: str) -> Facts:
    return next(one for one in graph.resources if one.resource.name == name)


def _redrive(to: str, tries: int = 5) -> str:
    return json.dumps({"deadLetterTargetArn": f"{QUEUES}:{to}", "maxReceiveCount": tries})


def _reads(graph: GraphFacts) -> Mapping[str, Any]:
    return {
        "eventSourceArn": f"{QUEUES}:jobs",
        "functionName": reference(graph.of(FUNCTION)[0], "name"),
        "functionResponseTypes": ["ReportBatchItemFailures"],
        "scalingConfig": {"maximumConcurrency": 2},
    }


def _jobs(graph: GraphFacts) -> Mapping[str, Any]:
    visible = 6 * graph.of(FUNCTION)[0].number("timeout", 3)
    return {"arn": f"{QUEUES}:jobs", "redrivePolicy": _redrive("dead"), "visibilityTimeoutSeconds": visible}


WITH_QUEUES = _both(
    _new("jobs", QUEUE, _jobs),
    _new("dead", QUEUE, lambda _: {"arn": f"{QUEUES}:dead"}),
    _new("reads", EVENT_SOURCE_MAPPING, _reads),
)
"""A queue that the function reads, with another for dead letters."""


def _combined(name: str) -> Change:
    """Add a composite alarm of the alarm of this name."""
    return _new(
        "both",
        COMPOSITE_ALARM,
        lambda graph: {"alarmName": "both", "alarmRule": f"ALARM({reference(_named(graph, name), 'name')})"},
    )


def _grant(place: int = 0, **changed: Any) -> Callable[[str], str]:
    """Change one statement of a policy."""

    def edited(text: str) -> str:
        document = json.loads(text)
        document["Statement"][place] |= changed
        return json.dumps(document)

    return edited


def _variables(**changed: str) -> Any:
    """Change variables of an environment."""
    return lambda before: {"variables": {**before["variables"], **changed}}


def _of_metric(number: int, **changed: Any) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Change one query's metric."""
    return lambda queries: [
        {**one, "metric": {**one["metric"], **changed}} if place == number else one for place, one in enumerate(queries)
    ]


FOREIGN_ALARM = f"arn:aws:cloudwatch:eu-central-1:{ACCOUNT}:alarm:foreign"
ELSEWHERE = {"StringEquals": {"aws:SourceAccount": "999999999999"}}
SIGNALS: tuple[Whole, ...] = (
    Whole(
        *("an alarm on a foreign function", PROD, put(DURATION, dimensions={"FunctionName": "foreign"})),
        "alarm-watches-stack alarms-present throttles-fit-concurrency",
    ),
    Whole(
        *("an alarm on a foreign API", PROD, put("alarms-api-5xx", dimensions={"ApiId": "foreign"})),
        "alarm-watches-stack alarms-present",
    ),
    Whole(
        "a sum with a foreign table",
        PROD,
        put("alarms-items-throttles", metricQueries=_of_metric(1, dimensions={"TableName": "foreign"})),
        "alarm-watches-stack alarms-present",
    ),
    Whole(
        "a namespace that the function does not write",
        PROD,
        put(ERRORS, metricQueries=_of_metric(2, namespace="items")),
        "alarm-watches-stack",
    ),
    Whole(
        "a function that writes to another namespace",
        PROD,
        put("api-function", environment=_variables(POWERTOOLS_METRICS_NAMESPACE="items")),
        "alarm-watches-stack",
    ),
    Whole(
        *("more errors than calls", PROD, put("alarms-api-5xx", threshold=1_000_000)),
        "alarm-threshold-in-reach",
    ),
    Whole(
        *(
            "fewer calls than the alarm's errors",
            PROD,
            put("http-stage", defaultRouteSettings=CLOSED, routeSettings=[]),
        ),
        "alarm-threshold-in-reach",
    ),
    Whole(
        *("longer than the function may run", PROD, put(DURATION, threshold=10_001)),
        "alarm-threshold-in-reach throttles-fit-concurrency",
    ),
    Whole(
        *("a function that ends before its alarm", PROD, put("api-function", timeout=0.5)),
        "alarm-threshold-in-reach",
    ),
    Whole(
        *("a composite of a foreign alarm", PROD, put("both", alarmRule=f'ALARM("{FOREIGN_ALARM}")')),
        "composite-alarm-names",
        given=_combined("alarms-api-latency"),
    ),
    Whole(
        *("a composite that outlives its alarm", PROD, _gone("alarms-api-latency")),
        "alarms-present composite-alarm-names",
        given=_combined("alarms-api-latency"),
    ),
    Whole(
        *("a topic for another service", PROD, put("alerts-topic-policy", policy=_grant(Principal=BACKUP))),
        "alarm-may-publish",
    ),
    Whole(
        *("a topic for another account", PROD, put("alerts-topic-policy", policy=_grant(Condition=ELSEWHERE))),
        "alarm-may-publish",
    ),
    Whole(
        *("a topic that takes nothing", PROD, put("alerts-topic-policy", policy=_grant(Effect="Deny"))),
        "alarm-may-publish topic-takes-messages",
    ),
    Whole(
        *(
            "a topic that takes only its readers",
            PROD,
            put("alerts-topic-policy", policy=_grant(Action="sns:Subscribe")),
        ),
        "alarm-may-publish topic-takes-messages",
    ),
    Whole(
        *("a key that nobody may use", PROD, put("alerts-key", policy=_grant(1, Effect="Deny"))),
        "alarm-may-publish budget-may-publish",
    ),
    Whole(
        *("a key that cannot decrypt", PROD, put("alerts-key", policy=_grant(1, Action="kms:GenerateDataKey*"))),
        "alarm-may-publish budget-may-publish",
    ),
    *(
        Whole(label, PROD, change, speaks, given=WITH_QUEUES)
        for label, change, speaks in (
            ("messages that are lost", put("jobs", redrivePolicy=None), "sqs-dead-letters"),
            ("dead letters to elsewhere", put("jobs", redrivePolicy=_redrive("other")), "sqs-dead-letters"),
            ("a queue for dead letters that is gone", _gone("dead"), "sqs-dead-letters"),
            ("a queue that takes no dead letters", put("dead", redriveAllowPolicy=NOBODY), "sqs-dead-letters"),
            ("messages that are tried once", put("jobs", redrivePolicy=_redrive("dead", 1)), "sqs-dead-letters"),
            ("dead letters that expire first", put("dead", messageRetentionSeconds=86_400), "sqs-dead-letters"),
            (
                "messages that are handled twice",
                put("jobs", visibilityTimeoutSeconds=9),
                "sqs-visibility-room sqs-visibility-timeout",
            ),
            (
                "a function slower than its queue",
                put("api-function", timeout=61),
                "function-timeout-fits sqs-visibility-room sqs-visibility-timeout",
            ),
            ("messages that come back early", put("jobs", visibilityTimeoutSeconds=59), "sqs-visibility-room"),
            ("a window for batches", put("reads", maximumBatchingWindowInSeconds=1), "sqs-visibility-room"),
            ("batches that fail whole", put("reads", functionResponseTypes=[]), "sqs-batches"),
            ("a reader that is off", put("reads", enabled=False), "sqs-batches"),
            ("readers beyond the reserve", put("reads", scalingConfig={"maximumConcurrency": 66}), "sqs-batches"),
            (
                "a reserve below the readers",
                put("api-function", reservedConcurrentExecutions=1),
                f"sqs-batches {CAPACITY}",
            ),
        )
    ),
)
