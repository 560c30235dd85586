"""A private bucket of the account."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.components.bucket_controls import add_bucket_controls, replaced_objects_rule
from infrastructure.policy_documents import PolicyStatement, document, tls_only


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
        bucket = aws.s3.Bucket(
            f"{name}-bucket", bucket=args.bucket_name, opts=pulumi.ResourceOptions(parent=self, protect=True)
        )
        arn = f"arn:aws:s3:::{args.bucket_name}"
        encryption: aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgsDict
        encryption = {"sse_algorithm": "AES256"}
        if args.key_arn is not None:
            encryption = {"sse_algorithm": "aws:kms", "kms_master_key_id": args.key_arn}
        self.policy = add_bucket_controls(
            name,
            bucket,
            self,
            policy=json.dumps(document(tls_only("s3:*", arn, f"{arn}/*", principal={"AWS": "*"}), *args.statements)),
            encryption={
                "apply_server_side_encryption_by_default": encryption,
                "bucket_key_enabled": args.key_arn is not None and args.bucket_key,
            },
            lifecycle_rules=[
                replaced_objects_rule(args.old_version_days, {"days": args.expire_days} if args.expire_days else None)
            ],
        )
        if args.access_logs is not None:
            aws.s3.BucketLogging(
                f"{name}-logging",
                bucket=bucket.id,
                target_bucket=args.access_logs,
                target_prefix=f"{args.bucket_name}/",
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.name = bucket.bucket
        self.register_outputs({"name": self.name})
