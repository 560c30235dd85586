"""The permissions of the function: the calls that its code makes, on its own resources."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infrastructure.components.secret import pascal_case

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


def trust_policy() -> dict[str, object]:
    """Return the trust policy: only Lambda can assume the role."""
    return _document({"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"})


def permissions(resources: FunctionResources) -> dict[str, object]:
    """Return the function's policy document."""
    return _document(
        # DynamoDB authorizes a transaction by the actions in it.
        _allow("Items", [*_READ_AND_UPDATE, "dynamodb:PutItem", "dynamodb:DeleteItem"], resources.item_table),
        _allow("Sessions", list(_READ_AND_UPDATE), resources.session_table),
        _allow(
            "Attachments",
            ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            [pulumi.Output.concat(resources.bucket, f"/{prefix}/*") for prefix in ("attachments", "pending")],
        ),
        *(_allow(pascal_case(name), ["secretsmanager:GetSecretValue"], arn) for name, arn in resources.secrets.items()),
        _allow("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], f"{resources.log_group}:*"),
        # X-Ray has no resources for these two actions: AWS accepts them on * only.
        _allow("Traces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
    )


def _allow(sid: str, actions: list[str], resource: object) -> dict[str, object]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}


def _document(*statements: dict[str, object]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}
