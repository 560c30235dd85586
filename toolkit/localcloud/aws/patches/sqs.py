"""Patches of moto's SQS: policies that stay, redrive allow policies, and the limits of attributes.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from moto.sqs.exceptions import InvalidAttributeValue, InvalidParameterValue
from moto.sqs.models import Queue, sqs_backends

from toolkit.localcloud.aws.patches import wrap
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.sqs.models:Queue.BASE_ATTRIBUTES",
    "moto.sqs.models:Queue._set_attributes",
    "moto.sqs.models:Queue.attributes",
    "moto.sqs.models:Queue.fifo_queue",
    "moto.sqs.models:Queue.policy",
    "moto.sqs.models:Queue.queue_arn",
)
ADDED_NAMES = ("moto.sqs.models:Queue.redrive_allow_policy",)
"""The parts that moto lacks."""
RANGES = {
    "DelaySeconds": (0, 900),
    "MessageRetentionPeriod": (60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, 43_200),
}
MAX_RECEIVE_COUNT = 1000


def patch_sqs() -> None:
    """Apply the patches of this module."""
    queue: Any = Queue
    queue.redrive_allow_policy = None
    queue.BASE_ATTRIBUTES = [*queue.BASE_ATTRIBUTES, "RedriveAllowPolicy"]
    wrap(Queue, "_set_attributes", _set_attributes)
    queue.attributes = property(_managed_by(queue.attributes.fget))


def _managed_by(read: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """Return the attributes without those that are not set; a queue with a key of KMS has no key of SQS."""

    def attributes(queue: Any) -> dict[str, Any]:
        found = {name: value for name, value in read(queue).items() if value not in (None, "")}
        return {**found, "SqsManagedSseEnabled": "false"} if "KmsMasterKeyId" in found else found

    return attributes


def _set_attributes(
    change: Callable[..., None], queue: Any, attributes: dict[str, Any], now: float | None = None
) -> None:
    """Reject what SQS rejects; keep the policy that the call does not name."""
    for name, (least, most) in RANGES.items():
        if name in attributes and not least <= int(attributes[name]) <= most:
            raise InvalidAttributeValue(name)
    if attributes.get("RedrivePolicy"):
        _check_redrive(queue, attributes["RedrivePolicy"], str(attributes.get("FifoQueue", queue.fifo_queue)))
    policy = getattr(queue, "policy", None)
    change(queue, {"Policy": policy, **attributes}, now)


def _check_redrive(queue: Any, text: str, fifo: str) -> None:
    try:
        policy: Any = json.loads(text)
        count = int(policy["maxReceiveCount"]) if isinstance(policy, Mapping) else 0
    except (KeyError, TypeError, ValueError):
        return  # moto rejects it
    target = str(policy.get("deadLetterTargetArn"))
    dead_letters: Any = sqs_backends[queue.account_id][queue.region].queues.get(target.rpartition(":")[2])
    if not 1 <= count <= MAX_RECEIVE_COUNT:
        reason = f"Invalid value for maxReceiveCount: {count}, valid values are from 1 to 1000 both inclusive."
    elif dead_letters is None or dead_letters.queue_arn != target:
        reason = "Dead letter target does not exist."
    elif str(dead_letters.fifo_queue).lower() != fifo.lower():
        reason = "Dead-letter queue must be same type of queue as the source."
    elif not _admits(dead_letters.redrive_allow_policy, queue.queue_arn):
        reason = "Dead-letter queue does not allow this queue as a source: see its RedriveAllowPolicy."
    else:
        return
    raise InvalidParameterValue(f"Value {text} for parameter RedrivePolicy is invalid. Reason: {reason}")


def _admits(policy: str | None, source: str) -> bool:
    """Return whether a redrive allow policy admits a source queue; without a policy every queue is one."""
    allowed = json.loads(policy) if policy else {}
    permission = allowed.get("redrivePermission", "allowAll")
    return permission == "allowAll" or (permission == "byQueue" and source in allowed.get("sourceQueueArns", ()))
