"""Patches of moto's DynamoDB streams: a runtime is notified of new records, and records have the table's region."""

from collections.abc import Callable
from typing import Any

from moto.dynamodb.models.table import StreamShard

from toolkit.localcloud.aws.patches import wrap
from toolkit.localcloud.aws.patches.lambda_invocations import notify
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.dynamodb.models.table:StreamRecord.record",
    "moto.dynamodb.models.table:StreamShard.add",
    "moto.dynamodb.models.table:StreamShard.items",
)


def patch_dynamodb_streams() -> None:
    """Notify runtimes of records."""
    wrap(StreamShard, "add", _add)


def _add(add: Callable[..., None], shard: Any, old: Any, new: Any) -> None:
    if old is not None and new is not None and old.to_json() == new.to_json():
        return  # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html: no data was changed
    add(shard, old, new)
    table = shard.table
    shard.items[-1].record["awsRegion"] = table.region_name
    notify("records", f"{table.table_arn}/stream/{table.latest_stream_label}")
