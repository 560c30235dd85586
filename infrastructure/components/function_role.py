"""The permissions of the function: the calls that its code makes, on its own resources."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from api.definition import BUCKETS, TABLES, Table
from infrastructure.components.secret import pascal_case
from infrastructure.policy_documents import Document, allow, document


@dataclass(frozen=True, kw_only=True)
class FunctionResources:
    """The ARNs of the resources that the function uses, by their names in `api.definition`."""

    tables: Mapping[str, pulumi.Output[str]]
    buckets: Mapping[str, pulumi.Output[str]]
    secrets: Mapping[str, pulumi.Output[str]]
    log_group: str


def permissions(resources: FunctionResources) -> Document:
    """Return the function's policy document."""
    return document(
        *(
            allow(pascal_case(table.name), table.actions, with_indexes(table, resources.tables[table.name]))
            for table in TABLES
        ),
        *(
            allow(
                pascal_case(bucket.name),
                bucket.actions,
                [pulumi.Output.concat(resources.buckets[bucket.name], f"/{prefix}/*") for prefix in bucket.prefixes],
            )
            for bucket in BUCKETS
        ),
        *(
            allow(pascal_case(name), ["secretsmanager:GetSecretValue"], [arn])
            for name, arn in resources.secrets.items()
        ),
        allow("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], [f"{resources.log_group}:*"]),
        # X-Ray has no resources for these two actions: AWS accepts them on * only.
        allow("Traces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]),
    )


def with_indexes(table: Table, arn: pulumi.Output[str]) -> list[pulumi.Output[str]]:
    """Return the ARNs of a table and of its indexes."""
    return [arn, *([pulumi.Output.concat(arn, "/index/*")] if table.indexes else [])]
