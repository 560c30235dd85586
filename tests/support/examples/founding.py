"""Examples of what an account's foundation is made of: who is believed, what is allowed at most, what is recorded."""

import json

from tests.support.aws import unique
from tests.support.examples.parents import Example, Maker, Parents, policy


def managed_policy(_parents: Parents) -> Example:
    return Example(
        {"policy": policy("dynamodb:GetItem"), "description": "A ceiling", "path": "/", "tags": {"a": "b"}},
        {"policy": policy("dynamodb:PutItem"), "tags": {"b": "c"}},
        {"description": "Another ceiling"},
    )


def attachment(parents: Parents) -> Example:
    arn = parents.made("aws:iam/policy:Policy", {"policy": policy("dynamodb:GetItem")})[0]
    return Example({"role": parents.role["name"], "policyArn": arn}, replaces={"role": "other"})


def oidc_provider(_parents: Parents) -> Example:
    return Example(
        {
            "url": f"https://{unique('tokens')}.example.com",
            "clientIdLists": ["sts.amazonaws.com"],
            "thumbprintLists": ["0" * 40],
            "tags": {"a": "b"},
        },
        {"thumbprintLists": ["1" * 40], "tags": {"b": "c"}},
        {"url": "https://other.example.com"},
    )


def trail(parents: Parents) -> Example:
    return Example(
        {
            "s3BucketName": parents.bucket,
            "kmsKeyId": parents.key,
            "isMultiRegionTrail": True,
            "includeGlobalServiceEvents": True,
            "enableLogFileValidation": True,
            "tags": {"a": "b"},
        },
        {"isMultiRegionTrail": False, "enableLogging": False, "tags": {"b": "c"}},
        {"name": "other"},
    )


def bucket_logging(parents: Parents) -> Example:
    target = parents.made("aws:s3/bucket:Bucket", {})[0]
    admitted = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{target}/*",
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [admitted]})
    parents.made("aws:s3/bucketPolicy:BucketPolicy", {"bucket": target, "policy": text})
    return Example(
        {"bucket": parents.bucket, "targetBucket": target, "targetPrefix": "a/"},
        {"targetPrefix": "b/"},
        {"bucket": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    "aws:cloudtrail/trail:Trail": trail,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": oidc_provider,
    "aws:iam/policy:Policy": managed_policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": attachment,
    "aws:s3/bucketLogging:BucketLogging": bucket_logging,
}
