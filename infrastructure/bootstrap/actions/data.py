"""Calls for what a stack keeps: tables, buckets, secrets, keys."""

from collections.abc import Mapping

from infrastructure.bootstrap.actions.row import HERE, Actions

_BUCKET = ("arn:aws:s3:::attachments-bucket-*",)
_KEY = ("arn:aws:kms:*:{account}:key/*",)
_SECRET = (f"arn:aws:secretsmanager:{HERE}:secret:cursor-key-secret-*",)


def _of_bucket(put: str, get: str, delete: str = "") -> Actions:
    return Actions(service="s3", on=_BUCKET, create=put, update=put, delete=delete or put, read=get)


BY_TYPE: Mapping[str, Actions] = {
    "aws:dynamodb/table:Table": Actions(
        service="dynamodb",
        on=tuple(f"arn:aws:dynamodb:{HERE}:table/{table}-table-*" for table in ("items", "sessions")),
        create="CreateTable TagResource",
        update="UpdateTable UpdateTimeToLive UpdateContinuousBackups UntagResource",
        delete="DeleteTable",
        read="DescribeTable DescribeContinuousBackups DescribeTimeToLive ListTagsOfResource",
        read_anywhere="ListBackups",  # whether there is a way back from a change that loses data
    ),
    "aws:kms/alias:Alias": Actions(
        service="kms",
        on=("arn:aws:kms:*:{account}:alias/{project}-{stack}-*",),
        create="CreateAlias",
        update="UpdateAlias",
        delete="DeleteAlias",
        read_anywhere="ListAliases",
        # KMS authorizes each of these on the key as well.
        also=Actions(service="kms", on=_KEY, create="CreateAlias", update="UpdateAlias", delete="DeleteAlias"),
    ),
    "aws:kms/key:Key": Actions(
        service="kms",
        on=_KEY,
        create="EnableKeyRotation PutKeyPolicy TagResource",
        update="UpdateKeyDescription EnableKey DisableKey DisableKeyRotation UntagResource",
        delete="ScheduleKeyDeletion",
        read="DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags",
        change_anywhere="CreateKey",
    ),
    "aws:s3/bucket:Bucket": Actions(
        service="s3",
        on=_BUCKET,
        # The provider tags a bucket by S3's tagging calls of 2025, and by PutBucketTagging where those are refused.
        create="CreateBucket TagResource PutBucketTagging",
        update="TagResource UntagResource PutBucketTagging",
        delete="DeleteBucket",
        read=(
            "ListBucket GetBucketAcl GetBucketTagging GetBucketLogging GetBucketWebsite GetBucketRequestPayment"
            " GetAccelerateConfiguration GetReplicationConfiguration GetBucketObjectLockConfiguration GetBucketLocation"
            " ListTagsForResource GetBucketPolicy GetBucketCORS GetLifecycleConfiguration GetEncryptionConfiguration"
            " GetBucketVersioning"
        ),
    ),
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": _of_bucket("PutBucketCORS", "GetBucketCORS"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _of_bucket(
        # ListBucketVersions: whether the first rules of a bucket find anything to delete.
        "PutLifecycleConfiguration",
        "GetLifecycleConfiguration ListBucketVersions",
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _of_bucket(
        "PutBucketOwnershipControls", "GetBucketOwnershipControls"
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _of_bucket("PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _of_bucket(
        "PutBucketPublicAccessBlock", "GetBucketPublicAccessBlock"
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _of_bucket(
        "PutEncryptionConfiguration", "GetEncryptionConfiguration"
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _of_bucket("PutBucketVersioning", "GetBucketVersioning"),
    "aws:secretsmanager/secret:Secret": Actions(
        service="secretsmanager",
        on=_SECRET,
        create="CreateSecret TagResource",
        update="UpdateSecret UntagResource",
        delete="DeleteSecret",
        read="DescribeSecret GetResourcePolicy",
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Actions(
        service="secretsmanager",
        on=_SECRET,
        create="PutSecretValue",
        update="UpdateSecretVersionStage",
        delete="UpdateSecretVersionStage",
        read="DescribeSecret GetSecretValue ListSecretVersionIds",
    ),
}

EMPTYING = Actions(
    service="s3",
    on=_BUCKET,
    delete="ListBucketVersions",
    also=Actions(
        service="s3", on=tuple(f"{bucket}/*" for bucket in _BUCKET), delete="DeleteObject DeleteObjectVersion"
    ),
)
"""What the provider calls to delete a bucket with what is in it, which only a pull request's stack asks for.

It lists and deletes versions and delete markers, and nothing else: the bucket has no Object Lock, so no legal hold is
removed and no retention bypassed (terraform-provider-aws, internal/service/s3/delete.go).
"""
