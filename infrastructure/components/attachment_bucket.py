"""The bucket of attachments, which callers reach by presigned URLs only."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.components.bucket_controls import add_bucket_controls, replaced_objects_rule
from infrastructure.policy_documents import document, tls_only
from infrastructure.settings.groups import DataSettings

_UNCONFIRMED_UPLOADS_RULE: "aws.s3.BucketLifecycleConfigurationRuleArgsDict" = {
    # If both rules apply to an old version, S3 uses the shorter time.
    "id": "expire-uploads-that-no-request-confirmed",
    "status": "Enabled",
    "filter": {"prefix": "pending/"},
    "expiration": {"days": 7},
    "noncurrent_version_expiration": {"noncurrent_days": 1},
}


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
        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            force_destroy=args.disposable,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        add_bucket_controls(
            name,
            bucket,
            self,
            policy=pulumi.Output.json_dumps(
                document(tls_only("s3:*", bucket.arn, pulumi.Output.concat(bucket.arn, "/*")))
            ),
            encryption={"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}},
            lifecycle_rules=[replaced_objects_rule(args.data.old_attachment_days), _UNCONFIRMED_UPLOADS_RULE],
        )
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
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.name, self.arn = bucket.bucket, bucket.arn
        self.register_outputs({"name": self.name, "arn": self.arn})
