"""The invocations of functions for new objects of a bucket."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class UploadTarget:
    """The alias of the function that is invoked for new objects below a prefix."""

    function_name: pulumi.Output[str]
    alias: pulumi.Output[str]
    alias_arn: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class UploadEventsArgs:
    """The bucket, and its targets by prefix: a bucket has one configuration of notifications."""

    account_id: str
    bucket_name: pulumi.Output[str]
    bucket_arn: pulumi.Output[str]
    targets: Mapping[str, UploadTarget]


@final
class UploadEvents(pulumi.ComponentResource):
    """The notifications of a bucket.

    Creates: aws.lambda_.Permission for each prefix, and one aws.s3.BucketNotification.
    """

    def __init__(self, name: str, args: UploadEventsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:events:UploadEvents", name, None, opts)
        permissions = [
            aws.lambda_.Permission(
                f"{name}-{prefix.replace('/', '-')}-uploads-permission",
                action="lambda:InvokeFunction",
                function=target.function_name,
                qualifier=target.alias,
                principal="s3.amazonaws.com",
                source_arn=args.bucket_arn,
                source_account=args.account_id,  # the ARN of a bucket does not hold its account
                opts=pulumi.ResourceOptions(parent=self),
            )
            for prefix, target in args.targets.items()
        ]
        aws.s3.BucketNotification(
            f"{name}-notifications",
            bucket=args.bucket_name,
            lambda_functions=[
                {
                    "lambda_function_arn": target.alias_arn,
                    "events": ["s3:ObjectCreated:*"],
                    "filter_prefix": f"{prefix}/",
                }
                for prefix, target in args.targets.items()
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=permissions),
        )
        self.register_outputs({})
