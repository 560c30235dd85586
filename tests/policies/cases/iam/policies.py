"""Cases of the rules on what IAM policies allow, statement by statement."""

import json
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.iam import POLICY, ROLE_POLICY

TABLE = "arn:aws:dynamodb:eu-central-1:333333333333:table/items"
KEY = "arn:aws:kms:eu-central-1:333333333333:key/0123"


def allow(action: Any, resource: Any = TABLE, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return {"policy": {"Version": "2012-10-17", "Statement": [statement]}}


def ceiling(action: Any, resource: Any) -> Subject:
    return Subject(POLICY, {**allow(action, resource), "tags": {"use": "boundary"}})


GOOD = allow(["dynamodb:GetItem"])
PASSED = {"Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}
METRICS = {"Condition": {"StringEquals": {"cloudwatch:namespace": "items"}}}
ROLES = "arn:aws:iam::333333333333:role/"


CASES = {
    "iam-no-admin": ResourceCase(
        ROLE_POLICY,
        good=GOOD,
        bad={
            "everything": allow("*", "*"),
            "everything, in lists": allow(["*"], ["*"]),
            "everything, by another name": allow("*:*", "*"),
            "everything, as JSON": {"policy": json.dumps(allow("*", "*")["policy"])},
            "all but nothing": {"policy": {"Statement": {"Effect": "Allow", "NotAction": "x:Y", "Resource": "*"}}},
            "a ceiling that is none": ceiling("*", "*"),
        },
        absent="pass",
        also_good={"denied": {"policy": {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}}},
    ),
    "iam-no-wildcard-action": ResourceCase(
        POLICY,
        good=GOOD,
        bad={
            "a service": allow("dynamodb:*"),
            "a service, loudly": allow(["DynamoDB:**"]),
            "all": allow("*"),
            "a family that deletes": allow("dynamodb:D*"),
            "a family that writes, in a list": allow(["dynamodb:GetItem", "S3:put*"]),
        },
        absent="pass",
        also_good={
            "a family": allow("kms:GenerateDataKey*", KEY),
            "a family that reads": allow("dynamodb:Describe*"),
            "a ceiling": ceiling("dynamodb:*", "*"),
        },
    ),
    "iam-no-wildcard-resource": ResourceCase(
        POLICY,
        good=GOOD,
        bad={
            "all": allow("dynamodb:GetItem", "*"),
            "all of a service": allow("s3:GetObject", "arn:aws:s3:::*"),
            "all of a service here": allow("sns:Publish", "arn:aws:sns:eu-central-1:333333333333:*"),
            "all but one": {"policy": {"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": KEY}}},
            "one too many": allow(["xray:PutTraceSegments", "dynamodb:GetItem"], "*"),
            "metrics of any name": allow("cloudwatch:PutMetricData", "*"),
            "every key is tagged": allow(["kms:CreateKey", "kms:TagResource"], "*"),
            "every key is tagged, if it has some tag": allow(
                ["kms:CreateKey", "kms:TagResource"], "*", Condition={"StringLike": {"aws:RequestTag/project": "*"}}
            ),
        },
        absent="pass",
        also_good={
            "what knows no resource": allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
            "metrics": allow("cloudwatch:PutMetricData", "*", **METRICS),
            "a key made with its tags": allow(
                ["kms:CreateKey", "kms:TagResource"],
                "*",
                Condition={"StringEquals": {"aws:RequestTag/project": "items-api"}},
            ),
            "a deployment is stopped": allow("codedeploy:StopDeployment", "*"),
            "a ceiling": ceiling("dynamodb:GetItem", "*"),
        },
    ),
    "iam-no-not-allow": ResourceCase(
        POLICY,
        good=GOOD,
        bad={
            "actions": {"policy": {"Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": TABLE}}},
            "resources": {"policy": {"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": KEY}}},
        },
        absent="pass",
        also_good={"denied": {"policy": {"Statement": {"Effect": "Deny", "NotAction": "s3:Get*", "Resource": "*"}}}},
    ),
    "iam-no-escalation": ResourceCase(
        ROLE_POLICY,
        good=allow("iam:PassRole", f"{ROLES}api", **PASSED),
        bad={
            "any role": allow("iam:PassRole", "*", **PASSED),
            "any role of the account": allow("iam:PassRole", f"{ROLES}*", **PASSED),
            "to any service": allow("iam:PassRole", f"{ROLES}api"),
            "to any service, in disguise": allow("IAM:Pass*", f"{ROLES}api"),
            "a key": allow("iam:CreateAccessKey", "arn:aws:iam::333333333333:user/a"),
            "a policy's next version": allow("iam:CreatePolicy*", "arn:aws:iam::333333333333:policy/a"),
            "any role by AssumeRole": allow("sts:AssumeRole", "*"),
        },
        absent="pass",
        also_good={
            "a family of roles": allow(["iam:CreateRole", "iam:PutRolePolicy"], f"{ROLES}api-role-*"),
            "a ceiling": ceiling("iam:*", "*"),
        },
    ),
    "iam-kms-decrypt-scoped": ResourceCase(
        ROLE_POLICY,
        good=allow("kms:Decrypt", KEY),
        bad={
            "all": allow("kms:Decrypt", "*"),
            "all of the account": allow("kms:*", "arn:aws:kms:eu-central-1:333333333333:key/*"),
            "in disguise": allow("kms:D*", "*"),
        },
        absent="pass",
        also_good={"what decrypts nothing": allow("kms:PutKeyPolicy", "arn:aws:kms:eu-central-1:3:key/*")},
    ),
    "iam-resources-own-account": ResourceCase(
        ROLE_POLICY,
        good=GOOD,
        bad={
            "another account": allow("dynamodb:GetItem", "arn:aws:dynamodb:eu-central-1:444444444444:table/items"),
            "another account's role": allow("sts:AssumeRole", "arn:aws:iam::444444444444:role/a"),
            "every account": allow("dynamodb:GetItem", "arn:aws:dynamodb:eu-central-1:*:table/items"),
            "the second of two": allow("dynamodb:GetItem", [TABLE, TABLE.replace("3", "4")]),
        },
        absent="pass",
        also_good={
            "a bucket": allow("s3:GetObject", "arn:aws:s3:::a-bucket/*"),
            "every region": allow("dynamodb:GetItem", TABLE.replace("eu-central-1", "*")),
            "everything": allow("xray:PutTraceSegments", "*"),
            "a Deny": {"policy": {"Statement": {"Effect": "Deny", "Action": "*", "Resource": TABLE.replace("3", "4")}}},
        },
    ),
}
