"""An SNS topic of messages for functions."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.policy_documents import allow, document, tls_only


@final
class EventTopic(pulumi.ComponentResource):
    """A topic, encrypted with the key of SNS, to which the account's roles publish.

    Creates: aws.sns.Topic, TopicPolicy.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, account_id: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:events:EventTopic", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        topic = aws.sns.Topic(f"{name}-topic", kms_master_key_id="alias/aws/sns", opts=child)
        aws.sns.TopicPolicy(
            f"{name}-topic-policy",
            arn=topic.arn,
            policy=pulumi.Output.json_dumps(
                document(
                    {
                        **allow("AccountPublishes", ["sns:Publish"], [topic.arn]),
                        "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
                    },
                    tls_only("sns:Publish", topic.arn),
                )
            ),
            opts=child,
        )
        self.arn = topic.arn
        self.register_outputs({"arn": self.arn})


@dataclass(frozen=True, kw_only=True)
class TopicSubscriptionArgs:
    """The topic, the alias of the function, and the queue for what SNS fails to deliver."""

    topic_arn: pulumi.Output[str]
    function_name: pulumi.Output[str]
    alias: pulumi.Output[str]
    alias_arn: pulumi.Output[str]
    dead_letters_arn: pulumi.Output[str]


@final
class TopicSubscription(pulumi.ComponentResource):
    """The delivery of each message of a topic to a function.

    Creates: aws.lambda_.Permission, aws.sns.TopicSubscription.
    """

    def __init__(self, name: str, args: TopicSubscriptionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:events:TopicSubscription", name, None, opts)
        permission = aws.lambda_.Permission(
            f"{name}-permission",
            action="lambda:InvokeFunction",
            function=args.function_name,
            qualifier=args.alias,
            principal="sns.amazonaws.com",
            source_arn=args.topic_arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.sns.TopicSubscription(
            f"{name}-subscription",
            topic=args.topic_arn,
            protocol="lambda",
            endpoint=args.alias_arn,
            redrive_policy=pulumi.Output.json_dumps({"deadLetterTargetArn": args.dead_letters_arn}),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permission]),
        )
        self.register_outputs({})
