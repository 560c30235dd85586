"""Cases of the rules between a bucket and the resources that protect it."""

import json
from dataclasses import replace

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.s3 import (
    BUCKET,
    BUCKET_ENCRYPTION,
    BUCKET_LIFECYCLE,
    BUCKET_LOGGING,
    BUCKET_OWNERSHIP,
    BUCKET_POLICY,
    BUCKET_PUBLIC_BLOCK,
    BUCKET_VERSIONING,
)

OF_BUCKET = {"bucket": ("bucket",)}
STORE = Subject(BUCKET, {}, "bucket")
TLS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
WRITES = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudtrail.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": "*",
}
FOR_ONE = {
    **WRITES,
    "Condition": {"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:eu-central-1:333333333333:trail/t"}},
}


def policy(*found: object) -> Subject:
    document = json.dumps({"Version": "2012-10-17", "Statement": found})
    return Subject(BUCKET_POLICY, {"policy": document}, "policy", dependencies=OF_BUCKET)


def part(type_: str) -> Subject:
    return Subject(type_, {}, type_.rpartition(":")[2], dependencies=OF_BUCKET)


PARTS = (part(BUCKET_PUBLIC_BLOCK), part(BUCKET_OWNERSHIP), part(BUCKET_LIFECYCLE), policy(TLS))
RECORDS = Subject(TRAIL, {}, "trail", dependencies={"s3BucketName": ("bucket",)})
GUARDS = (part(BUCKET_VERSIONING), part(BUCKET_LOGGING))


def encryption(algorithm: str, *, bucket_key: bool) -> Subject:
    rule = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": algorithm}, "bucketKeyEnabled": bucket_key}
    return Subject(BUCKET_ENCRYPTION, {"rules": [rule]}, "encryption", dependencies=OF_BUCKET)


CASES = {
    "s3-encryption": StackCase(
        good=(STORE, encryption("aws:kms", bucket_key=True)),
        bad={"a call to KMS per object": (STORE, encryption("aws:kms", bucket_key=False))},
        also_good={
            "S3's own key": (STORE, encryption("AES256", bucket_key=False)),
            "the bucket of a trail": (STORE, RECORDS, encryption("aws:kms", bucket_key=False)),
        },
    ),
    "s3-bucket-complete": StackCase(
        good=(STORE, *PARTS),
        bad={
            "open to the public": (STORE, *PARTS[1:]),
            "owned by writers": (STORE, PARTS[0], *PARTS[2:]),
            "forgets nothing": (STORE, *PARTS[:2], PARTS[3]),
            "no policy": (STORE, *PARTS[:3]),
            "plain HTTP": (STORE, *PARTS[:3], policy(WRITES)),
            "another's parts": (replace(STORE, name="another"), STORE, *PARTS),
        },
    ),
    "trail-bucket-hardened": StackCase(
        good=(STORE, RECORDS, *GUARDS, policy(FOR_ONE), encryption("aws:kms", bucket_key=False)),
        bad={
            "unversioned": (STORE, RECORDS, GUARDS[1], policy(FOR_ONE)),
            "unlogged": (STORE, RECORDS, GUARDS[0], policy(FOR_ONE)),
            "any trail": (STORE, RECORDS, *GUARDS, policy(WRITES)),
            "another encryption than the trail's": (
                *(STORE, replace(RECORDS, properties={"kmsKeyId": "key"}), *GUARDS, policy(FOR_ONE)),
                encryption("AES256", bucket_key=False),
            ),
            "a bucket key": (STORE, RECORDS, *GUARDS, policy(FOR_ONE), encryption("aws:kms", bucket_key=True)),
        },
        also_good={"no trail": (STORE,)},
    ),
}
