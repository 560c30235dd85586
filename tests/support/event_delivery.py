"""A Lambda runtime with the delivery of events, and the small resources of its tests."""

import asyncio
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.functions import DeployedFunction, deploy
from tests.support.scenarios import wait_until
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.events.delivery import EventDelivery
from toolkit.localcloud.runtime import LambdaRuntime

MARK = "EVENT "
PRINTER = """
import json
def handler(event, context):
    print("EVENT " + json.dumps({"request": context.aws_request_id, "event": event}))
    text = json.dumps(event)
    if "raise" in text: raise ValueError("bad value")
    if "answer " in text: return json.loads(text.split("answer ")[1].split(" end")[0].replace("'", '"'))
    failing = [record["messageId"] for record in event.get("Records", []) if "fail" in record.get("body", "")]
    return {"batchItemFailures": [{"itemIdentifier": name} for name in failing]}
"""
"""A function that prints its event; the text of the event decides what it returns."""
VISIBLE_AFTER = 2
"""The timeout of workers and the visibility timeout of their queues, in seconds."""
STREAM_ACTIONS = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
QUEUE_ACTIONS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]


@dataclass(frozen=True)
class Delivered:
    """What the functions of one runtime printed, and how to make resources for them."""

    connection: AwsConnection
    log: Path

    def invocations(self, word: str = "") -> list[dict[str, Any]]:
        """The request id and the event of each invocation, of those whose event contains a word."""
        lines = [line for line in self.log.read_text().splitlines() if line.startswith(MARK)]
        return [json.loads(line.removeprefix(MARK)) for line in lines if word in line]

    def events(self, word: str = "") -> list[Any]:
        """The events that contain a word."""
        return [each["event"] for each in self.invocations(word)]

    def wait_for(self, word: str, count: int = 1) -> list[Any]:
        """The events that contain a word, once there are as many."""
        wait_until(lambda: len(self.events(word)) >= count)
        return self.events(word)


@contextmanager
def delivering(connection: AwsConnection, folder: Path) -> Iterator[Delivered]:
    """Run functions and deliver their events, in a thread of its own."""
    started = threading.Event()
    ending: list[Any] = []

    async def main() -> None:
        end = asyncio.Event()
        ending.append((asyncio.get_running_loop(), end))
        runtime = LambdaRuntime(connection, folder / "function.log")
        events = EventDelivery(connection, runtime)
        await runtime.connect(events)
        started.set()
        await end.wait()
        await events.close()
        await runtime.close()

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    assert started.wait(30)
    try:
        yield Delivered(connection, folder / "function.log")
    finally:
        loop, end = ending[0]
        loop.call_soon_threadsafe(end.set)
        thread.join(30)


def queue(connection: AwsConnection, suffix: str = "", **attributes: Any) -> str:
    """The ARN of a new queue."""
    name = f"queue-{uuid.uuid4().hex[:12]}{suffix}"
    connection.client("sqs").create_queue(
        QueueName=name, Attributes={key: str(value) for key, value in attributes.items()}
    )
    return f"arn:aws:sqs:{connection.region}:123456789012:{name}"


def url(connection: AwsConnection, queue_arn: str) -> str:
    """The URL of a queue."""
    return f"{connection.endpoint_url}/123456789012/{queue_arn.rpartition(':')[2]}"


def put(connection: AwsConnection, queue_arn: str, body: str, **given: Any) -> str:
    """The id of a message that is sent to a queue."""
    sent = connection.client("sqs").send_message(QueueUrl=url(connection, queue_arn), MessageBody=body, **given)
    return str(sent["MessageId"])


def received(connection: AwsConnection, queue_arn: str) -> list[dict[str, Any]]:
    """The messages of a queue, once there are some."""
    found: list[dict[str, Any]] = []
    address = url(connection, queue_arn)

    def receive() -> bool:
        response = connection.client("sqs").receive_message(
            QueueUrl=address, MaxNumberOfMessages=10, MessageAttributeNames=["All"], AttributeNames=["All"]
        )
        found.extend(response.get("Messages", []))
        return bool(found)

    wait_until(receive)
    return found


def count(connection: AwsConnection, queue_arn: str) -> int:
    """The messages that a queue has, visible or not."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = connection.client("sqs").get_queue_attributes(QueueUrl=url(connection, queue_arn), AttributeNames=names)
    return sum(int(found["Attributes"][name]) for name in names)


def printer(connection: AwsConnection, *statements: dict[str, Any], **settings: Any) -> DeployedFunction:
    """A function that prints its events."""
    return deploy(connection, PRINTER, statements=list(statements), **settings)


def forbid(function: DeployedFunction) -> None:
    """Take the permissions of a function's role away."""
    function.connection.client("iam").delete_role_policy(RoleName=function.name, PolicyName="own")


def allow(resource: str, *actions: str) -> dict[str, Any]:
    """A statement that allows actions on a resource."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def worker(connection: AwsConnection, queue_arn: str, **mapping: Any) -> DeployedFunction:
    """A function that may read a queue, with a mapping."""
    function = printer(connection, allow(queue_arn, *QUEUE_ACTIONS), Timeout=VISIBLE_AFTER)
    map_source(connection, function, queue_arn, **mapping)
    return function


def map_source(connection: AwsConnection, function: DeployedFunction, source: str, **mapping: Any) -> str:
    """The id of a new mapping of a source to the function's alias."""
    client = connection.client("lambda")
    return str(client.create_event_source_mapping(FunctionName=function.live, EventSourceArn=source, **mapping)["UUID"])


class Table:
    """A table with a stream."""

    def __init__(self, cloud: AwsConnection, view: str = "NEW_AND_OLD_IMAGES") -> None:
        self._client = cloud.client("dynamodb")
        self.name = f"table-{uuid.uuid4().hex[:12]}"
        table = self._client.create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "key", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": view},
        )
        self.stream: str = table["TableDescription"]["LatestStreamArn"]

    def put(self, key: str, text: str = "text") -> None:
        self._client.put_item(TableName=self.name, Item={"key": {"S": key}, "text": {"S": text}, "raw": {"B": b"raw"}})

    def delete(self, key: str) -> None:
        self._client.delete_item(TableName=self.name, Key={"key": {"S": key}})
