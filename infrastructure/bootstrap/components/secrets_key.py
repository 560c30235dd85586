"""The KMS key of Pulumi secrets and state."""

import json
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.bootstrap.account import Account
from infrastructure.policy_documents import allow_account, document


@final
class SecretsKey(pulumi.ComponentResource):
    """A key with yearly rotation, and an alias for `pulumi stack init --secrets-provider`.

    Creates: aws.kms.Key, Alias.
    """

    arn: pulumi.Output[str]
    alias: pulumi.Output[str]

    def __init__(self, name: str, args: Account, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:bootstrap:SecretsKey", name, None, opts)
        key = aws.kms.Key(
            f"{name}-key",
            description="Encrypts the secrets and the states of Pulumi stacks",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=json.dumps(document(allow_account("AccountDecides", args.id))),
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        alias = aws.kms.Alias(
            f"{name}-alias",
            name=f"alias/{args.prefix}-secrets",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        self.arn, self.alias = key.arn, alias.name
        self.register_outputs({"arn": self.arn, "alias": self.alias})
