"""Cases of the rules on log groups."""

from dataclasses import replace
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.resource_types.kms import KEY
from toolkit.resource_types.lambda_ import FUNCTION

GROUP_ARN = "arn:aws:logs:eu-central-1:333333333333:log-group:/function"
KEY_ARN = "arn:aws:kms:eu-central-1:333333333333:key/1"
GROUP = Subject(LOG_GROUP, {"name": "/function", "arn": GROUP_ARN}, "group")
LOGS = Subject(FUNCTION, {"loggingConfig": {"logGroup": "/function"}}, "function")
RECORDS = Subject(TRAIL, {"cloudWatchLogsGroupArn": f"{GROUP_ARN}:*"}, "trail")
SEALED = replace(GROUP, properties={**GROUP.properties, "kmsKeyId": KEY_ARN})
RARELY_READ = replace(GROUP, properties={**GROUP.properties, "logGroupClass": "INFREQUENT_ACCESS"})
ACTIONS = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]


def key(operator: str = "ArnEquals", arn: str = GROUP_ARN, region: str = "eu-central-1", **changed: Any) -> Subject:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{region}.amazonaws.com"},
        "Action": ACTIONS,
        "Resource": "*",
        "Condition": {operator: {"kms:EncryptionContext:aws:logs:arn": arn}},
        **changed,
    }
    return Subject(KEY, {"arn": KEY_ARN, "policy": {"Statement": [statement]}}, "key")


CASES = {
    "loggroup-retention": ResourceCase(
        LOG_GROUP,
        good={"retentionInDays": 90},
        bad={"ever": {"retentionInDays": 0}, "a day": {"retentionInDays": 1}, "a decade": {"retentionInDays": 3653}},
        absent="fail",
    ),
    "loggroup-cmk": ResourceCase(
        LOG_GROUP, good={"kmsKeyId": "alias/own"}, bad={"none": {"name": "/a"}}, absent="fail"
    ),
    "lambda-has-log-group": StackCase(
        good=(GROUP, LOGS),
        bad={
            "no log group of the function": (GROUP, Subject(FUNCTION, {"name": "worker"}, "function")),
            "of another stack": (LOGS,),
            "another group": (replace(GROUP, properties={"name": "/other"}), LOGS),
            "a trail to another group": (replace(GROUP, properties={"name": "/other", "arn": "arn:a"}), RECORDS),
        },
        also_good={
            "while names are unknown": (
                Subject(LOG_GROUP, {}, "group"),
                Subject(FUNCTION, {}, "function", dependencies={"loggingConfig": ("group",)}),
            ),
            "Lambda's own name": (
                Subject(LOG_GROUP, {"name": "/aws/lambda/worker"}, "group"),
                Subject(FUNCTION, {"name": "worker"}, "function"),
            ),
            "a trail": (GROUP, RECORDS),
        },
    ),
    "loggroup-key-covers": StackCase(
        good=(SEALED, key()),
        bad={
            "another group": (SEALED, key(arn=f"{GROUP_ARN}-of-others")),
            "another account": (SEALED, key(arn=GROUP_ARN.replace("333333333333", "999999999999"))),
            "another region": (SEALED, key(region="us-east-1")),
            "another service": (SEALED, key(Principal={"Service": "s3.amazonaws.com"})),
            "encryption alone": (SEALED, key(Action=["kms:Encrypt", "kms:GenerateDataKey"])),
        },
        also_good={
            "a pattern": (SEALED, key("ArnLike", "arn:aws:logs:eu-central-1:333333333333:*")),
            "another stack's key": (SEALED,),
            "every region": (SEALED, key(Principal={"Service": "logs.amazonaws.com"})),
        },
    ),
    "loggroup-class": StackCase(
        good=(GROUP, LOGS),
        bad={"rarely read": (RARELY_READ, LOGS)},
        also_good={"that no function writes to": (RARELY_READ,)},
    ),
}
