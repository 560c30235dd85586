"""Patches of moto's SNS: deliveries to functions and queues, with their policies and the subscription's redrive policy.

https://docs.aws.amazon.com/sns/latest/dg/sns-lambda-as-subscriber.html
https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.core.exceptions import ServiceException
from moto.sns.models import Subscription

from toolkit.localcloud.aws.authorization.service_access import service_may
from toolkit.localcloud.aws.background import in_background
from toolkit.localcloud.aws.patches import wrap
from toolkit.localcloud.aws.patches.lambda_invocations import invoke_function, notify
from toolkit.localcloud.aws.service_deliveries import dumped, send_to_queue
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.sns.models:Subscription._filter_policy_matcher",
    "moto.sns.models:Subscription._parse_message_structure",
    "moto.sns.models:Subscription.get_post_data",
    "moto.sns.models:Subscription.publish",
)
SERVICE = "sns.amazonaws.com"
log = logging.getLogger("embedded-aws")


def patch_sns_deliveries() -> None:
    """Deliver to functions as asynchronous invocations, and to queues whose policy allows it."""
    wrap(Subscription, "publish", _publish)


def _publish(publish: Callable[..., None], subscription: Any, message: str, message_id: str, **given: Any) -> None:
    if subscription.protocol not in {"lambda", "sqs"}:
        publish(subscription, message, message_id, **given)
        return
    attributes = given.get("message_attributes")
    matcher = subscription._filter_policy_matcher  # noqa: SLF001 - moto evaluates filters in publish only
    if matcher is not None and not matcher.matches(attributes, message):
        return
    if str(subscription.attributes.get("RawMessageDelivery")).lower() == "false":
        del subscription.attributes["RawMessageDelivery"]  # moto takes the text for true
    deliver = _to_function if subscription.protocol == "lambda" else _to_queue
    in_background(lambda: _deliver(deliver, publish, subscription, message, message_id, given))


def _deliver(
    deliver: Callable[..., str | None],
    publish: Callable[..., None],
    subscription: Any,
    message: str,
    message_id: str,
    given: dict[str, Any],
) -> None:
    reason = deliver(publish, subscription, message, message_id, given)
    if reason is not None:
        _dead_letter(subscription, _notification(subscription, message, message_id, given), reason)


def _to_queue(
    publish: Callable[..., None], subscription: Any, message: str, message_id: str, given: dict[str, Any]
) -> str | None:
    queue, topic = subscription.endpoint, subscription.topic.arn
    if not service_may(SERVICE, "sqs:SendMessage", queue, topic, subscription.account_id):
        return f"the policy of the queue {queue.rpartition(':')[2]} does not let {SERVICE} send for {topic}"
    try:
        publish(subscription, message, message_id, **given)
    except ServiceException as error:
        return str(error)
    return None


def _to_function(
    _publish: Callable[..., None], subscription: Any, message: str, message_id: str, given: dict[str, Any]
) -> str | None:
    sent = _notification(subscription, message, message_id, given)
    notification = {
        "Type": sent["Type"],
        "MessageId": message_id,
        "TopicArn": sent["TopicArn"],
        "Subject": sent.get("Subject"),
        "Message": sent["Message"],
        "Timestamp": sent["Timestamp"],
        "SignatureVersion": sent["SignatureVersion"],
        "Signature": sent["Signature"],
        "SigningCertUrl": sent["SigningCertURL"],
        "UnsubscribeUrl": sent["UnsubscribeURL"],
        "MessageAttributes": given.get("message_attributes") or {},
    }
    record = {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription.arn,
        "Sns": notification,
    }
    try:
        source = (SERVICE, subscription.topic.arn)
        invoke_function(subscription.endpoint, dumped({"Records": [record]}), "start", source=source)
    except LambdaClientError as error:
        return str(error)
    return None


def _notification(subscription: Any, message: str, message_id: str, given: dict[str, Any]) -> dict[str, Any]:
    if given.get("message_structure") == "json":
        message = subscription._parse_message_structure(message, subscription.protocol)  # noqa: SLF001 - as above
    found: dict[str, Any] = subscription.get_post_data(
        message, message_id, given.get("subject"), message_attributes=given.get("message_attributes")
    )
    return found


def _dead_letter(subscription: Any, notification: dict[str, Any], reason: str) -> None:
    """Send what cannot be delivered to the queue of the subscription's redrive policy; without one it is lost."""
    what = f"✗ A message of {subscription.topic.name}"
    policy = subscription.attributes.get("RedrivePolicy")
    if not policy:
        notify("dead-letter", f"{what} is lost: {reason}.")
        return
    queue = str(json.loads(policy)["deadLetterTargetArn"])
    body = json.dumps(notification)
    refused = send_to_queue(SERVICE, subscription.topic.arn, subscription.account_id, queue, body)
    ending = f"is lost: {refused}" if refused else f"went to {queue.rpartition(':')[2]}"
    notify("dead-letter", f"{what} {ending}: {reason}.")
