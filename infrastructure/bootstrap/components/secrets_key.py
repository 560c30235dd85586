"""The KMS key of Pulumi secrets and state."""

import json
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.bootstrap.account import Account
from infrastructure.bootstrap.documents import document


@dataclass(frozen=True, kw_only=True)
class SecretsKeyArgs:
    """The account of the key."""

    account: Account


@final
class SecretsKey(pulumi.ComponentResource):
    """A key with yearly rotation, and an alias for `pulumi stack init --secrets-provider`.

    Creates: aws.kms.Key, Alias.
    """

    arn: pulumi.Output[str]
    alias: pulumi.Output[str]

    def __init__(self, name: str, args: SecretsKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:bootstrap:SecretsKey", name, None, opts)
        key = aws.kms.Key(
            f"{name}-key",
            description="Encrypts the secrets and the states of Pulumi stacks",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=json.dumps(
                document(
                    {
                        "Sid": "AccountDecides",
                        "Effect": "Allow",
                        "Principal": {"AWS": args.account.iam("root")},
                        "Action": "kms:*",
                        "Resource": "*",
                    }
                )
            ),
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        alias = aws.kms.Alias(
            f"{name}-alias",
            name=f"alias/{args.account.prefix}-secrets",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        self.arn, self.alias = key.arn, alias.name
        self.register_outputs({"arn": self.arn, "alias": self.alias})
