"""Cases of the rules on the roles that functions and other services run with."""

from dataclasses import replace
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.iam import EXCLUSIVE_ATTACHMENTS, POLICY, ROLE, ROLE_ATTACHMENT, ROLE_POLICY

HERE = "eu-central-1:333333333333"
TABLE_ARN = f"arn:aws:dynamodb:{HERE}:table/items-1a2b3c4"
TABLE = Subject("aws:dynamodb/table:Table", {"arn": TABLE_ARN}, "table")
BUCKET = Subject("aws:s3/bucket:Bucket", {"bucket": "attachments-1a2b3c4"}, "bucket")
LOGS = Subject("aws:cloudwatch/logGroup:LogGroup", {"name": "/items/prod"}, "logs")
READ = "dynamodb:GetItem"


def role(service: str = "lambda.amazonaws.com") -> Subject:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return Subject(ROLE, {"name": "api-1a2b3c4", "assumeRolePolicy": {"Statement": [statement]}}, "role")


def grant(action: Any, resource: Any = TABLE_ARN, **element: Any) -> Subject:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **element}
    properties = {"role": "api-1a2b3c4", "policy": {"Statement": statement}}
    return Subject(ROLE_POLICY, properties, "grant", dependencies={"role": ("role",)})


def stack(granted: Subject, service: str = "lambda.amazonaws.com") -> tuple[Subject, ...]:
    return TABLE, BUCKET, LOGS, role(service), granted


def attached(arn: str, type_: str = ROLE_ATTACHMENT, **dependencies: tuple[str, ...]) -> tuple[Subject, ...]:
    path = "policyArns" if type_ == EXCLUSIVE_ATTACHMENTS else "policyArn"
    name = "roleName" if type_ == EXCLUSIVE_ATTACHMENTS else "role"
    properties = {name: "api-1a2b3c4", path: [arn] if path.endswith("s") else arn}
    return role(), Subject(type_, properties, "attached", dependencies=dependencies)


OWN_POLICY = Subject(POLICY, {"policy": {"Statement": {"Effect": "Allow", "Action": "dynamodb:DeleteTable"}}}, "own")
OF_AWS = "arn:aws:iam::aws:policy"


CASES = {
    "service-role-actions": StackCase(
        good=stack(grant([READ, "dynamodb:PutItem"])),
        bad={
            "deletes its table": stack(grant("dynamodb:DeleteTable")),
            "deletes its table, in another case": stack(grant(["DYNAMODB:deletetable"])),
            "deletes by a wildcard": stack(grant("dynamodb:D*")),
            "everything on its table": stack(grant("dynamodb:*")),
            "all but one": stack(grant(READ, NotAction="dynamodb:Scan")),
            "changes a bucket's policy": stack(grant("s3:PutBucketPolicy", "arn:aws:s3:::attachments-1a2b3c4")),
            "assumes a role": stack(grant("sts:AssumeRole", "arn:aws:iam::333333333333:role/admin")),
            "passes a role": stack(grant("iam:PassRole", "arn:aws:iam::333333333333:role/admin")),
            "changes code": stack(grant("lambda:UpdateFunctionCode", f"arn:aws:lambda:{HERE}:function:api")),
            "CodeDeploy changes code": stack(
                grant("lambda:UpdateFunctionCode", f"arn:aws:lambda:{HERE}:function:api"), "codedeploy.amazonaws.com"
            ),
            "a trail reads data": stack(grant(READ), "cloudtrail.amazonaws.com"),
            "a budget deletes data": stack(grant("dynamodb:DeleteTable"), "budgets.amazonaws.com"),
            "by the role's name": stack(replace(grant("dynamodb:DeleteTable"), dependencies={})),
            "by a managed policy": (*attached("arn:a", policyArn=("own",)), OWN_POLICY),
        },
        also_good={
            "a Deny": stack(grant("dynamodb:*", Effect="Deny")),
            "a queue": stack(grant(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"])),
            "CodeDeploy moves an alias": stack(grant("lambda:UpdateAlias"), "codedeploy.amazonaws.com"),
            "a schedule calls a function": stack(grant("lambda:InvokeFunction"), "scheduler.amazonaws.com"),
            "another kind of role": (
                Subject(ROLE, {"name": "api-1a2b3c4", "assumeRolePolicy": {"Statement": []}}, "role"),
                grant("dynamodb:DeleteTable"),
            ),
        },
    ),
    "service-role-resources": StackCase(
        good=stack(grant(READ)),
        bad={
            "every table": stack(grant(READ, f"arn:aws:dynamodb:{HERE}:table/*")),
            "tables that begin like it": stack(grant(READ, f"{TABLE_ARN}*")),
            "another table": stack(grant(READ, f"arn:aws:dynamodb:{HERE}:table/payments")),
            "its table and another": stack(grant(READ, [TABLE_ARN, f"arn:aws:dynamodb:{HERE}:table/payments"])),
            "its table in another region": stack(grant(READ, TABLE_ARN.replace("eu-central-1", "us-west-2"))),
            "its table in another account": stack(grant(READ, TABLE_ARN.replace("333333333333", "444444444444"))),
            "another secret": stack(grant("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:a")),
            "every object": stack(grant("s3:GetObject", "arn:aws:s3:::*/*")),
            "another log group": stack(grant("logs:PutLogEvents", f"arn:aws:logs:{HERE}:log-group:/other:*")),
            "every log group": stack(grant("logs:PutLogEvents", f"arn:aws:logs:{HERE}:log-group:*")),
            "a log group elsewhere": stack(
                grant("logs:PutLogEvents", "arn:aws:logs:eu-central-1:444444444444:log-group:/items/prod:*")
            ),
        },
        also_good={
            "an index": stack(grant("dynamodb:Query", f"{TABLE_ARN}/index/*")),
            "objects of its bucket": stack(grant("s3:GetObject", "arn:aws:s3:::attachments-1a2b3c4/pending/*")),
            "its log group": stack(grant("logs:PutLogEvents", f"arn:aws:logs:{HERE}:log-group:/items/prod:*")),
            "a table that is not created yet": (
                replace(TABLE, properties={"name": "items-1a2b3c4"}),
                *(role(), grant(READ)),
            ),
            "no resource": stack(grant("xray:PutTraceSegments", "*")),
            "a Deny": stack(grant("dynamodb:*", f"arn:aws:dynamodb:{HERE}:table/*", Effect="Deny")),
        },
    ),
    "role-policies-in-stack": StackCase(
        good=(*attached("arn:a", policyArn=("own",)), OWN_POLICY),
        bad={
            **{
                name: attached(f"{OF_AWS}/{name}")
                for name in ("AdministratorAccess", "ReadOnlyAccess", "service-role/AWSLambdaBasicExecutionRole")
            },
            "of another stack": attached("arn:aws:iam::333333333333:policy/team"),
            "of another account": attached("arn:aws:iam::444444444444:policy/team"),
            "exclusively": attached(f"{OF_AWS}/ReadOnlyAccess", EXCLUSIVE_ATTACHMENTS),
        },
        also_good={
            "traces": attached(f"{OF_AWS}/AWSXRayDaemonWriteAccess"),
            "by its ARN": (
                *attached("arn:aws:iam::333333333333:policy/own"),
                replace(OWN_POLICY, properties={"arn": "arn:aws:iam::333333333333:policy/own"}),
            ),
        },
    ),
}
