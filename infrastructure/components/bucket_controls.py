"""What every private bucket has: no public access, a bucket policy, versions, encryption and lifecycle rules."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws


def add_bucket_controls(
    name: str,
    bucket: aws.s3.Bucket,
    parent: pulumi.Resource,
    *,
    policy: pulumi.Input[str],
    encryption: "aws.s3.BucketServerSideEncryptionConfigurationRuleArgsDict",
    lifecycle_rules: "Sequence[aws.s3.BucketLifecycleConfigurationRuleArgsDict]",
) -> aws.s3.BucketPolicy:
    """Create the resources that make a bucket private, encrypted and versioned. Return its policy."""
    child = pulumi.ResourceOptions(parent=parent)
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
    bucket_policy = aws.s3.BucketPolicy(
        f"{name}-policy",
        bucket=bucket.id,
        policy=policy,
        # S3 rejects two concurrent changes of a bucket's access.
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[block]),
    )
    versioning = aws.s3.BucketVersioning(
        f"{name}-versioning", bucket=bucket.id, versioning_configuration={"status": "Enabled"}, opts=child
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        f"{name}-encryption", bucket=bucket.id, rules=[encryption], opts=child
    )
    aws.s3.BucketLifecycleConfiguration(
        f"{name}-lifecycle",
        bucket=bucket.id,
        rules=lifecycle_rules,
        # Rules for old versions need versioning.
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[versioning]),
    )
    return bucket_policy


def replaced_objects_rule(
    days: int, expiration: "aws.s3.BucketLifecycleConfigurationRuleExpirationArgsDict | None" = None
) -> "aws.s3.BucketLifecycleConfigurationRuleArgsDict":
    """Return the rule that removes replaced and deleted objects after some days, and abandoned uploads after two."""
    return {
        "id": "forget-what-was-replaced-or-abandoned",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "noncurrent_version_expiration": {"noncurrent_days": days},
        "expiration": expiration or {"expired_object_delete_marker": True},
        "abort_incomplete_multipart_upload": {"days_after_initiation": 2},
    }
