"""Examples of the resource types of Amazon SNS."""

import json

from tests.support.examples.parents import Example, Maker, Parents, policy
from toolkit.resource_types import sns as types


def topic(parents: Parents) -> Example:
    return Example(
        {"displayName": "Alarms", "kmsMasterKeyId": parents.key, "tags": {"a": "b"}},
        {"displayName": "Loud alarms", "tags": {"a": "c"}},
        {"name": "other"},
    )


def topic_policy(parents: Parents) -> Example:
    def allow(service: str) -> str:
        return policy("sns:Publish", parents.topic, Principal={"Service": service})

    return Example(
        {"arn": parents.topic, "policy": allow("cloudwatch.amazonaws.com")},
        {"policy": allow("budgets.amazonaws.com")},
        {"arn": "other"},
    )


def topic_subscription(parents: Parents) -> Example:
    return Example(
        {
            "topic": parents.topic,
            "protocol": "sqs",
            "endpoint": parents.queue["arn"],
            "rawMessageDelivery": True,
            "redrivePolicy": json.dumps({"deadLetterTargetArn": parents.queue["arn"]}),
        },
        {
            "filterPolicy": json.dumps({"severity": ["high"]}),
            "filterPolicyScope": "MessageBody",
            "rawMessageDelivery": False,
        },
        {"endpoint": "arn:aws:sqs:us-east-1:123456789012:other"},
    )


EXAMPLES: dict[str, Maker] = {
    types.TOPIC: topic,
    types.TOPIC_POLICY: topic_policy,
    types.TOPIC_SUBSCRIPTION: topic_subscription,
}
