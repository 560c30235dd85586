"""The bucket of attachments, which callers reach by presigned URLs only."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.settings.groups import DataSettings


@dataclass(frozen=True, kw_only=True)
class AttachmentBucketArgs:
    """Retention and protection of attachments, and the origins of web pages that may upload them."""

    data: DataSettings
    origins: tuple[str, ...]
    protect: bool
    disposable: bool = False
    """Whether the bucket may be deleted with its objects."""


@final
class AttachmentBucket(pulumi.ComponentResource):
    """A private bucket: TLS only, no ACLs, encrypted, versioned, with lifecycle rules.

    Creates: aws.s3.Bucket, BucketPublicAccessBlock, BucketOwnershipControls, BucketPolicy, BucketVersioning,
    BucketServerSideEncryptionConfiguration, BucketLifecycleConfiguration and, with origins, BucketCorsConfiguration.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, args: AttachmentBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:data:AttachmentBucket", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            force_destroy=args.disposable,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        self._block_access(name, bucket, child)
        self._add_versioning(name, bucket, args.data, child)
        if args.origins:
            aws.s3.BucketCorsConfiguration(
                f"{name}-cors",
                bucket=bucket.id,
                cors_rules=[
                    {
                        "allowed_methods": ["GET", "HEAD", "POST"],
                        "allowed_origins": list(args.origins),
                        "allowed_headers": ["*"],
                        "expose_headers": ["ETag"],
                        "max_age_seconds": 3600,
                    }
                ],
                opts=child,
            )
        self.name, self.arn = bucket.bucket, bucket.arn
        self.register_outputs({"name": self.name, "arn": self.arn})

    def _block_access(self, name: str, bucket: aws.s3.Bucket, child: pulumi.ResourceOptions) -> None:
        block = aws.s3.BucketPublicAccessBlock(
            f"{name}-public-access-block",
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        aws.s3.BucketOwnershipControls(
            f"{name}-ownership",
            bucket=bucket.id,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=child,
        )
        aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.id,
            policy=pulumi.Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Sid": "TlsOnly",
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "s3:*",
                            "Resource": [bucket.arn, pulumi.Output.concat(bucket.arn, "/*")],
                            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                        }
                    ],
                }
            ),
            # S3 rejects two concurrent changes of a bucket's access.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[block]),
        )

    def _add_versioning(
        self, name: str, bucket: aws.s3.Bucket, data: DataSettings, child: pulumi.ResourceOptions
    ) -> None:
        versioning = aws.s3.BucketVersioning(
            f"{name}-versioning", bucket=bucket.id, versioning_configuration={"status": "Enabled"}, opts=child
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=bucket.id,
            rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
            opts=child,
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket.id,
            rules=[
                {
                    "id": "forget-what-was-replaced-or-abandoned",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "noncurrent_version_expiration": {"noncurrent_days": data.old_attachment_days},
                    "expiration": {"expired_object_delete_marker": True},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 2},
                },
                {
                    # If both rules apply to an old version, S3 uses the shorter time.
                    "id": "expire-uploads-that-no-request-confirmed",
                    "status": "Enabled",
                    "filter": {"prefix": "pending/"},
                    "expiration": {"days": 7},
                    "noncurrent_version_expiration": {"noncurrent_days": 1},
                },
            ],
            # Rules for old versions need versioning.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
        )
