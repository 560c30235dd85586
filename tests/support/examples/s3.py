"""Examples of the resource types of Amazon S3."""

import json
from typing import Any

from tests.support.aws import unique
from tests.support.examples.parents import Example, Maker, Parents, policy
from toolkit.resource_types import s3 as types


def bucket_logging(parents: Parents) -> Example:
    target = parents.made(types.BUCKET, {})[0]
    admitted = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{target}/*",
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [admitted]})
    parents.made(types.BUCKET_POLICY, {"bucket": target, "policy": text})
    return Example(
        {"bucket": parents.bucket, "targetBucket": target, "targetPrefix": "a/"},
        {"targetPrefix": "b/"},
        {"bucket": "other"},
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


def bucket_notification(parents: Parents) -> Example:
    bucket = parents.made(types.BUCKET, {})[0]
    inputs = {"function": parents.function["name"], "action": "lambda:InvokeFunction", "principal": "s3.amazonaws.com"}
    qualified = {**inputs, "qualifier": parents.alias["name"], "sourceArn": f"arn:aws:s3:::{bucket}"}
    parents.made("aws:lambda/permission:Permission", qualified)
    function = {
        "lambdaFunctionArn": parents.alias["arn"],
        "events": ["s3:ObjectCreated:*"],
        "filterPrefix": "pending/",
        "filterSuffix": ".png",
    }
    removals = {"id": "removals", "lambdaFunctionArn": parents.alias["arn"], "events": ["s3:ObjectRemoved:*"]}
    return Example(
        {"bucket": bucket, "lambdaFunctions": [function]},
        {"lambdaFunctions": [function, removals]},
        {"bucket": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    types.BUCKET: bucket,
    types.BUCKET_CORS: bucket_cors_configuration,
    types.BUCKET_LIFECYCLE: bucket_lifecycle_configuration,
    types.BUCKET_LOGGING: bucket_logging,
    types.BUCKET_NOTIFICATION: bucket_notification,
    types.BUCKET_OWNERSHIP: bucket_ownership_controls,
    types.BUCKET_POLICY: bucket_policy,
    types.BUCKET_PUBLIC_BLOCK: bucket_public_access_block,
    types.BUCKET_ENCRYPTION: bucket_encryption,
    types.BUCKET_VERSIONING: bucket_versioning,
}
