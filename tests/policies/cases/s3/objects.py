"""Cases of the rules on how long objects are kept, and where they are copied."""

import json
from dataclasses import replace
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.s3 import (
    BUCKET,
    BUCKET_LIFECYCLE,
    BUCKET_LOGGING,
    BUCKET_POLICY,
    BUCKET_REPLICATION,
    BUCKET_VERSIONING,
)

STORE = Subject(BUCKET, {"bucket": "store", "arn": "arn:aws:s3:::store"}, "bucket")
LOGS = Subject(BUCKET, {"bucket": "logs", "arn": "arn:aws:s3:::logs"}, "logs")
OF_BUCKET = {"bucket": ("bucket",)}
RECORDS = Subject(TRAIL, {"s3BucketName": "store"}, "trail")
WRITES = {"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject"}
ADMITS = Subject(BUCKET_POLICY, {"bucket": "logs", "policy": json.dumps({"Statement": [WRITES]})}, "policy")

LOGGED_HERE = Subject(BUCKET_LOGGING, {"bucket": "other", "targetBucket": "store"}, "logging")


def lifecycle(**rule: Any) -> Subject:
    return Subject(BUCKET_LIFECYCLE, {"rules": [{"status": "Enabled", **rule}]}, "lifecycle", dependencies=OF_BUCKET)


def logging(target: str) -> Subject:
    return Subject(BUCKET_LOGGING, {"bucket": "store", "targetBucket": target}, "logging")


def replication(**destination: str) -> Subject:
    rule = {"status": "Enabled", "destination": destination}
    return Subject(BUCKET_REPLICATION, {"rules": [rule]}, "replication", dependencies=OF_BUCKET)


def versions(days: int, prefix: str = "") -> Subject:
    return lifecycle(filter={"prefix": prefix}, noncurrentVersionExpiration={"noncurrentDays": days})


OLD = {"days": 30}
ON = Subject(BUCKET_VERSIONING, {"versioningConfiguration": {"status": "Enabled"}}, "on", dependencies=OF_BUCKET)


CASES = {
    "s3-objects-kept": StackCase(
        good=(STORE, lifecycle(filter={"prefix": ""}, expiration={"expiredObjectDeleteMarker": True})),
        bad={
            "all objects": (STORE, lifecycle(filter={"prefix": ""}, expiration=OLD)),
            "no filter": (STORE, lifecycle(expiration=OLD)),
            "a prefix": (STORE, lifecycle(filter={"prefix": "attachments/"}, expiration=OLD)),
            "an older form of prefix": (STORE, lifecycle(prefix="attachments/", expiration=OLD)),
            "a tag": (STORE, lifecycle(filter={"tag": {"key": "k", "value": "v"}}, expiration=OLD)),
            "a prefix and a tag": (
                STORE,
                lifecycle(filter={"and": {"prefix": "attachments/", "tags": {"k": "v"}}}, expiration=OLD),
            ),
            "a size": (STORE, lifecycle(filter={"objectSizeGreaterThan": 1}, expiration=OLD)),
            "a date": (STORE, lifecycle(expiration={"date": "2027-01-01T00:00:00Z"})),
            "an archive": (STORE, lifecycle(transitions=[{"days": 1, "storageClass": "DEEP_ARCHIVE"}])),
            "a trail's records": (STORE, RECORDS, lifecycle(expiration={"days": 364})),
            "access logs": (STORE, LOGGED_HERE, lifecycle(expiration={"days": 29})),
        },
        also_good={
            "pending uploads": (STORE, lifecycle(filter={"prefix": "pending/"}, expiration={"days": 7})),
            "some of the pending uploads": (
                STORE,
                lifecycle(filter={"and": {"prefix": "pending/a", "tags": {"k": "v"}}}, expiration={"days": 7}),
            ),
            "a rule that is off": (STORE, lifecycle(expiration=OLD, status="Disabled")),
            "another storage class": (STORE, lifecycle(transitions=[{"days": 60, "storageClass": "STANDARD_IA"}])),
            "a trail's records": (STORE, RECORDS, lifecycle(expiration={"days": 365})),
            "archived records": (STORE, RECORDS, lifecycle(transitions=[{"days": 90, "storageClass": "GLACIER"}])),
            "access logs": (STORE, LOGGED_HERE, lifecycle(expiration=OLD)),
        },
    ),
    "s3-versions-kept": StackCase(
        good=(STORE, ON, versions(14)),
        bad={
            "a day": (STORE, ON, versions(1)),
            "a day below a prefix": (STORE, ON, versions(1, "attachments/")),
            "no versions": (STORE, versions(30)),
            "suspended": (
                *(STORE, versions(30)),
                replace(ON, properties={"versioningConfiguration": {"status": "Suspended"}}),
            ),
        },
        also_good={
            "pending uploads": (STORE, ON, versions(1, "pending/")),
            "for ever": (STORE, lifecycle(abortIncompleteMultipartUpload={"daysAfterInitiation": 2})),
        },
    ),
    "s3-logs-to-log-bucket": StackCase(
        good=(STORE, LOGS, ADMITS, logging("logs")),
        bad={
            "itself": (STORE, LOGS, logging("store")),
            "a bucket of another stack": (STORE, LOGS, ADMITS, logging("other")),
        },
        also_good={"a bucket of another stack, where there is none": (STORE, logging("other"))},
    ),
    "s3-replicas-own": StackCase(
        good=(STORE, LOGS, replication(bucket="arn:aws:s3:::logs")),
        bad={
            "a foreign bucket": (STORE, LOGS, replication(bucket="arn:aws:s3:::other")),
            "a foreign account": (STORE, LOGS, replication(bucket="arn:aws:s3:::logs", account="999999999999")),
        },
    ),
}
