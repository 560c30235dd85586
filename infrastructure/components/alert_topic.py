"""The SNS topics of alarms and budget: one for pages, one for notices."""

import json
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.components.key_policy import key_policy

_PUBLISHERS = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]


@dataclass(frozen=True, kw_only=True)
class AlertTopicArgs:
    """The account, and the e-mail addresses for pages and notices."""

    account_id: str
    email: str
    key_alias: str
    protect: bool
    notices_email: str | None = None
    """The address of a separate topic for notices; without one, everything pages."""


@final
class AlertTopic(pulumi.ComponentResource):
    """Encrypted topics for alarms and budgets of this account only, each with an e-mail subscription.

    Creates: aws.kms.Key, Alias and, once for pages and once for notices, aws.sns.Topic, TopicPolicy, TopicSubscription.
    """

    arn: pulumi.Output[str]
    notices_arn: pulumi.Output[str]

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
        self._key, self._account_id, self._child = key.arn, args.account_id, child
        self.arn = self._topic(name, "", args.email)
        notices = args.notices_email
        self.notices_arn = self._topic(name, "-notices", notices) if notices else self.arn
        self.register_outputs({"arn": self.arn, "notices_arn": self.notices_arn})

    def _topic(self, name: str, suffix: str, email: str) -> pulumi.Output[str]:
        """Create a topic and return its ARN from its policy: AWS rejects a budget until the topic allows it."""
        # With the AWS managed key of SNS every alarm would be lost without an error: CloudWatch may not use it.
        topic = aws.sns.Topic(f"{name}-topic{suffix}", kms_master_key_id=self._key, opts=self._child)
        policy = aws.sns.TopicPolicy(
            f"{name}-topic-policy{suffix}",
            arn=topic.arn,
            policy=pulumi.Output.json_dumps(_topic_policy(topic.arn, self._account_id)),
            opts=self._child,
        )
        aws.sns.TopicSubscription(
            f"{name}-email{suffix}", topic=topic.arn, protocol="email", endpoint=email, opts=self._child
        )
        return policy.arn


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
