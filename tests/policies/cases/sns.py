"""Cases of the rules on SNS topics and subscriptions."""

import json
from dataclasses import replace
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.budgets import BUDGET
from toolkit.resource_types.cloudwatch import METRIC_ALARM
from toolkit.resource_types.kms import KEY
from toolkit.resource_types.sns import TOPIC, TOPIC_POLICY, TOPIC_SUBSCRIPTION
from toolkit.resource_types.sqs import QUEUE, QUEUE_POLICY

ACCOUNT = "333333333333"
ARN = f"arn:aws:sns:eu-central-1:{ACCOUNT}:alerts"
OTHER = f"arn:aws:sns:eu-central-1:{ACCOUNT}:other"
KEY_ARN = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"
OWN = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
FOREIGN = {"StringEquals": {"aws:SourceAccount": "999999999999"}}
PUBLISHERS = {"Service": ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]}
PLACE = Subject(TOPIC, {"arn": ARN}, "topic")
SEALED = Subject(TOPIC, {"arn": ARN, "kmsMasterKeyId": KEY_ARN}, "topic")


def statement(**changed: Any) -> dict[str, Any]:
    one = {"Effect": "Allow", "Principal": PUBLISHERS, "Action": "sns:Publish", "Resource": ARN, "Condition": OWN}
    return {**one, **changed}


def policy(*statements: dict[str, Any], arn: str = ARN) -> Subject:
    return Subject(TOPIC_POLICY, {"arn": arn, "policy": {"Statement": list(statements)}}, "policy")


def key(*statements: dict[str, Any]) -> Subject:
    return Subject(KEY, {"arn": KEY_ARN, "policy": {"Statement": list(statements)}}, "key")


USES = statement(Action=["kms:Decrypt", "kms:GenerateDataKey*"], Resource="*")
DENIED = {"Effect": "Deny", "Principal": "*", "Action": "sns:*", "Resource": "*"}
TLS = {**DENIED, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
SPEAKS = Subject(METRIC_ALARM, {"alarmActions": [ARN]}, "alarm", dependencies={"alarmActions": ("topic",)})
NOTIFICATION = {"notificationType": "ACTUAL", "threshold": 80, "subscriberSnsTopicArns": [ARN]}
MONTH = Subject(BUDGET, {"notifications": [NOTIFICATION]}, "budget", dependencies={"notifications": ("topic",)})
MAIL = Subject(TOPIC_SUBSCRIPTION, {"topic": ARN, "protocol": "email", "endpoint": "a@example.com"}, "mail")
JOBS = Subject(QUEUE, {"arn": "arn:aws:sqs:eu-central-1:3:jobs"}, "jobs")


def subscription(**changed: Any) -> Subject:
    return replace(MAIL, properties={**MAIL.properties, **changed})


def refused(user: Subject) -> dict[str, tuple[Subject, ...]]:
    """Policies of the topic or its key that do not let the user's service in."""
    return {
        "another service": (PLACE, policy(statement(Principal={"Service": "s3.amazonaws.com"})), user),
        "another topic": (PLACE, policy(statement(Resource=OTHER)), user),
        "another account's": (PLACE, policy(statement(Condition=FOREIGN)), user),
        "another call": (PLACE, policy(statement(Action="sns:Subscribe")), user),
        "denied": (PLACE, policy(statement(), DENIED), user),
        "a key without a grant": (SEALED, policy(statement()), key(), user),
        "a key that only encrypts": (
            SEALED,
            policy(statement()),
            key({**USES, "Action": "kms:GenerateDataKey*"}),
            user,
        ),
        "another account's key": (SEALED, policy(statement()), key({**USES, "Condition": FOREIGN}), user),
        "AWS's own key": (
            replace(PLACE, properties={"arn": ARN, "kmsMasterKeyId": "alias/aws/sns"}),
            policy(statement()),
            user,
        ),
    }


DEAD_ARN = f"arn:aws:sqs:eu-central-1:{ACCOUNT}:dead"
DEAD = Subject(QUEUE, {"arn": DEAD_ARN, "url": "https://sqs.example.com/dead"}, "dead")


def sending(**changed: Any) -> Subject:
    sends = {"Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": DEAD_ARN}
    statements = [statement(**{**sends, **changed})]
    return Subject(
        QUEUE_POLICY, {"queueUrl": "https://sqs.example.com/dead", "policy": {"Statement": statements}}, "sending"
    )


DELIVERS = Subject(
    TOPIC_SUBSCRIPTION,
    {"topic": ARN, "protocol": "lambda", "redrivePolicy": json.dumps({"deadLetterTargetArn": DEAD_ARN})},
    "delivers",
)


def sealed(key_id: str) -> Subject:
    return replace(DEAD, properties={**DEAD.properties, "kmsMasterKeyId": key_id})


CASES = {
    "subscription-failures-kept": StackCase(
        good=(DEAD, sending(), DELIVERS),
        bad={
            "a function without": (Subject(TOPIC_SUBSCRIPTION, {"topic": ARN, "protocol": "lambda"}, "delivers"),),
            "a queue without": (Subject(TOPIC_SUBSCRIPTION, {"topic": ARN, "protocol": "sqs"}, "delivers"),),
            "no policy": (DEAD, DELIVERS),
            "another service": (DEAD, sending(Principal={"Service": "s3.amazonaws.com"}), DELIVERS),
            "another call": (DEAD, sending(Action="sqs:ReceiveMessage"), DELIVERS),
            "another queue": (DEAD, sending(Resource=f"{DEAD_ARN}2"), DELIVERS),
            "another account's": (DEAD, sending(Condition=FOREIGN), DELIVERS),
            "AWS's own key": (sealed("alias/aws/sqs"), sending(), DELIVERS),
            "a key without a grant": (sealed(KEY_ARN), key(), sending(), DELIVERS),
        },
        also_good={
            "a mail": (MAIL,),
            "its own policy": (
                replace(DEAD, properties={**DEAD.properties, **sending().properties}),
                DELIVERS,
            ),
            "a key that SNS may use": (
                sealed(KEY_ARN),
                key({**USES, "Principal": {"Service": "sns.amazonaws.com"}}),
                sending(),
                DELIVERS,
            ),
        },
    ),
    "alarm-may-publish": StackCase(
        good=(SEALED, policy(statement(), TLS), key(USES), SPEAKS),
        bad=refused(SPEAKS),
        also_good={
            "without a policy": (PLACE, SPEAKS),
            "for its ARN": (
                PLACE,
                policy(statement(Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{ACCOUNT}:alarm:*"}})),
                SPEAKS,
            ),
            "by its owner": (
                PLACE,
                policy(statement(Principal="*", Condition={"StringEquals": {"AWS:SourceOwner": ACCOUNT}})),
                SPEAKS,
            ),
        },
    ),
    "budget-may-publish": StackCase(
        good=(SEALED, policy(statement(), TLS), key(USES), MONTH),
        bad={**refused(MONTH), "without a policy": (PLACE, MONTH)},
        also_good={"mail alone": (Subject(BUDGET, {"notifications": [{"threshold": 80}]}, "budget"),)},
    ),
    "topic-takes-messages": StackCase(
        good=(PLACE, policy(statement(), TLS)),
        bad={
            "only denied": (PLACE, policy(TLS)),
            "denied to all": (PLACE, policy(statement(), DENIED)),
            "another topic": (PLACE, policy(statement(Resource=OTHER))),
            "another call": (PLACE, policy(statement(Action="sns:Subscribe"))),
        },
        also_good={"no policy": (PLACE,), "all topics": (PLACE, policy(statement(Resource="*")))},
    ),
    "subscription-ends": StackCase(
        good=(PLACE, MAIL),
        bad={
            "no endpoint": (PLACE, subscription(endpoint="")),
            "no address": (PLACE, subscription(endpoint="a-team")),
            "no ARN": (PLACE, subscription(protocol="lambda", endpoint="worker")),
            "another topic": (PLACE, subscription(topic=OTHER)),
            "a policy of another topic": (PLACE, policy(statement(), arn=OTHER)),
            "another queue": (PLACE, JOBS, subscription(protocol="sqs", endpoint="arn:aws:sqs:eu-central-1:3:other")),
        },
        also_good={
            "a queue": (PLACE, JOBS, subscription(protocol="sqs", endpoint="arn:aws:sqs:eu-central-1:3:jobs")),
            "a page": (PLACE, subscription(protocol="https", endpoint="https://events.example.com/")),
            "another stack's topic": (subscription(topic=OTHER),),
        },
    ),
    "sns-encrypted": ResourceCase(
        TOPIC,
        good={"kmsMasterKeyId": "arn:aws:kms:eu-central-1:333333333333:key/0123"},
        bad={"none": {"name": "alerts"}},
        absent="fail",
        also_good={"AWS's own": {"kmsMasterKeyId": "alias/aws/sns"}},
    ),
    "sns-subscription-tls": ResourceCase(
        TOPIC_SUBSCRIPTION,
        good={"protocol": "https", "endpoint": "https://alarms.example.com/"},
        bad={"in clear": {"protocol": "http", "endpoint": "http://alarms.example.com/"}},
        absent="pass",
    ),
}
