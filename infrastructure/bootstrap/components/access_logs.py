"""S3 server access logs of the bootstrap buckets."""

from typing import final

import pulumi

from infrastructure.bootstrap.account import Account
from infrastructure.bootstrap.components.private_bucket import PrivateBucket, PrivateBucketArgs
from infrastructure.policy_documents import allow_service

_ONE_YEAR = 365


@final
class AccessLogs(pulumi.ComponentResource):
    """A bucket for the access logs of the other buckets, kept for a year.

    Creates: PrivateBucket.
    """

    bucket: pulumi.Output[str]

    def __init__(self, name: str, args: Account, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:bootstrap:AccessLogs", name, None, opts)
        bucket_name = args.bucket("logs")
        bucket = PrivateBucket(
            name,
            PrivateBucketArgs(  # encrypted with SSE-S3: S3 delivers access logs with no other key
                bucket_name=bucket_name,
                statements=[
                    allow_service(
                        "S3Writes",
                        "logging.s3.amazonaws.com",
                        ["s3:PutObject"],
                        [f"arn:aws:s3:::{bucket_name}/*"],
                        {
                            "StringEquals": {"aws:SourceAccount": args.id},
                            "ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{args.prefix}-*"},
                        },
                    )
                ],
                old_version_days=30,
                expire_days=_ONE_YEAR,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.bucket = bucket.policy.bucket  # available when S3 may write
        self.register_outputs({"bucket": self.bucket})
