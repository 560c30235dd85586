"""Cases of the rules on DynamoDB tables."""

import json
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.dynamodb import RESOURCE_POLICY, TABLE
from toolkit.resource_types.lambda_ import EVENT_SOURCE_MAPPING, FUNCTION
from toolkit.resource_types.s3 import BUCKET

ROLE = "arn:aws:iam::333333333333:role/reader"


def maxima(reads: int, writes: int) -> dict[str, Any]:
    return {"onDemandThroughput": {"maxReadRequestUnits": reads, "maxWriteRequestUnits": writes}}


def on_demand(**others: Any) -> dict[str, Any]:
    return {"billingMode": "PAY_PER_REQUEST", **others}


def indexes(*settings: dict[str, Any]) -> dict[str, Any]:
    return {"globalSecondaryIndexes": [{"name": f"index-{number}", **one} for number, one in enumerate(settings)]}


def allowing(principal: Any, effect: str = "Allow") -> dict[str, Any]:
    own = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "dynamodb:GetItem"}
    return {"policy": json.dumps({"Statement": [own, {"Effect": effect, "Principal": principal, "Action": "*"}]})}


TTL = {"ttl": {"attributeName": "expires_at", "enabled": True}}
USES = {"environment": ("sessions",)}


def sessions(**properties: Any) -> Subject:
    return Subject(TABLE, {"name": "sessions-1", **properties}, "sessions")


def function(**variables: str) -> Subject:
    return Subject(FUNCTION, {"environment": {"variables": variables}}, "function", dependencies=USES)


KNOWS = function(SESSIONS_TABLE="sessions-1")
STREAM = {"streamEnabled": True, "streamViewType": "NEW_IMAGE"}


def indexed(attributes: list[str] | None = None, count: int = 1, **changed: Any) -> dict[str, Any]:
    index = {"hashKey": "status", "rangeKey": "id", "projectionType": "ALL", **changed}
    return {
        "attributes": [{"name": name} for name in attributes or ["owner", "id", "status"]],
        "hashKey": "owner",
        "rangeKey": "id",
        "globalSecondaryIndexes": [{"name": f"index-{number}", **index} for number in range(count)],
    }


CASES = {
    "dynamodb-pitr": ResourceCase(
        TABLE,
        good={"pointInTimeRecovery": {"enabled": True}},
        bad={
            "off": {"pointInTimeRecovery": {"enabled": False}},
            "a day": {"pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": 1}},
            "almost enough": {"pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": 13}},
        },
        absent="fail",
        also_good={"two weeks": {"pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": 14}}},
    ),
    "dynamodb-table-class": ResourceCase(
        TABLE,
        good={"tableClass": "STANDARD"},
        bad={"infrequent": {"tableClass": "STANDARD_INFREQUENT_ACCESS"}},
        absent="pass",
    ),
    "dynamodb-deletion-protection": ResourceCase(
        TABLE,
        good={"deletionProtectionEnabled": True},
        bad={"off": {"deletionProtectionEnabled": False}},
        absent="fail",
    ),
    "dynamodb-cmk": ResourceCase(
        TABLE,
        good={"serverSideEncryption": {"enabled": True, "kmsKeyArn": "arn:aws:kms:eu-central-1:1:key/k"}},
        bad={
            "a key of AWS": {"serverSideEncryption": {"enabled": True}},
            "off": {"serverSideEncryption": {"enabled": False, "kmsKeyArn": "arn:aws:kms:eu-central-1:1:key/k"}},
        },
        absent="fail",
    ),
    "dynamodb-capacity-mode": ResourceCase(
        TABLE,
        good=on_demand(),
        bad={
            "too many reads": {"billingMode": "PROVISIONED", "readCapacity": 1001, "writeCapacity": 5},
            "too many writes": {"readCapacity": 5, "writeCapacity": 1001},
            "an index": {
                "readCapacity": 5,
                "writeCapacity": 5,
                **indexes({"readCapacity": 5, "writeCapacity": 5}, {"readCapacity": 5, "writeCapacity": 1001}),
            },
        },
        absent="fail",
        also_good={
            "bounded": {"readCapacity": 1000, "writeCapacity": 1},
            "an index is paid for like its table": on_demand(**indexes({})),
        },
    ),
    "dynamodb-max-throughput": ResourceCase(
        TABLE,
        good=on_demand(**maxima(1000, 1)),
        bad={
            "none": on_demand(),
            "too many reads": on_demand(**maxima(1001, 1)),
            "no reads": on_demand(**maxima(0, 1)),
            "unbounded writes": on_demand(**maxima(1, -1)),
        },
        absent="pass",
    ),
    "dynamodb-index-throughput": ResourceCase(
        TABLE,
        good=on_demand(**indexes(maxima(5, 5))),
        bad={"none": on_demand(**indexes(maxima(5, 5), {})), "too many": on_demand(**indexes(maxima(5, 1001)))},
        absent="pass",
        also_good={"paid by capacity": indexes({})},
    ),
    "dynamodb-replicas-known": ResourceCase(
        TABLE,
        good={"replicas": [{"regionName": "eu-west-1"}]},
        bad={"abroad": {"replicas": [{"regionName": "eu-west-1"}, {"regionName": "us-east-1"}]}},
        absent="pass",
    ),
    "dynamodb-policy-not-public": ResourceCase(
        RESOURCE_POLICY,
        good=allowing({"AWS": [ROLE]}),
        bad={
            "everybody": allowing("*"),
            "everybody of AWS": allowing({"AWS": "*"}),
            "everybody among others": allowing({"AWS": [ROLE, "*"]}),
            "all but one": {"policy": json.dumps({"Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": ROLE}}})},
            "no policy": {"policy": "everybody"},
        },
        absent="pass",
        also_good={
            "everybody is refused": allowing("*", "Deny"),
            "everybody of the organization": {
                "policy": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": "*",
                            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
                        }
                    ]
                }
            },
        },
    ),
    "dynamodb-ttl": ResourceCase(
        TABLE,
        good=TTL,
        bad={
            "off": {"ttl": {"attributeName": "expires_at", "enabled": False}},
            "another attribute": {"ttl": {"attributeName": "created_at", "enabled": True}},
        },
        absent="fail",
    ),
    "dynamodb-indexes-accepted": ResourceCase(
        TABLE,
        good=indexed(),
        bad={
            "an attribute that is no key": indexed(attributes=["owner", "id", "status", "name"]),
            "a key that is no attribute": indexed(attributes=["owner", "id"]),
            "no projection": indexed(projectionType=""),
            "all and some": indexed(nonKeyAttributes=["name"]),
            "some, but none": indexed(projectionType="INCLUDE"),
            "too many": indexed(count=21),
            "too much": indexed(projectionType="INCLUDE", nonKeyAttributes=[f"a{number}" for number in range(101)]),
        },
        absent="pass",
        also_good={
            "some": indexed(projectionType="INCLUDE", nonKeyAttributes=["name"]),
            "as many as there may be": indexed(count=20),
            "a local index": {
                "attributes": [{"name": "id"}, {"name": "at"}],
                "hashKey": "id",
                "localSecondaryIndexes": [{"name": "by-time", "rangeKey": "at", "projectionType": "ALL"}],
            },
            "several keys": {
                "attributes": [{"name": "id"}, {"name": "status"}],
                "hashKey": "id",
                "globalSecondaryIndexes": [
                    {"keySchemas": [{"attributeName": "status", "keyType": "HASH"}], "projectionType": "ALL"}
                ],
            },
        },
    ),
    "dynamodb-stream-view": ResourceCase(
        TABLE,
        good={"streamEnabled": True, "streamViewType": "NEW_AND_OLD_IMAGES"},
        bad={"absent": {"streamEnabled": True}, "unknown": {"streamEnabled": True, "streamViewType": "BOTH"}},
        absent="pass",
        also_good={"off": {"streamEnabled": False}},
    ),
    "function-data-own": StackCase(
        good=(KNOWS, sessions()),
        bad={
            "a table of another stack": (function(SESSIONS_TABLE="sessions-2"), sessions()),
            "a bucket of another stack": (
                function(ATTACHMENTS_BUCKET="other"),
                Subject(BUCKET, {"bucket": "own"}, "bucket"),
            ),
        },
        also_good={"no tables": (function(LOG_LEVEL="INFO"),)},
    ),
    "dynamodb-stream-read": StackCase(
        good=(
            sessions(**STREAM),
            Subject(EVENT_SOURCE_MAPPING, {}, "reads", dependencies={"eventSourceArn": ("sessions",)}),
        ),
        bad={"by nothing": (sessions(**STREAM),)},
        also_good={
            "by replicas": (sessions(**STREAM, replicas=[{"regionName": "us-east-1"}]),),
            "by its ARN": (
                sessions(**STREAM, streamArn="arn:stream"),
                Subject(EVENT_SOURCE_MAPPING, {"eventSourceArn": "arn:stream"}, "reads"),
            ),
        },
    ),
}
