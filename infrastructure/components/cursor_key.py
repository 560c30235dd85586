"""The secret that signs the cursors of paged lists."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class CursorKeyArgs:
    """The key, marked secret, and how long it can be brought back after a deletion."""

    value: pulumi.Output[str]
    recovery_days: int
    protect: bool


@final
class CursorKey(pulumi.ComponentResource):
    """Keeps the key in Secrets Manager; the function is handed its ARN, never the key.

    Creates: aws.secretsmanager.Secret and SecretVersion.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: CursorKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:data:CursorKey", name, None, opts)
        secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            description="Signs the cursors of paged lists",
            recovery_window_in_days=args.recovery_days,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        aws.secretsmanager.SecretVersion(
            f"{name}-value",
            secret_id=secret.id,
            secret_string=args.value,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = secret.arn
        self.register_outputs({"arn": self.arn})
