"""Patches of moto's S3 notifications: the complete event, asynchronous invocations, policies, delete markers.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

import itertools
import json
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from moto.awslambda.exceptions import LambdaClientError
from moto.core.exceptions import ServiceException
from moto.s3 import notifications
from moto.s3.models import S3Backend
from moto.sns.models import sns_backends

from toolkit.localcloud.aws.authorization.service_access import service_may
from toolkit.localcloud.aws.background import in_background
from toolkit.localcloud.aws.patches import wrap
from toolkit.localcloud.aws.patches.lambda_invocations import invoke_function, notify
from toolkit.localcloud.aws.service_deliveries import dumped, send_to_queue
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.s3.models:S3Backend._set_delete_marker",
    "moto.s3.notifications:S3NotificationEvent.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT",
    "moto.s3.notifications:_get_s3_event",
    "moto.s3.notifications:_invoke_awslambda",
    "moto.s3.notifications:_send_sns_message",
    "moto.s3.notifications:_send_sqs_message",
    "moto.s3.notifications:send_event",
)
SERVICE = "s3.amazonaws.com"
EVENT_VERSION = "2.1"
_numbers = itertools.count(time.time_ns())


def patch_s3_notifications() -> None:
    """Deliver the complete event to functions, queues and topics whose policy allows it."""
    module: Any = notifications
    wrap(module, "_get_s3_event", _complete_event)
    module._invoke_awslambda = _invoke  # noqa: SLF001 - moto offers no other place
    module._send_sqs_message = _to_queue  # noqa: SLF001 - as above
    module._send_sns_message = _to_topic  # noqa: SLF001 - as above
    wrap(S3Backend, "_set_delete_marker", _set_delete_marker)


def _complete_event(
    create: Callable[..., dict[str, Any]], event_name: str, bucket: Any, key: Any, notification_id: str
) -> dict[str, Any]:
    """Return the event with what moto leaves out; a removed object has neither size nor ETag."""
    event = create(event_name, bucket, key, notification_id)
    for record in event["Records"]:
        record["eventVersion"] = EVENT_VERSION
        record["eventName"] = str(record["eventName"])
        record["userIdentity"] = {"principalId": f"AWS:{bucket.account_id}"}
        record["requestParameters"] = {"sourceIPAddress": "127.0.0.1"}
        record["responseElements"] = {
            "x-amz-request-id": secrets.token_hex(8).upper(),
            "x-amz-id-2": secrets.token_urlsafe(48),
        }
        record["s3"]["bucket"]["ownerIdentity"] = {"principalId": bucket.account_id}
        entry = record["s3"]["object"]
        entry["key"] = quote_plus(key.name, safe="/")  # as forms encode it, but for the slash
        entry["sequencer"] = f"{next(_numbers):018X}"
        if bucket.is_versioned and key.version_id:
            entry["versionId"] = key.version_id
        if record["eventName"].startswith("ObjectRemoved"):
            del entry["size"], entry["eTag"]
    return event


def _invoke(_account_id: str, event: dict[str, Any], function: str, _region: str) -> None:
    bucket = _bucket(event)

    def invoke() -> None:
        try:
            invoke_function(function, dumped(event), "start", source=(SERVICE, bucket))
        except LambdaClientError as error:
            _report(bucket, str(error))

    in_background(invoke)


def _to_queue(account_id: str, event: dict[str, Any], queue_name: str, region: str) -> None:
    queue = f"arn:aws:sqs:{region}:{account_id}:{queue_name}"

    def send() -> None:
        if reason := send_to_queue(SERVICE, _bucket(event), account_id, queue, json.dumps(event)):
            _report(_bucket(event), reason)

    in_background(send)


def _to_topic(account_id: str, event: dict[str, Any], topic: str, region: str) -> None:
    if not service_may(SERVICE, "sns:Publish", topic, _bucket(event), account_id):
        _report(_bucket(event), f"the policy of {topic} does not let {SERVICE} publish")
        return
    try:
        sns_backends[account_id][region].publish(message=json.dumps(event), arn=topic, subject="Amazon S3 Notification")
    except ServiceException as error:
        _report(_bucket(event), str(error))


def _bucket(event: dict[str, Any]) -> str:
    """Return the bucket's ARN, also of a test event."""
    if "Records" in event:
        return str(event["Records"][0]["s3"]["bucket"]["arn"])
    return f"arn:aws:s3:::{event['Bucket']}"


def _report(bucket: str, reason: str) -> None:
    notify("dead-letter", f"✗ An event of the bucket {bucket.rpartition(':')[2]} is lost: {reason}")


def _set_delete_marker(create: Callable[..., Any], backend: Any, bucket_name: str, key_name: str) -> Any:
    """Create the marker, and notify of it; moto does not."""
    marker = create(backend, bucket_name, key_name)
    event = notifications.S3NotificationEvent.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT
    notifications.send_event(backend.account_id, event, backend.get_bucket(bucket_name), _Marker(marker))
    return marker


class _Marker:
    """A delete marker as the event describes it: it has no content."""

    size, etag = 0, ""

    def __init__(self, marker: Any) -> None:
        self.name = marker.name
        self.version_id = marker.version_id
