"""Who reached into the account's own buckets."""

from dataclasses import dataclass
from typing import final

import pulumi

from infrastructure.bootstrap.account import Account
from infrastructure.bootstrap.components.private_bucket import PrivateBucket, PrivateBucketArgs
from infrastructure.bootstrap.documents import admit

_ONE_YEAR = 365


@dataclass(frozen=True, kw_only=True)
class AccessLogsArgs:
    """The account whose buckets are watched."""

    account: Account


@final
class AccessLogs(pulumi.ComponentResource):
    """A bucket to which S3 writes who reached into the others, for a year.

    Creates: PrivateBucket.
    """

    bucket: pulumi.Output[str]

    def __init__(self, name: str, args: AccessLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:bootstrap:AccessLogs", name, None, opts)
        account, bucket_name = args.account, args.account.bucket("logs")
        bucket = PrivateBucket(
            name,
            PrivateBucketArgs(  # with S3's own key: S3 delivers access logs under no other
                bucket_name=bucket_name,
                statements=[
                    admit(
                        "S3Writes",
                        "logging.s3.amazonaws.com",
                        ["s3:PutObject"],
                        [f"arn:aws:s3:::{bucket_name}/*"],
                        {
                            "StringEquals": {"aws:SourceAccount": account.id},
                            "ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{account.prefix}-*"},
                        },
                    )
                ],
                old_version_days=30,
                expire_days=_ONE_YEAR,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.bucket = bucket.policy.bucket  # nobody is told to write before S3 may
        self.register_outputs({"bucket": self.bucket})
