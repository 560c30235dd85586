"""Data that is encrypted with keys of its own account, and with those of others."""

from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.s3 import BUCKET_ENCRYPTION
from toolkit.resource_types.secretsmanager import SECRET
from toolkit.resource_types.sns import TOPIC
from toolkit.resource_types.sqs import QUEUE

OWN = "arn:aws:kms:eu-central-1:333333333333:key/k"
FOREIGN = OWN.replace("333333333333", "999999999999")
ELSEWHERE = OWN.replace("eu-central-1", "ap-south-1")


def table(key: str) -> dict[str, Any]:
    return {"serverSideEncryption": {"enabled": True, "kmsKeyArn": key}}


def bucket(key: str) -> Subject:
    algorithm = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}
    return Subject(BUCKET_ENCRYPTION, {"rules": [{"applyServerSideEncryptionByDefault": algorithm}]})


CASES = {
    "encryption-key-own": ResourceCase(
        TABLE,
        good=table(OWN),
        bad={
            "another account": table(FOREIGN),
            "another region": table(ELSEWHERE),
            "a bucket": bucket(FOREIGN),
            "a log group": Subject(LOG_GROUP, {"kmsKeyId": FOREIGN}),
            "a queue": Subject(QUEUE, {"kmsMasterKeyId": FOREIGN}),
            "a secret": Subject(SECRET, {"kmsKeyId": FOREIGN}),
            "a topic": Subject(TOPIC, {"kmsMasterKeyId": FOREIGN}),
        },
        absent="pass",
        also_good={
            "a bucket": bucket(OWN),
            "an alias": Subject(TOPIC, {"kmsMasterKeyId": "alias/alerts"}),
            "the region of the edge": Subject(
                LOG_GROUP, {"kmsKeyId": OWN.replace("eu-central-1", "us-east-1"), "region": "us-east-1"}
            ),
        },
    ),
}
