"""SQS queues, and their policies that Pulumi has as resources of their own: the id of each is the queue's URL."""

from dataclasses import dataclass
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.shapes import document
from toolkit.resource_types import sqs as types

NUMBERS = {
    "delaySeconds": ("DelaySeconds", 0),
    "kmsDataKeyReusePeriodSeconds": ("KmsDataKeyReusePeriodSeconds", 300),
    "maxMessageSize": ("MaximumMessageSize", 262144),
    "messageRetentionSeconds": ("MessageRetentionPeriod", 345600),
    "receiveWaitTimeSeconds": ("ReceiveMessageWaitTimeSeconds", 0),
    "visibilityTimeoutSeconds": ("VisibilityTimeout", 30),
}
"""AWS's names and defaults: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html"""
FLAGS = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "fifoQueue": "FifoQueue",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
}
DOCUMENTS = {"policy": "Policy", "redriveAllowPolicy": "RedriveAllowPolicy", "redrivePolicy": "RedrivePolicy"}
TEXTS = {
    **DOCUMENTS,
    "deduplicationScope": "DeduplicationScope",
    "fifoThroughputLimit": "FifoThroughputLimit",
    "kmsMasterKeyId": "KmsMasterKeyId",
}
FIFO = ".fifo"


def _attributes(wanted: Properties) -> dict[str, str]:
    """Return attributes in AWS's form, where each value is text; None restores AWS's default."""
    numbers = {
        name: str(default if wanted[key] is None else wanted[key])
        for key, (name, default) in NUMBERS.items()
        if key in wanted
    }
    flags = {FLAGS[key]: str(bool(wanted[key])).lower() for key in FLAGS if key in wanted}
    return {**numbers, **flags, **{TEXTS[key]: document(wanted[key] or "") for key in TEXTS if key in wanted}}


def _properties(attributes: Properties) -> dict[str, Any]:
    """Return attributes of AWS as properties; an empty text is an attribute that is not set."""
    return {
        **{key: int(attributes[name]) for key, (name, _) in NUMBERS.items() if name in attributes},
        **{key: attributes.get(name) == "true" for key, name in FLAGS.items()},
        **{key: attributes[name] for key, name in TEXTS.items() if attributes.get(name)},
    }


class _Queue(Entry):
    def named(self, logical_name: str, inputs: Properties, *how: Any) -> dict[str, Any]:
        """Return the inputs with an automatic name, which ends in .fifo for a FIFO queue."""
        wanted = super().named(logical_name, inputs, *how)
        if wanted.get("fifoQueue") and not inputs.get("name"):
            wanted["name"] = f"{wanted['name']}{FIFO}"
        return wanted

    def request(self, wanted: Properties) -> Properties:
        attributes = _attributes({name: value for name, value in wanted.items() if value is not None})
        # AWS accepts the flag only for a FIFO queue, where it is true.
        kept = {name: value for name, value in attributes.items() if (name, value) != ("FifoQueue", "false")}
        return {**wanted, "attributes": kept}

    def describe(self, aws: Aws, where: Properties) -> dict[str, Any] | None:
        found = _read(self, aws, where["url"])
        return None if found is None else {"url": where["url"], "attributes": found}

    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        arn = found["attributes"]["QueueArn"]
        return {**_properties(found["attributes"]), "arn": arn, "name": arn.rpartition(":")[2]}

    def update(self, aws: Aws, url: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
        _set(aws, url, _attributes({name: wanted.get(name) for name in changed}))

    def tag_target(self, _aws: Aws, _operation: str, url: str, _state: Properties) -> dict[str, Any]:
        return {"QueueUrl": url}


def _read(entry: Entry, aws: Aws, url: str) -> dict[str, str] | None:
    response = found_or_none(entry.call, aws, "get_queue_attributes", {}, QueueUrl=url, AttributeNames=["All"])
    return None if response is None else dict(response["attributes"])


def _set(aws: Aws, url: str, attributes: Properties) -> None:
    aws.client("sqs").set_queue_attributes(QueueUrl=url, Attributes=attributes)


@dataclass(frozen=True, kw_only=True)
class _QueueAttribute(Entry):
    """An attribute of a queue."""

    service: str = "sqs"
    noun: str = "queue_attributes"
    id: str = "{queueUrl}"
    attribute: str

    def create(self, aws: Aws, wanted: Properties) -> str:
        _set(aws, wanted["queueUrl"], {DOCUMENTS[self.attribute]: document(wanted[self.attribute])})
        return str(wanted["queueUrl"])

    def describe(self, aws: Aws, where: Properties) -> dict[str, Any] | None:
        text = (_read(self, aws, where["queueUrl"]) or {}).get(DOCUMENTS[self.attribute])
        return {"queueUrl": where["queueUrl"], self.attribute: text} if text else None

    def update(self, aws: Aws, _url: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
        self.create(aws, wanted)

    def delete(self, aws: Aws, url: str, _outputs: Properties) -> None:
        _set(aws, url, {DOCUMENTS[self.attribute]: ""})


ENTRIES = (
    _Queue(
        type=types.QUEUE,
        service="sqs",
        noun="queue",
        id="{url}",
        names={"QueueName": "name", "QueueUrl": "url"},
        inputs=frozenset(NUMBERS) | frozenset(FLAGS) | frozenset(TEXTS) | {"name", "namePrefix", "tags"},
        outputs=frozenset({"arn", "url"}),
        tag_calls=("tag_queue", "untag_queue", "list_queue_tags"),
    ),
    *(
        _QueueAttribute(
            type=type_,
            attribute=attribute,
            inputs=frozenset({"queueUrl", attribute}),
            required=frozenset({"queueUrl", attribute}),
        )
        for type_, attribute in (
            (types.QUEUE_POLICY, "policy"),
            (types.REDRIVE_ALLOW_POLICY, "redriveAllowPolicy"),
            (types.REDRIVE_POLICY, "redrivePolicy"),
        )
    ),
)
