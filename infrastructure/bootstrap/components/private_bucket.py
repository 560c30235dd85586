"""A private bucket of the account."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.bootstrap.documents import PolicyStatement, document, tls_only


@dataclass(frozen=True, kw_only=True)
class PrivateBucketArgs:
    """Name, KMS key (SSE-S3 without one), additional policy statements, and retention."""

    bucket_name: str
    key_arn: pulumi.Input[str] | None = None
    bucket_key: bool = True
    """Whether to use an S3 Bucket Key, which reduces calls to KMS."""
    statements: Sequence[PolicyStatement] = ()
    old_version_days: int
    expire_days: int | None = None
    """Days until objects expire; without it they do not."""
    access_logs: pulumi.Input[str] | None = None
    """The bucket for access logs."""


@final
class PrivateBucket(pulumi.ComponentResource):
    """A versioned, encrypted, protected bucket without public access, reached over TLS only.

    Creates: aws.s3.Bucket, BucketPublicAccessBlock, BucketOwnershipControls, BucketPolicy, BucketVersioning,
    BucketServerSideEncryptionConfiguration, BucketLifecycleConfiguration and, where accesses are logged, BucketLogging.
    """

    name: pulumi.Output[str]
    policy: aws.s3.BucketPolicy

    def __init__(self, name: str, args: PrivateBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:bootstrap:PrivateBucket", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        bucket = aws.s3.Bucket(
            f"{name}-bucket", bucket=args.bucket_name, opts=pulumi.ResourceOptions(parent=self, protect=True)
        )
        self.policy = self._block_access(name, bucket, args, child)
        self._add_versioning(name, bucket, args, child)
        if args.access_logs is not None:
            aws.s3.BucketLogging(
                f"{name}-logging",
                bucket=bucket.id,
                target_bucket=args.access_logs,
                target_prefix=f"{args.bucket_name}/",
                opts=child,
            )
        self.name = bucket.bucket
        self.register_outputs({"name": self.name})

    def _block_access(
        self, name: str, bucket: aws.s3.Bucket, args: PrivateBucketArgs, child: pulumi.ResourceOptions
    ) -> aws.s3.BucketPolicy:
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
            f"{name}-ownership", bucket=bucket.id, rule={"object_ownership": "BucketOwnerEnforced"}, opts=child
        )
        return aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.id,
            policy=json.dumps(document(tls_only(f"arn:aws:s3:::{args.bucket_name}"), *args.statements)),
            # S3 rejects two concurrent changes of a bucket's access.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[block]),
        )

    def _add_versioning(
        self, name: str, bucket: aws.s3.Bucket, args: PrivateBucketArgs, child: pulumi.ResourceOptions
    ) -> None:
        versioning = aws.s3.BucketVersioning(
            f"{name}-versioning", bucket=bucket.id, versioning_configuration={"status": "Enabled"}, opts=child
        )
        encryption: aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgsDict
        encryption = {"sse_algorithm": "AES256"}
        if args.key_arn is not None:
            encryption = {"sse_algorithm": "aws:kms", "kms_master_key_id": args.key_arn}
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=bucket.id,
            rules=[
                {
                    "apply_server_side_encryption_by_default": encryption,
                    "bucket_key_enabled": args.key_arn is not None and args.bucket_key,
                }
            ],
            opts=child,
        )
        rule: aws.s3.BucketLifecycleConfigurationRuleArgsDict = {
            "id": "forget-what-was-replaced-or-abandoned",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "noncurrent_version_expiration": {"noncurrent_days": args.old_version_days},
            "expiration": {"days": args.expire_days} if args.expire_days else {"expired_object_delete_marker": True},
            "abort_incomplete_multipart_upload": {"days_after_initiation": 2},
        }
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket.id,
            rules=[rule],
            # Rules for old versions need versioning.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
        )
