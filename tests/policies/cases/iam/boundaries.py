"""Cases of the rules on permissions boundaries."""

from dataclasses import replace
from typing import Any

from tests.policies.cases.iam.github import PROD, deploying
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.iam import POLICY, ROLE, ROLE_ATTACHMENT, ROLE_POLICY

ACCOUNT = "arn:aws:iam::333333333333"
WORKLOAD = f"{ACCOUNT}:policy/items-api-bootstrap-workload"
LAMBDA = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
IDENTITIES = ("*User*", "*Group*", "*AccessKey*", "*LoginProfile*", "*OpenIDConnect*", "*SAML*", "*AccountPassword*")
POLICIES = ("CreatePolicy*", "DeletePolicy*", "SetDefaultPolicyVersion", "AddRoleToInstanceProfile")
ON_ROLES = ("CreateRole", "PutRolePolicy", "AttachRolePolicy", "PutRolePermissionsBoundary")


def role(boundary: str | None = WORKLOAD, **dependencies: tuple[str, ...]) -> Subject:
    properties: dict[str, Any] = {"assumeRolePolicy": {"Statement": LAMBDA}}
    return Subject(
        ROLE,
        {**properties, "permissionsBoundary": boundary} if boundary else properties,
        "runtime",
        dependencies=dependencies,
    )


def taken_by_github(boundary: str, *policies: str) -> Subject:
    found = deploying(PROD)
    dependencies = {"permissionsBoundary": policies} if policies else {}
    properties = {"assumeRolePolicy": found.properties["assumeRolePolicy"], "permissionsBoundary": boundary}
    return replace(found, properties=properties, dependencies=dependencies)


def deny(*actions: str, resource: Any = "*", **element: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": [f"iam:{each}" for each in actions], "Resource": resource, **element}


def held(operator: str, value: Any) -> dict[str, Any]:
    return {operator: {"iam:PermissionsBoundary": value}}


NO_IDENTITIES = deny(*IDENTITIES, *POLICIES)
BOUNDARIES_STAY = deny("DeleteRolePermissionsBoundary")
LINKED_ROLES = deny("CreateServiceLinkedRole")
ONLY_BOUNDED = deny(*ON_ROLES, Condition=held("StringNotEquals", WORKLOAD))
KEPT = deny("*", resource=f"{ACCOUNT}:role/ci")
BUCKET = Subject("aws:s3/bucket:Bucket", {"bucket": "state"}, "bucket")
KEY = Subject("aws:kms/key:Key", {"tags": {"project": "bootstrap"}}, "key")
LOGS = Subject("aws:cloudwatch/logGroup:LogGroup", {"name": "/bootstrap/trail"}, "logs")
KMS = {"Effect": "Allow", "Action": ["kms:*", "logs:*"], "Resource": "*"}
KEY_STAYS = {
    "Effect": "Deny",
    "Action": "kms:*",
    "Resource": "arn:aws:kms:*:333333333333:key/*",
    "Condition": {"StringEquals": {"aws:ResourceTag/project": "bootstrap"}},
}
LOGS_STAY = {
    "Effect": "Deny",
    "Action": "logs:*",
    "Resource": "arn:aws:logs:eu-central-1:333333333333:log-group:/bootstrap/*",
}
NO_BUCKET = {"Effect": "Deny", "Action": "s3:*", "Resource": ["arn:aws:s3:::state", "arn:aws:s3:::state/*"]}
USE = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"}


def bootstrap(*ci: dict[str, Any], runtime: tuple[dict[str, Any], ...] = (USE, NO_BUCKET)) -> tuple[Subject, ...]:
    tags = {"use": "boundary"}
    allowed = {"Effect": "Allow", "Action": ["iam:*", "s3:*"], "Resource": "*"}
    return (
        *(BUCKET, KEY, LOGS),
        Subject(
            POLICY,
            {
                "name": "items-api-bootstrap-workload",
                "tags": tags,
                "policy": {"Statement": list(runtime)},
                "arn": WORKLOAD,
            },
            "workload",
        ),
        Subject(POLICY, {"name": "ci", "tags": tags, "policy": {"Statement": [allowed, *ci]}}, "ci"),
        replace(
            taken_by_github(f"{ACCOUNT}:policy/ci", "ci"),
            properties={**taken_by_github(f"{ACCOUNT}:policy/ci").properties, "name": "ci"},
        ),
    )


ALL = (NO_IDENTITIES, BOUNDARIES_STAY, LINKED_ROLES, ONLY_BOUNDED, KEPT, NO_BUCKET, KMS, KEY_STAYS, LOGS_STAY)


def without(lost: dict[str, Any], *instead: dict[str, Any]) -> tuple[Subject, ...]:
    return bootstrap(*(each for each in ALL if each is not lost), *instead)


BOUNDARY_POLICY = Subject(POLICY, {"tags": {"use": "boundary"}}, "boundary")
GRANT = Subject(POLICY, {"policy": "{}"}, "grant")


def attached(name: str) -> Subject:
    return Subject(ROLE_ATTACHMENT, {"role": "api"}, "attached", dependencies={"policyArn": (name,)})


def granting(action: Any, resource: str = "arn:aws:dynamodb:eu-central-1:333333333333:table/a", **more: Any) -> Subject:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return Subject(ROLE_POLICY, {"policy": {"Statement": statement}}, "grant", dependencies={"role": ("runtime",)})


def through(service: str) -> dict[str, Any]:
    return {"Condition": {"StringEquals": {"kms:ViaService": f"{service}.eu-central-1.amazonaws.com"}}}


OWN_KEY = "arn:aws:kms:eu-central-1:333333333333:key/a"
OWN_BOUNDARY = (
    role("arn:a", permissionsBoundary=("own",)),
    Subject(
        POLICY,
        {
            "name": "a",
            "policy": {
                "Statement": [
                    {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
                    {"Effect": "Deny", "Action": "dynamodb:DeleteItem", "Resource": "*"},
                ]
            },
        },
        "own",
    ),
)

CASES = {
    "iam-role-boundary": StackCase(
        good=(role(),),
        bad={
            "none": (role(None),),
            "of another account": (role(WORKLOAD.replace("3", "4")),),
            "of another name": (role(f"{ACCOUNT}:policy/another"),),
            "of AWS": (role("arn:aws:iam::aws:policy/AdministratorAccess"),),
            "of the pipeline": (role(f"{ACCOUNT}:policy/items-api-bootstrap-ci"),),
            "a role of the pipeline without": (taken_by_github(f"{ACCOUNT}:policy/another"),),
            "called otherwise": tuple(
                replace(each, properties={**each.properties, "name": "another"}) if each.name == "workload" else each
                for each in bootstrap(*ALL)
            ),
        },
        also_good={
            "of this stack": (role("arn:a", permissionsBoundary=("own",)), Subject(POLICY, {"name": "a"}, "own")),
            "a role of the pipeline": bootstrap(*ALL),
        },
    ),
    "iam-boundary-refuses": StackCase(
        good=bootstrap(*ALL),
        bad={
            "permits users": without(NO_IDENTITIES),
            "permits policies": without(NO_IDENTITIES, deny(*IDENTITIES)),
            "permits users of another path": without(NO_IDENTITIES, {**NO_IDENTITIES, "Resource": f"{ACCOUNT}:user/a"}),
            "permits users with MFA": without(
                NO_IDENTITIES, {**NO_IDENTITIES, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}
            ),
            "permits to remove a boundary": without(BOUNDARIES_STAY),
            "permits to link any service": without(LINKED_ROLES),
            "permits roles without a boundary": without(ONLY_BOUNDED),
            "permits roles with any boundary": without(
                ONLY_BOUNDED, deny(*ON_ROLES, Condition=held("StringNotLike", "*"))
            ),
            "permits roles with another boundary": without(
                ONLY_BOUNDED, deny(*ON_ROLES, Condition=held("ArnNotEquals", [WORKLOAD, f"{ACCOUNT}:policy/another"]))
            ),
            "permits roles if a boundary is sent": without(
                ONLY_BOUNDED,
                deny(
                    *ON_ROLES,
                    Condition=held("ForAnyValue:StringNotEquals", WORKLOAD) | {"Null": {"a": "true", "b": "false"}},
                ),
            ),
            "permits to change its own role": without(KEPT),
            "permits to change the bucket": without(NO_BUCKET),
            "permits to change the key": without(KEY_STAYS),
            "permits to change keys of another tag": without(
                KEY_STAYS, {**KEY_STAYS, "Condition": {"StringEquals": {"aws:ResourceTag/project": "another"}}}
            ),
            "permits to delete the trail's log group": without(LOGS_STAY),
            "runtime roles delete tables": bootstrap(
                *ALL, runtime=({**USE, "Action": "dynamodb:DeleteTable"}, NO_BUCKET)
            ),
            "runtime roles change IAM": bootstrap(*ALL, runtime=({**USE, "Action": "iam:*"}, NO_BUCKET)),
            "runtime roles read the bucket": bootstrap(*ALL, runtime=(USE,)),
        },
        also_good={
            "another order": bootstrap(*reversed(ALL)),
            "two statements instead of one": without(NO_IDENTITIES, deny(*IDENTITIES), deny(*POLICIES)),
            "without IfExists or with": without(
                ONLY_BOUNDED, deny(*ON_ROLES, Condition=held("StringNotEqualsIfExists", [WORKLOAD]))
            ),
            "a boundary beside the data of its stack": (
                BUCKET,
                Subject(POLICY, {"tags": {"use": "boundary"}, "policy": {"Statement": USE}}, "own"),
            ),
        },
    ),
    "iam-boundary-grants-nothing": StackCase(
        good=(BOUNDARY_POLICY, GRANT, attached("grant")),
        bad={"as a policy": (BOUNDARY_POLICY, GRANT, attached("boundary"))},
    ),
    "iam-role-within-boundary": StackCase(
        good=(role(), granting(["dynamodb:GetItem", "dynamodb:Query"])),
        bad={
            "an action that the account's boundary lacks": (role(), granting(["dynamodb:GetItem", "ses:SendEmail"])),
            "an action on a bucket that it denies": (
                role(),
                granting("s3:GetObject", "arn:aws:s3:::items-api-bootstrap-state-333333333333/*"),
            ),
            "a key through a service that it does not name": (
                role(),
                granting("kms:Decrypt", OWN_KEY, **through("ses")),
            ),
            "an action that a boundary of this stack excludes": (*OWN_BOUNDARY, granting("iam:GetRole", "*")),
            "an action that a boundary of this stack denies": (*OWN_BOUNDARY, granting("dynamodb:DeleteItem")),
        },
        also_good={
            "a key through a service that it names": (
                role(),
                granting("kms:Decrypt", OWN_KEY, **through("secretsmanager")),
            ),
            "within a boundary of this stack": (*OWN_BOUNDARY, granting("ses:SendEmail")),
            "without a boundary": (role(None), granting("ses:SendEmail")),
        },
    ),
}
