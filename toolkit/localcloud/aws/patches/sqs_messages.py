"""Patches of moto's SQS: readers wait for a FIFO queue's groups, and dead letters are reported."""

import time
from collections.abc import Callable
from typing import Any

from moto.sqs.models import Queue, SQSBackend

from toolkit.localcloud.aws.patches import wrap
from toolkit.localcloud.aws.patches.lambda_invocations import notify
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.sqs.models:Message.approximate_receive_count",
    "moto.sqs.models:Queue._messages_lock",
    "moto.sqs.models:Queue.add_message",
    "moto.sqs.models:SQSBackend.receive_message",
)
LOOK_AGAIN_SECONDS = 0.2
"""How often a reader of a FIFO queue looks whether a group in progress has ended."""


def patch_sqs_messages() -> None:
    """Let readers of a FIFO queue wait; report messages that go to a dead-letter queue."""
    wrap(Queue, "add_message", _add_message)
    wrap(SQSBackend, "receive_message", _receive_message)


def _add_message(add: Callable[..., None], queue: Any, message: Any) -> None:
    add(queue, message)
    if message.approximate_receive_count:  # its own queue received it before
        count = message.approximate_receive_count
        notify("dead-letter", f"✗ A message ({message.id}) went to {queue.name}: it was received {count} times.")


def _receive_message(
    receive: Callable[..., Any], backend: Any, queue_name: str, count: int, wait_seconds: int, *given: Any, **named: Any
) -> Any:
    """Read a FIFO queue again and again: moto reads at the begin of a wait which groups are in progress, and spins."""
    queue = backend.get_queue(queue_name)
    if not queue.fifo_queue:
        return receive(backend, queue_name, count, wait_seconds, *given, **named)
    ends_at = time.monotonic() + int(wait_seconds or 0)
    while not (found := receive(backend, queue_name, count, 0, *given, **named)) and time.monotonic() < ends_at:
        with queue._messages_lock:  # noqa: SLF001 - moto's condition
            queue._messages_lock.wait(LOOK_AGAIN_SECONDS)  # noqa: SLF001 - as above
    return found
