"""The messages that the API sends to its queues and topics, as JSON."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from api.aws import AwsClients
from api.telemetry import logger


class Queue:
    """An SQS queue, whose function gets the messages in batches and perhaps more than once."""

    def __init__(self, aws: AwsClients, url: str) -> None:
        self._aws, self._url = aws, url

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message; SQS has stored it when this returns."""
        self._aws.sqs.send_message(QueueUrl=self._url, MessageBody=json.dumps(message))

    def is_reachable(self) -> bool:
        """Return whether the queue exists and may be used; log the reason if not."""
        try:
            self._aws.sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        except (BotoCoreError, ClientError) as error:
            logger.warning("A queue cannot be reached", extra={"queue": self._url, "reason": str(error)})
            return False
        return True


class Topic:
    """An SNS topic, which delivers each message to all its subscribers."""

    def __init__(self, aws: AwsClients, arn: str) -> None:
        self._aws, self._arn = aws, arn

    def publish(self, message: Mapping[str, Any]) -> None:
        """Publish a message."""
        self._aws.sns.publish(TopicArn=self._arn, Message=json.dumps(message))
