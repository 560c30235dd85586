"""A DynamoDB table of records by owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from api.definition import Index
from infrastructure.settings.groups import DataSettings


@dataclass(frozen=True, kw_only=True)
class TableArgs:
    """Protection, throughput and indexes of the table, and whether it has a stream of its changes."""

    data: DataSettings
    protect: bool
    indexes: Sequence[Index] = ()
    stream: bool = False


@final
class Table(pulumi.ComponentResource):
    """An on-demand table with maximum throughput, encryption, point-in-time recovery and TTL.

    Each index has all attributes of its records, and the table's maximum throughput.

    Creates: aws.dynamodb.Table.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    stream_arn: pulumi.Output[str]

    def __init__(self, name: str, args: TableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:data:Table", name, None, opts)
        names = ("owner", "record", *(key for index in args.indexes for key in (index.hash_key, index.range_key)))
        table = aws.dynamodb.Table(
            f"{name}-table",
            billing_mode="PAY_PER_REQUEST",
            attributes=[{"name": key, "type": "S"} for key in dict.fromkeys(names)],
            hash_key="owner",  # one partition per caller: a query can never cross owners
            range_key="record",
            global_secondary_indexes=[_index(each, args.data) for each in args.indexes] or None,
            on_demand_throughput={
                "max_read_request_units": args.data.max_reads_per_second,
                "max_write_request_units": args.data.max_writes_per_second,
            },
            ttl={"attribute_name": "expires_at", "enabled": True},
            point_in_time_recovery={"enabled": args.data.point_in_time_recovery},
            server_side_encryption={"enabled": True},
            deletion_protection_enabled=args.data.deletion_protection,
            stream_enabled=args.stream or None,
            stream_view_type="NEW_AND_OLD_IMAGES" if args.stream else None,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        self.name, self.arn, self.stream_arn = table.name, table.arn, table.stream_arn
        self.register_outputs({"name": self.name, "arn": self.arn})


def _index(index: Index, data: DataSettings) -> aws.dynamodb.TableGlobalSecondaryIndexArgsDict:
    return {
        "name": index.name,
        "hash_key": index.hash_key,
        "range_key": index.range_key,
        "projection_type": "ALL",
        "on_demand_throughput": {
            "max_read_request_units": data.max_reads_per_second,
            "max_write_request_units": data.max_writes_per_second,
        },
    }
