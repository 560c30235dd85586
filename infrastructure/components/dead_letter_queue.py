"""The queue of the events that a function failed to process."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.policy_documents import allow_service, document, tls_only

RETENTION_SECONDS = 14 * 24 * 3600
"""The longest that SQS keeps a message: an engineer has two weeks to find the cause.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html (read 2026-11-30)
"""


@dataclass(frozen=True, kw_only=True)
class DeadLetterQueueArgs:
    """The account whose topics may send what they fail to deliver."""

    account_id: str
    protect: bool


@final
class DeadLetterQueue(pulumi.ComponentResource):
    """An encrypted queue that keeps failed events for 14 days.

    Creates: aws.sqs.Queue, QueuePolicy.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, args: DeadLetterQueueArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:events:DeadLetterQueue", name, None, opts)
        queue = aws.sqs.Queue(
            f"{name}-dead-letters",
            message_retention_seconds=RETENTION_SECONDS,
            sqs_managed_sse_enabled=True,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        own_account = {"StringEquals": {"aws:SourceAccount": args.account_id}}
        aws.sqs.QueuePolicy(
            f"{name}-dead-letters-policy",
            queue_url=queue.url,
            policy=pulumi.Output.json_dumps(
                document(
                    allow_service("TopicsSend", "sns.amazonaws.com", ["sqs:SendMessage"], [queue.arn], own_account),
                    tls_only("sqs:*", queue.arn),
                )
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name, self.arn = queue.name, queue.arn
        self.register_outputs({"name": self.name, "arn": self.arn})
