"""Examples of what keeps data: tables, buckets and their settings, secrets."""

from typing import Any

from tests.support.aws import unique
from tests.support.examples.parents import Example, Maker, Parents, policy


def table(_parents: Parents) -> Example:
    return Example(
        {
            "attributes": [{"name": "owner", "type": "S"}, {"name": "record", "type": "S"}],
            "hashKey": "owner",
            "rangeKey": "record",
            "billingMode": "PAY_PER_REQUEST",
            "onDemandThroughput": {"maxReadRequestUnits": 100, "maxWriteRequestUnits": 50},
            "pointInTimeRecovery": {"enabled": True},
            "serverSideEncryption": {"enabled": True},
            "ttl": {"attributeName": "expires_at", "enabled": True},
            "deletionProtectionEnabled": True,
            "tags": {"part": "items"},
        },
        change={
            "deletionProtectionEnabled": False,
            "pointInTimeRecovery": {"enabled": False},
            "onDemandThroughput": {"maxReadRequestUnits": 10, "maxWriteRequestUnits": 5},
            "tags": {"part": "sessions"},
        },
        replaces={"rangeKey": "other"},
    )


def bucket(_parents: Parents) -> Example:
    return Example({"forceDestroy": True, "tags": {"a": "b"}}, {"tags": {"c": "d"}}, {"bucket": unique("other")})


def bucket_public_access_block(parents: Parents) -> Example:
    shut = {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True}
    return Example(
        {"bucket": parents.bucket, **shut, "restrictPublicBuckets": False},
        {"restrictPublicBuckets": True},
        {"bucket": "other"},
    )


def bucket_ownership_controls(parents: Parents) -> Example:
    return Example(
        {"bucket": parents.bucket, "rule": {"objectOwnership": "BucketOwnerEnforced"}},
        {"rule": {"objectOwnership": "ObjectWriter"}},
        {"bucket": "other"},
    )


def bucket_policy(parents: Parents) -> Example:
    arn = f"arn:aws:s3:::{parents.bucket}/*"
    return Example(
        {"bucket": parents.bucket, "policy": policy("s3:GetObject", arn, Principal="*")},
        {"policy": policy("s3:PutObject", arn, Principal="*")},
        {"bucket": "other"},
    )


def bucket_versioning(parents: Parents) -> Example:
    return Example(
        {"bucket": parents.bucket, "versioningConfiguration": {"status": "Enabled"}},
        {"versioningConfiguration": {"status": "Suspended"}},
        {"bucket": "other"},
    )


def bucket_encryption(parents: Parents) -> Example:
    def rules(algorithm: str) -> list[dict[str, Any]]:
        default = {"sseAlgorithm": algorithm}
        return [{"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": True}]

    return Example(
        {"bucket": parents.bucket, "rules": rules("AES256")}, {"rules": rules("aws:kms")}, {"bucket": "other"}
    )


def bucket_lifecycle_configuration(parents: Parents) -> Example:
    def rules(days: int) -> list[dict[str, Any]]:
        return [
            {
                "id": "old",
                "status": "Enabled",
                "filter": {"prefix": "attachments/"},
                "noncurrentVersionExpiration": {"noncurrentDays": days},
                "abortIncompleteMultipartUpload": {"daysAfterInitiation": 1},
            }
        ]

    return Example({"bucket": parents.bucket, "rules": rules(30)}, {"rules": rules(7)}, {"bucket": "other"})


def bucket_cors_configuration(parents: Parents) -> Example:
    def rules(origin: str) -> list[dict[str, Any]]:
        return [{"allowedMethods": ["GET", "POST"], "allowedOrigins": [origin], "allowedHeaders": ["*"]}]

    return Example(
        {"bucket": parents.bucket, "corsRules": rules("https://a.example")},
        {"corsRules": rules("*")},
        {"bucket": "other"},
    )


def secret(_parents: Parents) -> Example:
    return Example(
        {"description": "signs cursors", "recoveryWindowInDays": 7, "tags": {"a": "b"}},
        {"description": "still signs cursors", "tags": {"a": "c"}},
        {"name": "other"},
    )


def secret_version(parents: Parents) -> Example:
    return Example({"secretId": parents.secret, "secretString": "hush"}, replaces={"secretString": "other"})


EXAMPLES: dict[str, Maker] = {
    "aws:dynamodb/table:Table": table,
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucket_public_access_block,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucket_ownership_controls,
    "aws:s3/bucketPolicy:BucketPolicy": bucket_policy,
    "aws:s3/bucketVersioning:BucketVersioning": bucket_versioning,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucket_encryption,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucket_lifecycle_configuration,
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": bucket_cors_configuration,
    "aws:secretsmanager/secret:Secret": secret,
    "aws:secretsmanager/secretVersion:SecretVersion": secret_version,
}
