"""The KMS key of the log groups of one region."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.policy_documents import Document, allow_account, allow_logs, document


@dataclass(frozen=True, kw_only=True)
class LogKeyArgs:
    """The account, and the names of the log groups, which may end in *; they are in the region of the key."""

    account_id: str
    region: str
    alias: str
    log_groups: Sequence[str]
    protect: bool


@final
class LogKey(pulumi.ComponentResource):
    """A key that CloudWatch Logs may use for these log groups only.

    Creates: aws.kms.Key, Alias.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: LogKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:operations:LogKey", name, None, opts)
        key = aws.kms.Key(
            f"{name}-key",
            description="Encrypts logs",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=json.dumps(_policy(args)),
            region=args.region,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        aws.kms.Alias(
            f"{name}-key-alias",
            name=f"alias/{args.alias}",
            target_key_id=key.key_id,
            region=args.region,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})


def _policy(args: LogKeyArgs) -> Document:
    groups = [f"arn:aws:logs:{args.region}:{args.account_id}:log-group:{name}" for name in args.log_groups]
    return document(
        allow_account("AccountAdministers", args.account_id),
        allow_logs(args.region, groups),
    )
