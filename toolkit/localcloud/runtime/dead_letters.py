"""Messages to dead-letter queues and destinations, sent with the role that AWS requires, and reported."""

import asyncio
import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.localcloud.connection import AwsConnection

log = logging.getLogger("toolkit.localcloud")


def queue_url(connection: AwsConnection, arn: str) -> str:
    """Return the URL of a queue of the embedded AWS."""
    _, _, _, _, account_id, name = arn.split(":")
    return f"{connection.endpoint_url}/{account_id}/{name}"


def timestamp(seconds: float | None = None) -> str:
    """Return a time in UTC (default: now) as AWS writes it in the envelope of a destination."""
    time = datetime.now(UTC) if seconds is None else datetime.fromtimestamp(seconds, UTC)
    return time.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


async def send(connection: AwsConnection, target: str, body: str, attributes: Mapping[str, str] | None = None) -> bool:
    """Send a body to a queue, a topic or a function (ARN) with a role's connection. Return whether it arrived.

    Attributes of digits are numbers.
    """
    try:
        await asyncio.to_thread(_send, connection, target, body, attributes or {})
    except (ClientError, BotoCoreError, ValueError) as error:
        log.warning("✗ %s did not get the event: %s", target, error)
        return False
    return True


def report(what: str, target: str, reason: str) -> None:
    """Print that an event went to a dead-letter queue."""
    log.warning("✗ %s went to %s: %s", what, target.rpartition(":")[2], reason[:200])


def _send(connection: AwsConnection, target: str, body: str, attributes: Mapping[str, str]) -> None:
    service = target.split(":")[2]
    typed = {
        name: {"DataType": "Number" if value.isdigit() else "String", "StringValue": value}
        for name, value in attributes.items()
    }
    if service == "sqs":
        url = queue_url(connection, target)
        connection.client("sqs").send_message(QueueUrl=url, MessageBody=body, MessageAttributes=typed)
    elif service == "sns":
        connection.client("sns").publish(TopicArn=target, Message=body, MessageAttributes=typed)
    elif service == "lambda":
        connection.client("lambda").invoke(FunctionName=target, InvocationType="Event", Payload=body.encode())
    else:
        raise ValueError(f"The local stack sends to queues, topics and functions, not to {service}")


def json_or_text(payload: bytes) -> object:
    """Return the payload of an invocation as JSON, or as text where it is none."""
    try:
        return json.loads(payload or b"null")
    except ValueError:
        return payload.decode("utf-8", "replace")
