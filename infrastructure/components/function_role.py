"""What the function may do on AWS: the calls that its code makes, on its own resources, and no others."""

from dataclasses import dataclass

import pulumi

_READ_AND_UPDATE = ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem")


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The ARNs of what the function works with."""

    item_table: pulumi.Output[str]
    session_table: pulumi.Output[str]
    bucket: pulumi.Output[str]
    secret: pulumi.Output[str]
    log_group: str


def trust_policy() -> dict[str, object]:
    """Lambda alone may take the role."""
    return _document({"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"})


def permissions(reach: Reach) -> dict[str, object]:
    """The function's policy document."""
    return _document(
        # A transaction is authorised as the single actions that it is made of.
        _allow("Items", [*_READ_AND_UPDATE, "dynamodb:PutItem", "dynamodb:DeleteItem"], reach.item_table),
        _allow("Sessions", list(_READ_AND_UPDATE), reach.session_table),
        _allow(
            "Attachments",
            ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            [pulumi.Output.concat(reach.bucket, f"/{prefix}/*") for prefix in ("attachments", "pending")],
        ),
        _allow("CursorKey", ["secretsmanager:GetSecretValue"], reach.secret),
        _allow("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], f"{reach.log_group}:*"),
        # X-Ray knows no resources: AWS accepts these two on * only.
        _allow("Traces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
    )


def _allow(sid: str, actions: list[str], resource: object) -> dict[str, object]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}


def _document(*statements: dict[str, object]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}
