"""Cases of the rules on functions that events invoke."""

import json
from dataclasses import replace
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.cloudwatch import EVENT_RULE, EVENT_TARGET
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.iam import ROLE, ROLE_POLICY
from toolkit.resource_types.lambda_ import (
    ALIAS,
    EVENT_INVOKE_CONFIG,
    EVENT_SOURCE_MAPPING,
    FUNCTION,
    FUNCTION_URL,
    PERMISSION,
)
from toolkit.resource_types.s3 import BUCKET, BUCKET_NOTIFICATION
from toolkit.resource_types.scheduler import SCHEDULE
from toolkit.resource_types.sns import TOPIC, TOPIC_SUBSCRIPTION
from toolkit.resource_types.sqs import QUEUE

PLACE = "eu-central-1:333333333333"
ARN = f"arn:aws:lambda:{PLACE}:function:worker"
LIVE = f"{ARN}:live"
QUEUE_ARN, TOPIC_ARN = f"arn:aws:sqs:{PLACE}:jobs", f"arn:aws:sns:{PLACE}:orders"
DEAD_ARN = f"arn:aws:sqs:{PLACE}:dead"
RULE_ARN = f"arn:aws:events:{PLACE}:rule/nightly"
STREAM_ARN = f"arn:aws:dynamodb:{PLACE}:table/orders/stream/2026-11-30T00:00:00.000"

WORKER = Subject(FUNCTION, {"name": "worker", "arn": ARN}, "worker")
UNKNOWN_WORKER = Subject(FUNCTION, {}, "worker")
ALIAS_OF_UNKNOWN = Subject(ALIAS, {"name": "live"}, "alias", dependencies={"functionName": ("worker",)})
NEW_SCHEDULE = Subject(SCHEDULE, {}, "schedule", dependencies={"target": ("alias",)})


def mapping(function: str = LIVE, source: str = QUEUE_ARN, **others: Any) -> Subject:
    return Subject(EVENT_SOURCE_MAPPING, {"functionName": function, "eventSourceArn": source, **others}, "mapping")


def schedule(arn: str = LIVE) -> Subject:
    return Subject(SCHEDULE, {"target": {"arn": arn}}, "schedule")


def subscription(endpoint: str = LIVE, protocol: str = "lambda") -> Subject:
    return Subject(TOPIC_SUBSCRIPTION, {"protocol": protocol, "endpoint": endpoint, "topic": TOPIC_ARN}, "subscription")


def notification(function: str = LIVE, after: tuple[str, ...] = ("may",)) -> Subject:
    parts = [{"lambdaFunctionArn": function, "events": ["s3:ObjectCreated:*"]}]
    return Subject(BUCKET_NOTIFICATION, {"bucket": "uploads", "lambdaFunctions": parts}, "notification", after=after)


def may_invoke(service: str, source: str, **changed: str) -> Subject:
    properties = {"principal": service, "sourceArn": source, "function": "worker", "qualifier": "live", **changed}
    return Subject(PERMISSION, properties, "may")


def kept(qualifier: str = "live") -> Subject:
    destination = {"onFailure": {"destination": DEAD_ARN}}
    return Subject(
        EVENT_INVOKE_CONFIG,
        {"functionName": "worker", "qualifier": qualifier, "destinationConfig": destination},
        "config",
    )


UPLOADS = Subject(BUCKET, {"bucket": "uploads"}, "uploads")
ORDERS = Subject(TOPIC, {"arn": TOPIC_ARN}, "orders")
NIGHTLY = Subject(EVENT_RULE, {"name": "nightly", "arn": RULE_ARN}, "nightly")
OF_BUCKET = may_invoke("s3.amazonaws.com", "arn:aws:s3:::uploads", sourceAccount="333333333333")
OF_TOPIC = may_invoke("sns.amazonaws.com", TOPIC_ARN)
OF_RULE = may_invoke("events.amazonaws.com", RULE_ARN)
TARGET = Subject(EVENT_TARGET, {"rule": "nightly", "arn": LIVE}, "target")


def runs(*actions: str, on: str = QUEUE_ARN) -> tuple[Subject, ...]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": on}
    return (
        Subject(ROLE, {}, "role"),
        Subject(
            ROLE_POLICY, {"policy": json.dumps({"Statement": [statement]})}, "does", dependencies={"role": ("role",)}
        ),
        replace(WORKER, dependencies={"role": ("role",)}),
    )


JOBS = Subject(QUEUE, {"arn": QUEUE_ARN}, "jobs")
DEAD = Subject(QUEUE, {"arn": DEAD_ARN}, "dead")
STREAMED = Subject(TABLE, {"streamArn": STREAM_ARN}, "table")
READS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
FOLLOWS = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
TO_QUEUE = {"destinationConfig": {"onFailure": {"destinationArn": DEAD_ARN}}}
REPORTS = {"functionResponseTypes": ["ReportBatchItemFailures"]}


def reader(number: int) -> Subject:
    return Subject(EVENT_SOURCE_MAPPING, {"eventSourceArn": STREAM_ARN}, f"reader-{number}")


CASES = {
    "events-invoke-alias": StackCase(
        good=(WORKER, mapping()),
        bad={
            "a mapping": (WORKER, mapping("worker")),
            "a mapping, by the ARN": (WORKER, mapping(ARN)),
            "the newest code": (WORKER, mapping(f"{ARN}:$LATEST")),
            "a schedule": (WORKER, schedule(ARN)),
            "a subscription": (WORKER, subscription(ARN)),
            "a notification": (WORKER, notification(ARN)),
            "a rule": (WORKER, replace(TARGET, properties={"rule": "nightly", "arn": ARN})),
            "an ARN that is not known": (
                UNKNOWN_WORKER,
                ALIAS_OF_UNKNOWN,
                replace(NEW_SCHEDULE, dependencies={"target": ("worker",)}),
            ),
        },
        also_good={
            "by name": (WORKER, mapping("worker:live")),
            "an alias that is not known": (UNKNOWN_WORKER, ALIAS_OF_UNKNOWN, NEW_SCHEDULE),
            "a function of another stack": (mapping("other"),),
            "a mail": (WORKER, subscription("a@example.com", "email")),
        },
    ),
    "async-failures-kept": StackCase(
        good=(WORKER, kept(), schedule()),
        bad={
            "a schedule": (WORKER, schedule()),
            "a subscription": (WORKER, subscription()),
            "a notification": (WORKER, notification()),
            "of another alias": (WORKER, kept("next"), schedule()),
            "of the function without the alias": (
                WORKER,
                replace(
                    kept(), properties={key: value for key, value in kept().properties.items() if key != "qualifier"}
                ),
                schedule(),
            ),
            "of another function": (replace(WORKER, properties={"name": "other"}), WORKER, schedule(), kept("other")),
        },
        also_good={
            "a dead-letter queue": (
                replace(WORKER, properties={**WORKER.properties, "deadLetterConfig": {"targetArn": DEAD_ARN}}),
                schedule(),
            ),
            "a queue keeps its messages": (WORKER, mapping()),
        },
    ),
    "event-source-admitted": StackCase(
        good=(WORKER, UPLOADS, OF_BUCKET, notification()),
        bad={
            "no permission for the bucket": (WORKER, UPLOADS, notification(after=())),
            "another bucket": (
                WORKER,
                UPLOADS,
                replace(OF_BUCKET, properties={**OF_BUCKET.properties, "sourceArn": "arn:aws:s3:::others"}),
                notification(),
            ),
            "another alias": (
                WORKER,
                UPLOADS,
                replace(OF_BUCKET, properties={**OF_BUCKET.properties, "qualifier": "next"}),
                notification(),
            ),
            "no alias": (
                WORKER,
                UPLOADS,
                replace(OF_BUCKET, properties={**OF_BUCKET.properties, "qualifier": ""}),
                notification(),
            ),
            "another function": (
                WORKER,
                UPLOADS,
                replace(OF_BUCKET, properties={**OF_BUCKET.properties, "function": "other"}),
                notification(),
            ),
            "maybe before the permission": (WORKER, UPLOADS, OF_BUCKET, notification(after=())),
            "no permission for the topic": (WORKER, ORDERS, subscription()),
            "for another service": (WORKER, ORDERS, may_invoke("s3.amazonaws.com", TOPIC_ARN), subscription()),
            "no permission for the rule": (WORKER, NIGHTLY, TARGET),
        },
        also_good={
            "a topic": (WORKER, ORDERS, OF_TOPIC, subscription()),
            "a rule": (WORKER, NIGHTLY, OF_RULE, TARGET),
            "a schedule has a role": (WORKER, schedule()),
            "an alias in the function's name": (
                WORKER,
                ORDERS,
                replace(OF_TOPIC, properties={**OF_TOPIC.properties, "function": LIVE, "qualifier": ""}),
                subscription(),
            ),
            "a topic of another stack": (WORKER, OF_TOPIC, subscription()),
        },
    ),
    "event-permission-scoped": StackCase(
        good=(UPLOADS, OF_BUCKET),
        bad={
            "a bucket that is not here": (OF_BUCKET,),
            "another bucket": (replace(UPLOADS, properties={"bucket": "others"}), OF_BUCKET),
            "a topic that is not here": (OF_TOPIC,),
            "a rule that is not here": (OF_RULE,),
        },
        also_good={
            "a topic": (ORDERS, OF_TOPIC),
            "a rule": (NIGHTLY, OF_RULE),
            "a bucket that is not known": (
                Subject(BUCKET, {}, "uploads"),
                Subject(PERMISSION, {"principal": "s3.amazonaws.com"}, "may", dependencies={"sourceArn": ("uploads",)}),
            ),
            "another caller": (may_invoke("apigateway.amazonaws.com", "arn:aws:execute-api:x"),),
        },
    ),
    "event-role-permits": StackCase(
        good=(*runs(*READS), JOBS, mapping()),
        bad={
            "it may not read": (*runs("sqs:SendMessage"), JOBS, mapping()),
            "it may not delete": (*runs(*READS[:1], *READS[2:]), JOBS, mapping()),
            "another queue": (*runs(*READS, on=DEAD_ARN), JOBS, mapping()),
            "it may not read the stream": (*runs(*FOLLOWS[1:], on=STREAM_ARN), STREAMED, mapping(source=STREAM_ARN)),
            "it may not send failed records": (
                *(*runs(*FOLLOWS, on=STREAM_ARN), STREAMED, DEAD),
                mapping(source=STREAM_ARN, destinationConfig=TO_QUEUE["destinationConfig"]),
            ),
            "it may not send failed events": (*runs(*READS), DEAD, kept()),
            "it may not send dead letters": (
                *runs(*READS)[:2],
                DEAD,
                Subject(
                    FUNCTION,
                    {"name": "worker", "deadLetterConfig": {"targetArn": DEAD_ARN}},
                    "worker",
                    dependencies={"role": ("role",)},
                ),
            ),
        },
        also_good={
            "a stream": (*runs(*FOLLOWS, on=STREAM_ARN), STREAMED, mapping(source=STREAM_ARN)),
            "failed events": (*runs("sqs:SendMessage", on=DEAD_ARN), DEAD, kept()),
            "a queue of another stack": (*runs("sqs:SendMessage"), mapping()),
        },
    ),
    "lambda-stream-failures-kept": ResourceCase(
        EVENT_SOURCE_MAPPING,
        good={"eventSourceArn": STREAM_ARN, **TO_QUEUE, **REPORTS},
        bad={
            "no destination": {"eventSourceArn": STREAM_ARN, **REPORTS},
            "all or none": {"eventSourceArn": STREAM_ARN, **TO_QUEUE},
        },
        absent="pass",
        also_good={
            "halves": {"eventSourceArn": STREAM_ARN, **TO_QUEUE, "bisectBatchOnFunctionError": True},
            "one at a time": {"eventSourceArn": STREAM_ARN, **TO_QUEUE, "batchSize": 1},
            "a queue": {"eventSourceArn": QUEUE_ARN},
        },
    ),
    "stream-readers-few": StackCase(
        good=(STREAMED, reader(1), reader(2)), bad={"three": (STREAMED, reader(1), reader(2), reader(3))}
    ),
    "lambda-no-urls": ResourceCase(
        FUNCTION_URL,
        good=Subject(FUNCTION, {}),
        bad={"open": {"authorizationType": "NONE"}, "for roles": {"authorizationType": "AWS_IAM"}},
        absent="fail",
    ),
}
