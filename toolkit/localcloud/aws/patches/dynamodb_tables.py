"""Patches of moto's DynamoDB tables: indexes and streams that change in place, and DynamoDB's limits.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
"""

from collections.abc import Callable
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import GlobalSecondaryIndex

from toolkit.localcloud.aws.patches import wrap
from toolkit.private_names import require_private_names
from toolkit.resource_types.quotas import INDEXES_OF_A_TABLE

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.dynamodb.models:DynamoDBBackend.create_table",
    "moto.dynamodb.models:DynamoDBBackend.get_table",
    "moto.dynamodb.models:DynamoDBBackend.update_table",
    "moto.dynamodb.models:DynamoDBBackend.update_table_streams",
    "moto.dynamodb.models.table:GlobalSecondaryIndex.create",
    "moto.dynamodb.models.table:GlobalSecondaryIndex.describe",
    "moto.dynamodb.models.table:GlobalSecondaryIndex.update",
    "moto.dynamodb.models.table:Table.attr",
    "moto.dynamodb.models.table:Table.global_indexes",
    "moto.dynamodb.models.table:Table.indexes",
    "moto.dynamodb.models.table:Table.schema",
    "moto.dynamodb.models.table:Table.set_stream_specification",
    "moto.dynamodb.models.table:Table.stream_specification",
)
ADDED_NAMES = ("moto.dynamodb.models.table:GlobalSecondaryIndex.on_demand_throughput",)
"""The parts that moto lacks."""
_INVALID = "One or more parameter values were invalid: "


def patch_dynamodb_tables() -> None:
    """Apply the patches of this module."""
    index: Any = GlobalSecondaryIndex
    index.on_demand_throughput = None
    index.create = staticmethod(_created(index.create))
    wrap(GlobalSecondaryIndex, "describe", _describe)
    wrap(GlobalSecondaryIndex, "update", _update_index)
    wrap(DynamoDBBackend, "create_table", _create_table)
    wrap(DynamoDBBackend, "update_table", _update_table)
    wrap(DynamoDBBackend, "update_table_streams", _update_streams)


def _created(create: Callable[..., Any]) -> Callable[..., Any]:
    def created(settings: dict[str, Any], keys: list[str]) -> Any:
        """Create an index with its limit of on-demand throughput, which moto drops."""
        index = create(settings, keys)
        index.on_demand_throughput = settings.get("OnDemandThroughput")
        return index

    return created


def _describe(describe: Callable[[Any], dict[str, Any]], index: Any) -> dict[str, Any]:
    limit = index.on_demand_throughput
    return {**describe(index), **({"OnDemandThroughput": limit} if limit else {})}


def _update_index(update: Callable[..., None], index: Any, settings: dict[str, Any]) -> None:
    index.on_demand_throughput = settings.get("OnDemandThroughput", index.on_demand_throughput)
    update(index, settings)


def _create_table(create: Callable[..., Any], backend: Any, name: str, *values: Any, **settings: Any) -> Any:
    _check_count(len(settings.get("global_indexes") or ()))
    return create(backend, name, *values, **settings)


def _check_count(indexes: int) -> None:
    if indexes > INDEXES_OF_A_TABLE:
        raise MockValidationException(
            f"{_INVALID}GlobalSecondaryIndex count exceeds the per-table limit of {INDEXES_OF_A_TABLE}"
        )


def _update_table(update: Callable[..., Any], backend: Any, **settings: Any) -> Any:
    """Reject what DynamoDB rejects; the attributes of a table are those of its keys."""
    table, changes = backend.get_table(settings["name"]), settings["global_index"] or []
    created = [change["Create"] for change in changes if "Create" in change]
    deleted = {change["Delete"]["IndexName"] for change in changes if "Delete" in change}
    if len(created) + len(deleted) > 1:
        raise JsonRESTError(
            "LimitExceededException",
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
        )
    kept = [index for index in table.global_indexes if index.name not in deleted]
    _check_count(len(kept) + len(created))
    schemas = [table.schema, *(index.schema for index in (*table.indexes, *kept))]
    keys = {key["AttributeName"] for schema in (*schemas, *(each["KeySchema"] for each in created)) for key in schema}
    given = settings["attr_definitions"] or table.attr
    missing = sorted(keys - {each["AttributeName"] for each in given})
    if missing:
        raise MockValidationException(
            f"{_INVALID}Some index key attributes are not defined in AttributeDefinitions. Keys: [{', '.join(missing)}]"
        )
    definitions = [each for each in given if each["AttributeName"] in keys]
    return update(backend, **{**settings, "attr_definitions": definitions})


def _update_streams(update: Callable[..., None], backend: Any, table: Any, specification: dict[str, Any]) -> None:
    """Enable a stream again after it was disabled; moto remembers the former one."""
    if table.stream_specification.get("StreamEnabled"):
        update(backend, table, specification)
    else:
        table.set_stream_specification(specification)
