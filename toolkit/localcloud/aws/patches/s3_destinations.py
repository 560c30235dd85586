"""Patches of moto's S3 notifications: what S3 checks when they are set.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
"""

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.models import S3Backend

from toolkit.localcloud.aws.authorization.service_access import service_may
from toolkit.localcloud.aws.patches import wrap
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names("moto", "moto.s3.models:S3Backend.put_bucket_notification_configuration")
SERVICE = "s3.amazonaws.com"
ACTIONS = {"CloudFunction": "lambda:InvokeFunction", "Queue": "sqs:SendMessage", "Topic": "sns:Publish"}


def patch_s3_destinations() -> None:
    """Reject notifications to a target that S3 may not use, and those that overlap."""
    wrap(S3Backend, "put_bucket_notification_configuration", _put)


def _put(put: Callable[..., None], backend: Any, bucket_name: str, notification_config: Mapping[str, Any]) -> None:
    source = f"arn:aws:s3:::{bucket_name}"
    listed = {kind: notification_config.get(f"{kind}Configuration") or [] for kind in ACTIONS}
    for kind, action in ACTIONS.items():
        for each in listed[kind]:
            if not service_may(SERVICE, action, str(each[kind]), source, backend.account_id):
                raise S3ClientError("InvalidArgument", "Unable to validate the following destination configurations")
    for one, other in combinations([each for targets in listed.values() for each in targets], 2):
        if _overlap(one, other):
            raise S3ClientError(
                "InvalidArgument",
                "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes"
                " are overlapping for the same event type.",
            )
    put(backend, bucket_name, notification_config)


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    prefixes, suffixes = ([_rule(each, name) for each in (one, other)] for name in ("prefix", "suffix"))
    return (
        any(_same_event(event, other_event) for event in one["Event"] for other_event in other["Event"])
        and (prefixes[0].startswith(prefixes[1]) or prefixes[1].startswith(prefixes[0]))
        and (suffixes[0].endswith(suffixes[1]) or suffixes[1].endswith(suffixes[0]))
    )


def _same_event(one: str, other: str) -> bool:
    """Return whether two names cover a common event: s3:ObjectCreated:* covers s3:ObjectCreated:Put."""
    kinds = {one.rpartition(":")[0], other.rpartition(":")[0]}
    return one == other or (len(kinds) == 1 and "*" in {one[-1], other[-1]})


def _rule(notification: Mapping[str, Any], name: str) -> str:
    rules = ((notification.get("Filter") or {}).get("S3Key") or {}).get("FilterRule") or []
    return next((str(rule["Value"]) for rule in rules if rule["Name"] == name), "")
