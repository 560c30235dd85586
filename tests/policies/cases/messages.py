"""Cases of the rules on SNS topics and SQS queues alike."""

from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.sns import TOPIC, TOPIC_POLICY, TOPIC_SUBSCRIPTION
from toolkit.resource_types.sqs import QUEUE, QUEUE_POLICY

ALARMS = {"Service": "cloudwatch.amazonaws.com"}
SOURCE = {"StringEquals": {"aws:SourceAccount": "333333333333"}}
HTTP = {"Bool": {"aws:SecureTransport": "false"}}


def policy(effect: str, principal: Any, action: str, **more: Any) -> dict[str, Any]:
    return {"policy": {"Statement": [{"Effect": effect, "Principal": principal, "Action": action, **more}]}}


CASES = {
    "sns-encrypted": ResourceCase(
        TOPIC,
        good={"kmsMasterKeyId": "arn:aws:kms:eu-central-1:333333333333:key/0123"},
        bad={"AWS's own": {"kmsMasterKeyId": "alias/aws/sns"}, "none": {"name": "alerts"}},
        absent="fail",
    ),
    "messages-policy-not-public": ResourceCase(
        TOPIC_POLICY,
        good=policy("Allow", ALARMS, "sns:Publish", Condition=SOURCE),
        bad={
            "everybody": policy("Allow", "*", "sns:Publish"),
            "everybody, to a queue": Subject(QUEUE_POLICY, policy("Allow", {"AWS": "*"}, "sqs:SendMessage")),
            "everybody, in the topic's own": Subject(TOPIC, policy("Allow", "*", "sns:Publish")),
            "anybody's alarms": policy("Allow", ALARMS, "sns:Publish"),
            "all but": policy("Allow", ALARMS, "sns:Publish", Condition=SOURCE, NotResource="arn:aws:sns:a"),
        },
        absent="pass",
        also_good={"the owner": policy("Allow", "*", "sns:Publish", Condition=SOURCE)},
    ),
    "messages-tls-only": ResourceCase(
        TOPIC_POLICY,
        good=policy("Deny", "*", "sns:Publish", Condition=HTTP),
        bad={
            "nothing denied": policy("Allow", ALARMS, "sns:Publish"),
            "of a queue": Subject(QUEUE_POLICY, policy("Deny", "*", "sns:Publish", Condition=HTTP)),
        },
        absent="fail",
        also_good={"a queue": Subject(QUEUE_POLICY, policy("Deny", "*", "sqs:*", Condition=HTTP))},
    ),
    "sqs-encrypted": ResourceCase(
        QUEUE,
        good={"sqsManagedSseEnabled": True},
        bad={"off": {"sqsManagedSseEnabled": False}},
        absent="pass",
        also_good={"a key": {"sqsManagedSseEnabled": False, "kmsMasterKeyId": "alias/queue"}},
    ),
    "sns-subscription-tls": ResourceCase(
        TOPIC_SUBSCRIPTION,
        good={"protocol": "https", "endpoint": "https://alarms.example.com/"},
        bad={"in clear": {"protocol": "http", "endpoint": "http://alarms.example.com/"}},
        absent="pass",
    ),
}
