"""A DynamoDB table of records by owner."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.settings.groups import DataSettings


@dataclass(frozen=True, kw_only=True)
class TableArgs:
    """Protection and throughput of the table, and whether it has a stream of its changes."""

    data: DataSettings
    protect: bool
    stream: bool = False


@final
class Table(pulumi.ComponentResource):
    """An on-demand table with maximum throughput, encryption, point-in-time recovery and TTL.

    Creates: aws.dynamodb.Table.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    stream_arn: pulumi.Output[str]

    def __init__(self, name: str, args: TableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:data:Table", name, None, opts)
        table = aws.dynamodb.Table(
            f"{name}-table",
            billing_mode="PAY_PER_REQUEST",
            attributes=[{"name": "owner", "type": "S"}, {"name": "record", "type": "S"}],
            hash_key="owner",  # one partition per caller: a query can never cross owners
            range_key="record",
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
