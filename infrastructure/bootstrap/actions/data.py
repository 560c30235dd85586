"""Calls for what a stack keeps: tables, buckets, secrets, keys."""

from collections.abc import Mapping

from infrastructure.bootstrap.actions.row import HERE, Actions

_BUCKET = ("arn:aws:s3:::attachments-bucket-*",)
_SECRET = (f"arn:aws:secretsmanager:{HERE}:secret:cursor-key-secret-*",)


def _of_bucket(put: str, get: str, delete: str = "") -> Actions:
    return Actions(service="s3", on=_BUCKET, create=put, update=put, delete=delete or put, read=get)


BY_TYPE: Mapping[str, Actions] = {
    "aws:dynamodb/table:Table": Actions(
        service="dynamodb",
        on=(f"arn:aws:dynamodb:{HERE}:table/*-table-*",),
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
    ),
    "aws:kms/key:Key": Actions(
        service="kms",
        on=("arn:aws:kms:*:{account}:key/*",),
        create="EnableKeyRotation PutKeyPolicy TagResource CreateAlias",
        update="UpdateKeyDescription EnableKey DisableKey DisableKeyRotation UntagResource UpdateAlias",
        delete="ScheduleKeyDeletion DeleteAlias",
        read="DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags",
        change_anywhere="CreateKey",
    ),
    "aws:s3/bucket:Bucket": Actions(
        service="s3",
        on=_BUCKET,
        create="CreateBucket PutBucketTagging",
        update="PutBucketTagging",
        delete="DeleteBucket",
        read=(
            "ListBucket GetBucketAcl GetBucketTagging GetBucketLogging GetBucketWebsite GetBucketRequestPayment"
            " GetAccelerateConfiguration GetReplicationConfiguration GetBucketObjectLockConfiguration GetBucketLocation"
        ),
    ),
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": _of_bucket("PutBucketCORS", "GetBucketCORS"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _of_bucket(
        "PutLifecycleConfiguration", "GetLifecycleConfiguration"
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
        read="DescribeSecret GetSecretValue",
    ),
}
