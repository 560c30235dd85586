"""Tables that keep each rule, and tables that break it."""

import json
from typing import Any

from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.dynamodb import RESOURCE_POLICY, TABLE

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
        good={"replicas": [{"regionName": "us-east-1"}]},
        bad={"abroad": {"replicas": [{"regionName": "us-east-1"}, {"regionName": "ap-south-1"}]}},
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
}
