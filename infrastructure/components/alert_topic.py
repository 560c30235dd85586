"""How alarms and the budget reach a person."""

import json
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.components.key_policy import key_policy

_PUBLISHERS = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]


@dataclass(frozen=True, kw_only=True)
class AlertTopicArgs:
    """Whose account it is and who is told."""

    account_id: str
    email: str
    key_alias: str
    protect: bool


@final
class AlertTopic(pulumi.ComponentResource):
    """An encrypted topic that only this account's alarms and budgets may publish to, and its e-mail subscription.

    Creates: aws.kms.Key, Alias, aws.sns.Topic, TopicPolicy, TopicSubscription.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: AlertTopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:operations:AlertTopic", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        key = aws.kms.Key(
            f"{name}-key",
            description="Encrypts alerts",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=json.dumps(key_policy(args.account_id, _use(args.account_id))),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        aws.kms.Alias(f"{name}-key-alias", name=f"alias/{args.key_alias}", target_key_id=key.key_id, opts=child)
        # SNS's own key would drop every alarm without a word: CloudWatch may not use it.
        topic = aws.sns.Topic(f"{name}-topic", kms_master_key_id=key.arn, opts=child)
        policy = aws.sns.TopicPolicy(
            f"{name}-topic-policy",
            arn=topic.arn,
            policy=pulumi.Output.json_dumps(_topic_policy(topic.arn, args.account_id)),
            opts=child,
        )
        aws.sns.TopicSubscription(f"{name}-email", topic=topic.arn, protocol="email", endpoint=args.email, opts=child)
        self.arn = policy.arn  # a budget is refused by a topic that does not admit it yet
        self.register_outputs({"arn": self.arn})


def _use(account_id: str) -> dict[str, object]:
    return {
        "Sid": "PublishersEncrypt",
        "Principal": {"Service": _PUBLISHERS},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
    }


def _topic_policy(topic_arn: pulumi.Output[str], account_id: str) -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "PublishersPublish",
                "Effect": "Allow",
                "Principal": {"Service": _PUBLISHERS},
                "Action": "sns:Publish",
                "Resource": topic_arn,
                "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
            },
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sns:Publish",
                "Resource": topic_arn,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }
