"""The SNS topics of alarms and budget: one for pages, one for notices."""

import json
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.policy_documents import allow_account, allow_service, document, tls_only

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
        own_account = {"StringEquals": {"aws:SourceAccount": args.account_id}}
        key = aws.kms.Key(
            f"{name}-key",
            description="Encrypts alerts",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=json.dumps(
                document(
                    allow_account("AccountAdministers", args.account_id),
                    allow_service(
                        "PublishersEncrypt",
                        _PUBLISHERS,
                        ["kms:Decrypt", "kms:GenerateDataKey*"],
                        ["*"],
                        own_account,
                    ),
                )
            ),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        aws.kms.Alias(f"{name}-key-alias", name=f"alias/{args.key_alias}", target_key_id=key.key_id, opts=child)
        self._key, self._own_account, self._child = key.arn, own_account, child
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
            policy=pulumi.Output.json_dumps(
                document(
                    allow_service("PublishersPublish", _PUBLISHERS, ["sns:Publish"], [topic.arn], self._own_account),
                    tls_only("sns:Publish", topic.arn),
                )
            ),
            opts=self._child,
        )
        aws.sns.TopicSubscription(
            f"{name}-email{suffix}", topic=topic.arn, protocol="email", endpoint=email, opts=self._child
        )
        return policy.arn
