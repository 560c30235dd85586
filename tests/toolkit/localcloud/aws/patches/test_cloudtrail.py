"""CloudTrail accepts a trail only with a role that it can assume and a key that it can use."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws import ACCOUNT, shared_aws, unique

CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def create_bucket(*, bucket_key: bool) -> str:
    s3, name = shared_aws().connection.client("s3"), unique("trail")
    s3.create_bucket(Bucket=name)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": bucket_key}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    return name


def create_role(**condition: Any) -> str:
    trust = {"Effect": "Allow", "Principal": CLOUDTRAIL, "Action": "sts:AssumeRole"}
    held = {"Condition": condition} if condition else {}
    iam = shared_aws().connection.client("iam")
    role = iam.create_role(RoleName=unique("trail"), AssumeRolePolicyDocument=document({**trust, **held}))
    return str(role["Role"]["Arn"])


def create_key(*statements: dict[str, Any]) -> str:
    own = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
    kms = shared_aws().connection.client("kms")
    return str(kms.create_key(Policy=document(own, *statements))["KeyMetadata"]["Arn"])


def create_trail(**arguments: Any) -> None:
    cloudtrail, name = shared_aws().connection.client("cloudtrail"), unique("trail")
    cloudtrail.create_trail(Name=name, **{"S3BucketName": create_bucket(bucket_key=False), **arguments})


def log_group() -> str:
    return f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:trail:*"


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:SourceArn": f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/trail"}},
        {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    ],
    ids=["SourceArn", "SourceAccount"],
)
def test_create_trail_rejects_a_role_with_source_conditions(condition: dict[str, Any]) -> None:
    role = create_role(**condition)
    with pytest.raises(ClientError, match=r"InvalidCloudWatchLogsRoleArnException.*Check the trust relationships"):
        create_trail(CloudWatchLogsLogGroupArn=log_group(), CloudWatchLogsRoleArn=role)


def test_update_trail_rejects_a_role_with_source_conditions() -> None:
    cloudtrail, name = shared_aws().connection.client("cloudtrail"), unique("trail")
    cloudtrail.create_trail(Name=name, S3BucketName=create_bucket(bucket_key=False))
    role = create_role(StringEquals={"aws:SourceAccount": ACCOUNT})
    with pytest.raises(ClientError, match="InvalidCloudWatchLogsRoleArnException"):
        cloudtrail.update_trail(Name=name, CloudWatchLogsLogGroupArn=log_group(), CloudWatchLogsRoleArn=role)


def test_role_trusting_another_service_is_rejected() -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam = shared_aws().connection.client("iam")
    role = iam.create_role(RoleName=unique("trail"), AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    with pytest.raises(ClientError, match="InvalidCloudWatchLogsRoleArnException"):
        create_trail(CloudWatchLogsLogGroupArn=log_group(), CloudWatchLogsRoleArn=role)


def test_role_without_conditions_is_accepted() -> None:
    create_trail(CloudWatchLogsLogGroupArn=log_group(), CloudWatchLogsRoleArn=create_role())


def test_bucket_key_without_kms_decrypt_for_cloudtrail_is_rejected() -> None:
    bucket, key = create_bucket(bucket_key=True), create_key()
    with pytest.raises(ClientError, match="InsufficientEncryptionPolicyException"):
        create_trail(S3BucketName=bucket, KmsKeyId=key)


def test_bucket_key_with_kms_decrypt_for_cloudtrail_is_accepted() -> None:
    decrypts = {"Effect": "Allow", "Principal": CLOUDTRAIL, "Action": "kms:Decrypt", "Resource": "*"}
    create_trail(S3BucketName=create_bucket(bucket_key=True), KmsKeyId=create_key(decrypts))


def test_bucket_without_bucket_key_is_accepted_without_kms_decrypt() -> None:
    create_trail(KmsKeyId=create_key())


def test_bucket_without_encryption_is_accepted_without_kms_decrypt() -> None:
    bucket = unique("trail")
    shared_aws().connection.client("s3").create_bucket(Bucket=bucket)
    create_trail(S3BucketName=bucket, KmsKeyId=create_key())
