"""A secret of the stack in Secrets Manager."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class SecretArgs:
    """The value, marked secret, its description, and how long it can be restored after a deletion."""

    value: pulumi.Output[str]
    description: str
    recovery_days: int
    protect: bool


@final
class Secret(pulumi.ComponentResource):
    """A secret in Secrets Manager; the function gets its ARN, never its value.

    Its type token has the secret's name: cursor-key is items-api:data:CursorKey.

    Creates: aws.secretsmanager.Secret and SecretVersion.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: SecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(f"items-api:data:{pascal_case(name)}", name, None, opts)
        secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            description=args.description,
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


def pascal_case(name: str) -> str:
    """Return `CursorKey` for `cursor-key`."""
    return "".join(word.capitalize() for word in name.split("-"))
