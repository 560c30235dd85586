"""Cases of the rules on SQS queues."""

import json
from dataclasses import replace
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.lambda_ import ALIAS, EVENT_SOURCE_MAPPING, FUNCTION
from toolkit.resource_types.sns import TOPIC_SUBSCRIPTION
from toolkit.resource_types.sqs import QUEUE, REDRIVE_POLICY

PLACE = "arn:aws:sqs:eu-central-1:333333333333"


def redrive(to: str = "dead", tries: int = 5) -> str:
    return json.dumps({"deadLetterTargetArn": f"{PLACE}:{to}", "maxReceiveCount": tries})


def queue(name: str, **properties: Any) -> Subject:
    return Subject(QUEUE, {"arn": f"{PLACE}:{name}", **properties}, name)


def changed(subject: Subject, **properties: Any) -> Subject:
    return replace(subject, properties={**subject.properties, **properties})


DEAD = queue("dead")
JOBS = queue("jobs", redrivePolicy=redrive(), visibilityTimeoutSeconds=180)
WORKER = Subject(FUNCTION, {"name": "worker", "timeout": 30}, "worker")


def reads(name: str) -> Subject:
    return Subject(
        EVENT_SOURCE_MAPPING,
        {
            "eventSourceArn": f"{PLACE}:{name}",
            "functionName": "worker",
            "functionResponseTypes": ["ReportBatchItemFailures"],
        },
        f"reads-{name}",
    )


READS = reads("jobs")
BY_ALIAS = {"eventSourceArn": f"{PLACE}:jobs", "functionResponseTypes": ["ReportBatchItemFailures"]}
ASIDE = Subject(REDRIVE_POLICY, {"redrivePolicy": redrive()}, "aside", dependencies={"queueUrl": ("jobs",)})
CASES = {
    "sqs-dead-letters": StackCase(
        good=(DEAD, JOBS),
        bad={
            "lost": (queue("jobs"),),
            "to nothing": (JOBS,),
            "to itself": (queue("jobs", redrivePolicy=redrive("jobs")),),
            "to one of the other kind": (DEAD, changed(JOBS, fifoQueue=True)),
            "to one that takes nothing": (changed(DEAD, redriveAllowPolicy='{"redrivePermission": "denyAll"}'), JOBS),
            "to one for others": (
                changed(DEAD, redriveAllowPolicy=json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": []})),
                JOBS,
            ),
            "tried once": (DEAD, changed(JOBS, redrivePolicy=redrive(tries=1))),
            "tried for ever": (DEAD, changed(JOBS, redrivePolicy=redrive(tries=1000))),
            "gone within a minute": (DEAD, changed(JOBS, messageRetentionSeconds=60)),
            "dead letters gone within the hour": (
                changed(DEAD, messageRetentionSeconds=3600),
                changed(JOBS, messageRetentionSeconds=3600),
            ),
            "dead letters gone first": (DEAD, changed(JOBS, messageRetentionSeconds=1_209_600)),
            "FIFO dead letters gone within the hour": (
                changed(DEAD, fifoQueue=True, messageRetentionSeconds=3600),
                changed(JOBS, fifoQueue=True),
            ),
            "events to nothing": (Subject(FUNCTION, {"deadLetterConfig": {"targetArn": f"{PLACE}:none"}}, "f"),),
        },
        also_good={
            "both FIFO": (changed(DEAD, fifoQueue=True), changed(JOBS, fifoQueue=True)),
            "FIFO, whose dead letters begin anew": (
                changed(DEAD, fifoQueue=True),
                changed(JOBS, fifoQueue=True, messageRetentionSeconds=1_209_600),
            ),
            "kept longer": (changed(DEAD, messageRetentionSeconds=1_209_600), JOBS),
            "a policy beside it": (DEAD, queue("jobs"), ASIDE),
            "events": (DEAD, Subject(FUNCTION, {"deadLetterConfig": {"targetArn": f"{PLACE}:dead"}}, "f")),
            "by its name": (queue("orders-dlq"),),
            "allowAll is explicit": (queue("others", redriveAllowPolicy='{"redrivePermission": "allowAll"}'),),
        },
    ),
    "sqs-dead-letter-queue-used": StackCase(
        good=(changed(DEAD, redriveAllowPolicy="{}"), JOBS),
        bad={
            "by its name": (queue("orders-dlq"),),
            "by its policy": (changed(DEAD, redriveAllowPolicy="{}"), queue("jobs")),
        },
        also_good={
            "failed events": (
                queue("orders-dlq"),
                Subject(FUNCTION, {"deadLetterConfig": {"targetArn": f"{PLACE}:orders-dlq"}}, "f"),
            ),
            "dead letters of a subscription": (
                queue("orders-dlq"),
                Subject(TOPIC_SUBSCRIPTION, {"redrivePolicy": redrive("orders-dlq")}, "s"),
            ),
            "dead letters that a function reads": (queue("jobs-dlq"), WORKER, reads("jobs-dlq")),
            "another queue": (queue("jobs"),),
        },
    ),
    "sqs-visibility-timeout": StackCase(
        good=(JOBS, WORKER, READS),
        bad={
            "below": (changed(JOBS, visibilityTimeoutSeconds=29), WORKER, READS),
            "the default": (queue("jobs"), changed(WORKER, timeout=31), READS),
            "by the alias": (JOBS, changed(WORKER, timeout=181), changed(READS, functionName="worker:live")),
            "by an alias that is not known": (
                JOBS,
                Subject(FUNCTION, {"timeout": 181}, "worker"),
                Subject(ALIAS, {"name": "live"}, "alias", dependencies={"functionName": ("worker",)}),
                Subject(EVENT_SOURCE_MAPPING, BY_ALIAS, "reads", dependencies={"functionName": ("alias",)}),
            ),
        },
        also_good={"of another function": (JOBS, changed(WORKER, name="other", timeout=900), READS)},
    ),
    "sqs-visibility-room": StackCase(
        good=(JOBS, WORKER, READS),
        bad={
            "once": (changed(JOBS, visibilityTimeoutSeconds=179), WORKER, READS),
            "a window": (JOBS, WORKER, changed(READS, maximumBatchingWindowInSeconds=1)),
        },
    ),
    "sqs-batches": StackCase(
        good=(JOBS, WORKER, READS),
        bad={
            "all or none": (JOBS, WORKER, changed(READS, functionResponseTypes=[])),
            "off": (JOBS, WORKER, changed(READS, enabled=False)),
            "as many as there are": (JOBS, changed(WORKER, reservedConcurrentExecutions=5), READS),
            "more than it may have, with another": (
                JOBS,
                queue("more"),
                changed(WORKER, reservedConcurrentExecutions=5),
                changed(READS, scalingConfig={"maximumConcurrency": 3}),
                changed(reads("more"), scalingConfig={"maximumConcurrency": 3}),
            ),
            "more than it may have": (
                JOBS,
                changed(WORKER, reservedConcurrentExecutions=5),
                changed(READS, scalingConfig={"maximumConcurrency": 6}),
            ),
        },
        also_good={
            "one at a time": (JOBS, WORKER, changed(READS, functionResponseTypes=[], batchSize=1)),
            "as many as it may have": (
                JOBS,
                changed(WORKER, reservedConcurrentExecutions=5),
                changed(READS, scalingConfig={"maximumConcurrency": 5}),
            ),
        },
    ),
    "sqs-encrypted": ResourceCase(
        QUEUE,
        good={"sqsManagedSseEnabled": True},
        bad={"off": {"sqsManagedSseEnabled": False}},
        absent="pass",
        also_good={"a key": {"sqsManagedSseEnabled": False, "kmsMasterKeyId": "alias/queue"}},
    ),
}
