"""Cases of the rules over all services: tags, protection, encryption keys, credentials in plain text."""

import base64
import json
from typing import Any

from policies.rules.every_resource import STATEFUL
from tests.support.credentials import CREDENTIALS, HARMLESS
from tests.support.policy_servicer import PROVIDER, Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.apigatewayv2 import STAGE
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.s3 import BUCKET, BUCKET_ENCRYPTION
from toolkit.resource_types.secretsmanager import SECRET
from toolkit.resource_types.sns import TOPIC
from toolkit.resource_types.sqs import QUEUE

TAGS = {"project": "items-api", "stack": "prod", "owner": "a-team", "cost-center": "items"}
TOO_FEW = {**PROVIDER, "defaultTags": json.dumps({"tags": {"project": "items-api", "stack": "prod"}})}


OWN = "arn:aws:kms:eu-central-1:333333333333:key/k"
FOREIGN = OWN.replace("333333333333", "999999999999")
ELSEWHERE = OWN.replace("eu-central-1", "ap-south-1")


def table(key: str) -> dict[str, Any]:
    return {"serverSideEncryption": {"enabled": True, "kmsKeyArn": key}}


def bucket(key: str) -> Subject:
    algorithm = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}
    return Subject(BUCKET_ENCRYPTION, {"rules": [{"applyServerSideEncryptionByDefault": algorithm}]})


TOKEN, WEBHOOK = CREDENTIALS["SETTINGS"], CREDENTIALS["WEBHOOK"]


def one(type_: str, **properties: Any) -> tuple[Subject, ...]:
    return (Subject(type_, properties, "one"),)


def parameter(type_: str, name: str, value: str) -> tuple[Subject, ...]:
    return one("aws:ssm/parameter:Parameter", type=type_, name=name, value=value)


CASES = {
    "required-tags": ResourceCase(
        BUCKET,
        good=Subject(BUCKET, {"tags": TAGS}, provider={}),
        bad={
            **{f"{name} emptied": {"tags": {name: ""}} for name in TAGS},
            "the provider's are too few": Subject(TOPIC, {}, provider=TOO_FEW),
            "one is missing": Subject(BUCKET, {"tags": {"owner": "a-team"}}, provider={}),
        },
        absent="pass",
        also_good={"some of each": Subject(BUCKET, {"tags": TAGS}, provider=TOO_FEW)},
    ),
    "stateful-protected": ResourceCase(
        BUCKET,
        good={"forceDestroy": False},
        bad={
            "emptied first": {"forceDestroy": True},
            **{type_: Subject(type_, {}, protect=False) for type_ in STATEFUL},
        },
        absent="pass",
        protect=True,
    ),
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
    "no-plain-credentials": StackCase(
        good=one(STAGE, stageVariables=HARMLESS),
        bad={
            "a tag": one(TABLE, tags={"note": TOKEN}),
            "a description": one(TABLE, description=f"see {WEBHOOK}"),
            "a stage's variable": one(STAGE, stageVariables={"dbPassword": "letmein"}),
            "a build's variable": one(
                "aws:codebuild/project:Project",
                environment={"environmentVariables": [{"name": "NPM_TOKEN", "value": "abcdef123456"}]},
            ),
            "user data": one(
                "aws:ec2/launchTemplate:LaunchTemplate",
                userData=base64.b64encode(f"export HOOK={WEBHOOK}".encode()).decode(),
            ),
            "a parameter": parameter("String", "/items/db-password", "letmein"),
        },
        also_good={
            "an encrypted parameter": parameter("SecureString", "/items/db-password", "letmein"),
            "a parameter with an address": parameter("String", "/items/token-url", "https://example.com/token"),
            "a secret": one("aws:secretsmanager/secretVersion:SecretVersion", secretString=TOKEN),
        },
    ),
}
