"""The two ceilings: what no role of a pipeline may ever do, and what no role may that a pipeline makes."""

from collections.abc import Iterable

from infrastructure.bootstrap.account import Account
from infrastructure.bootstrap.documents import Document, allow, deny, document
from infrastructure.bootstrap.service_linked import SERVICE_LINKED_ROLES

_KEY_USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*")
_STATE_USE = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket")
_IDENTITIES = (
    *("iam:*User*", "iam:*Group*", "iam:*AccessKey*", "iam:*LoginProfile*", "iam:*MFA*", "iam:*ServiceSpecific*"),
    *("iam:*SigningCertificate*", "iam:*SSHPublicKey*", "iam:*OpenIDConnect*", "iam:*SAML*", "iam:*Account*"),
    *("iam:CreatePolicy*", "iam:DeletePolicy*", "iam:SetDefaultPolicyVersion", "iam:AddRoleToInstanceProfile"),
)
_DECRYPTING_FOR_ROLES = ("dynamodb", "lambda", "secretsmanager")
"""The services that decrypt in the caller's name what a stack keeps: items, environment variables, the cursor key.

An AWS managed key's policy admits the account's roles through its service, but a boundary that is silent still refuses
(docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html). S3 encrypts with its own key, CloudWatch
Logs and SNS decrypt in their own name.
"""
_ROLE_CHANGES = ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary")


def ci_boundary(account: Account, services: Iterable[str]) -> Document:
    """The ceiling of a pipeline's roles: the services that its program has, and nothing that would raise the ceiling.

    Whatever its own policies say, such a role changes no user, key, policy or boundary, makes no role that lacks the
    workloads' boundary, and leaves the foundation, itself included, as it is.
    """
    prefix, workload = account.prefix, account.workload_boundary
    return document(
        allow("ServicesOfTheProgram", [f"{service}:*" for service in sorted(services)], ["*"]),
        deny("NoUsersKeysOrPolicies", list(_IDENTITIES), ["*"]),
        deny("BoundariesStay", ["iam:DeleteRolePermissionsBoundary"], ["*"]),
        deny(
            "NoRoleWithoutTheBoundary",
            list(_ROLE_CHANGES),
            ["*"],
            {"StringNotEquals": {"iam:PermissionsBoundary": workload}},
        ),
        deny(
            "ServiceLinkedRolesOfTheProgram",
            ["iam:CreateServiceLinkedRole"],
            ["*"],
            {"StringNotEquals": {"iam:AWSServiceName": list(SERVICE_LINKED_ROLES)}},
        ),
        {
            "Sid": "FoundationStays",
            "Effect": "Deny",
            "NotAction": [*_STATE_USE, *_KEY_USE],
            "Resource": [
                *(account.iam(f"{kind}/{prefix}-*") for kind in ("role", "policy")),
                f"arn:aws:budgets::{account.id}:budget/{prefix}-*",
                f"arn:aws:s3:::{prefix}-*",
                account.arn("kms", f"alias/{prefix}-*"),
                account.arn("logs", f"log-group:/{prefix}/*"),
                account.arn("sns", f"{prefix}-*"),
            ],
        },
        deny("TrailStaysUnread", ["s3:*"], [f"arn:aws:s3:::{prefix}-{use}-*" for use in ("trail", "logs")]),
        # A key's ARN says nothing of whose it is; its tag does, and only who may change the key may change that.
        {
            "Sid": "FoundationsKeysStay",
            "Effect": "Deny",
            "NotAction": list(_KEY_USE),
            "Resource": [f"arn:aws:kms:*:{account.id}:key/*"],
            "Condition": {"StringEquals": {"aws:ResourceTag/project": prefix}},
        },
    )


def workload_boundary(account: Account) -> Document:
    """The ceiling of the roles that a pipeline makes: to use what a stack has, never to change what it is."""
    return document(
        allow(
            "UseOfData",
            [
                *(f"dynamodb:{call}" for call in ("GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem")),
                *("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "secretsmanager:GetSecretValue"),
            ],
            ["*"],
        ),
        allow(
            "Telemetry",
            ["logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords"],
            ["*"],
        ),
        allow(
            "Delivery",
            ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"],
            [account.arn("lambda", "function:*")],
        ),
        allow("Alarms", ["cloudwatch:DescribeAlarms"], ["*"]),
        allow(
            "KeysOfServices",
            ["kms:Decrypt"],
            [account.arn("kms", "key/*")],
            {
                "StringEquals": {
                    "kms:ViaService": [f"{service}.{account.region}.amazonaws.com" for service in _DECRYPTING_FOR_ROLES]
                }
            },
        ),
        deny(
            "FoundationsKeysStayClosed",
            ["kms:*"],
            [f"arn:aws:kms:*:{account.id}:key/*"],
            {"StringEquals": {"aws:ResourceTag/project": account.prefix}},
        ),
        deny("FoundationStaysUnread", ["*"], [f"arn:aws:s3:::{account.prefix}-*"]),
    )
