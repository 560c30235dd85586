"""Messages that one service of the embedded AWS sends to another, where the receiver's policy allows it."""

import json
from collections.abc import Mapping
from typing import Any

from moto.sqs.models import sqs_backends

from toolkit.localcloud.aws.authorization.service_access import service_may


def send_to_queue(service: str, source_arn: str, account_id: str, queue_arn: str, body: str) -> str | None:
    """Send a message to a queue, as a service does. Return why it cannot be sent, None where it was."""
    queues = sqs_backends[account_id][queue_arn.split(":")[3]]
    name = queue_arn.rpartition(":")[2]
    if name not in queues.queues:
        return f"the queue {name} does not exist"
    if not service_may(service, "sqs:SendMessage", queue_arn, source_arn, account_id):
        return f"the policy of the queue {name} does not let {service} send for {source_arn}"
    queues.send_message(name, body)
    return None


def dumped(event: Mapping[str, Any]) -> bytes:
    """Return an event as the JSON of an invocation's payload."""
    return json.dumps(event, default=str).encode()
