"""The permissions of the function: the calls that its code makes, on its own resources."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infrastructure.components.secret import pascal_case
from infrastructure.policy_documents import Document, allow, document

_READ_AND_UPDATE = ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem")


@dataclass(frozen=True, kw_only=True)
class FunctionResources:
    """The ARNs of the resources that the function uses."""

    item_table: pulumi.Output[str]
    session_table: pulumi.Output[str]
    bucket: pulumi.Output[str]
    secrets: Mapping[str, pulumi.Output[str]]
    """By the names in `api.definition.SECRETS`."""
    log_group: str


def permissions(resources: FunctionResources) -> Document:
    """Return the function's policy document."""
    return document(
        # DynamoDB authorizes a transaction by the actions in it.
        allow("Items", [*_READ_AND_UPDATE, "dynamodb:PutItem", "dynamodb:DeleteItem"], [resources.item_table]),
        allow("Sessions", _READ_AND_UPDATE, [resources.session_table]),
        allow(
            "Attachments",
            ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            [pulumi.Output.concat(resources.bucket, f"/{prefix}/*") for prefix in ("attachments", "pending")],
        ),
        *(
            allow(pascal_case(name), ["secretsmanager:GetSecretValue"], [arn])
            for name, arn in resources.secrets.items()
        ),
        allow("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], [f"{resources.log_group}:*"]),
        # X-Ray has no resources for these two actions: AWS accepts them on * only.
        allow("Traces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]),
    )
