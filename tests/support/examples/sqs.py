"""Examples of the resource types of Amazon SQS."""

import json

from tests.support.examples.parents import Example, Maker, Parents, policy
from toolkit.resource_types import sqs as types


def redrive(parents: Parents, attempts: int) -> str:
    return json.dumps({"deadLetterTargetArn": parents.queue["arn"], "maxReceiveCount": attempts})


def queue(parents: Parents) -> Example:
    return Example(
        {
            "delaySeconds": 5,
            "fifoQueue": False,
            "kmsMasterKeyId": parents.key,
            "kmsDataKeyReusePeriodSeconds": 600,
            "maxMessageSize": 2048,
            "messageRetentionSeconds": 3600,
            "policy": policy("sqs:SendMessage", Principal={"Service": "sns.amazonaws.com"}),
            "receiveWaitTimeSeconds": 20,
            "redrivePolicy": redrive(parents, 3),
            "redriveAllowPolicy": json.dumps({"redrivePermission": "denyAll"}),
            "visibilityTimeoutSeconds": 180,
            "tags": {"a": "b"},
        },
        {
            "messageRetentionSeconds": 1209600,
            "redrivePolicy": redrive(parents, 5),
            "visibilityTimeoutSeconds": 90,
            "tags": {"a": "c"},
        },
        {"name": "other"},
    )


def queue_policy(parents: Parents) -> Example:
    def allow(service: str) -> str:
        return policy("sqs:SendMessage", parents.queue["arn"], Principal={"Service": service})

    return Example(
        {"queueUrl": parents.queue["url"], "policy": allow("sns.amazonaws.com")},
        {"policy": allow("events.amazonaws.com")},
        {"queueUrl": "other"},
    )


def redrive_allow_policy(parents: Parents) -> Example:
    return Example(
        {"queueUrl": parents.queue["url"], "redriveAllowPolicy": json.dumps({"redrivePermission": "denyAll"})},
        {"redriveAllowPolicy": json.dumps({"redrivePermission": "allowAll"})},
        {"queueUrl": "other"},
    )


def redrive_policy(parents: Parents) -> Example:
    source = parents.made(types.QUEUE, {})[1]
    return Example(
        {"queueUrl": source["url"], "redrivePolicy": redrive(parents, 3)},
        {"redrivePolicy": redrive(parents, 1000)},
        {"queueUrl": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    types.QUEUE: queue,
    types.QUEUE_POLICY: queue_policy,
    types.REDRIVE_ALLOW_POLICY: redrive_allow_policy,
    types.REDRIVE_POLICY: redrive_policy,
}
