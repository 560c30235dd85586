"""An SQS queue of messages for a function."""

import json
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.policy_documents import document, tls_only

_TIMEOUTS = 6
"""The visibility timeout is six times that of the function, so that throttled batches are retried in peace.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (read 2026-11-30)
"""
_RETENTION_SECONDS = 4 * 24 * 3600


@dataclass(frozen=True, kw_only=True)
class QueueArgs:
    """The timeout of the function, the deliveries of a message, and the queue for what it fails to process."""

    function_timeout_seconds: int
    attempts: int
    dead_letters_arn: pulumi.Output[str]
    protect: bool


@final
class Queue(pulumi.ComponentResource):
    """An encrypted queue; a message that fails several times goes to the dead-letter queue.

    Creates: aws.sqs.Queue, QueuePolicy.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    url: pulumi.Output[str]

    def __init__(self, name: str, args: QueueArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:events:Queue", name, None, opts)
        redrive = {"deadLetterTargetArn": args.dead_letters_arn, "maxReceiveCount": args.attempts}
        queue = aws.sqs.Queue(
            f"{name}-queue",
            visibility_timeout_seconds=_TIMEOUTS * args.function_timeout_seconds,
            message_retention_seconds=_RETENTION_SECONDS,
            redrive_policy=pulumi.Output.json_dumps(redrive),
            # A queue without this policy takes dead letters of any queue of the account.
            redrive_allow_policy=json.dumps({"redrivePermission": "denyAll"}),
            sqs_managed_sse_enabled=True,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        aws.sqs.QueuePolicy(
            f"{name}-queue-policy",
            queue_url=queue.url,
            policy=pulumi.Output.json_dumps(document(tls_only("sqs:*", queue.arn))),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name, self.arn, self.url = queue.name, queue.arn, queue.url
        self.register_outputs({"name": self.name, "arn": self.arn, "url": self.url})
