"""The two permissions boundaries: of the pipeline's roles, and of the roles that a pipeline creates."""

import json
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.bootstrap.account import Account
from infrastructure.bootstrap.managed_types import SERVICE_LINKED_ROLES
from infrastructure.bootstrap.permissions import SERVICES
from infrastructure.policy_documents import Document, allow, deny, document

_KEY_USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*")
_STATE_USE = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket")
_IDENTITIES = (
    *("iam:*User*", "iam:*Group*", "iam:*AccessKey*", "iam:*LoginProfile*", "iam:*MFA*", "iam:*ServiceSpecific*"),
    *("iam:*SigningCertificate*", "iam:*SSHPublicKey*", "iam:*OpenIDConnect*", "iam:*SAML*", "iam:*Account*"),
    *("iam:CreatePolicy*", "iam:DeletePolicy*", "iam:SetDefaultPolicyVersion", "iam:AddRoleToInstanceProfile"),
)
_DECRYPTING_SERVICES = ("dynamodb", "lambda", "secretsmanager")
"""The services that decrypt data with the permissions of their caller: records, environment variables, secrets.

The policy of an AWS managed key allows the account's roles through its service; the boundary must allow it, too
(docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html). S3 uses its own key;
CloudWatch Logs uses its own permissions. SNS encrypts a message with those of the publisher
(docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
"""
_TABLE_USE = (
    *(
        "BatchGetItem",
        "BatchWriteItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    ),
    *("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"),
)
_QUEUE_USE = ("ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage", "SendMessage")
_ROLE_CHANGES = ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary")


@final
class Boundaries(pulumi.ComponentResource):
    """The boundary of the pipeline's roles, and that of roles which the pipeline creates.

    Creates: two aws.iam.Policy.
    """

    ci: pulumi.Output[str]
    workload: pulumi.Output[str]

    def __init__(self, name: str, args: Account, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:bootstrap:Boundaries", name, None, opts)
        protected = pulumi.ResourceOptions(parent=self, protect=True)
        workload = aws.iam.Policy(
            f"{name}-workload",
            name=f"{args.prefix}-workload",
            description="The ceiling of roles that a pipeline makes",
            policy=json.dumps(workload_boundary(args)),
            tags={"use": "boundary"},
            opts=protected,
        )
        ci = aws.iam.Policy(
            f"{name}-ci",
            name=f"{args.prefix}-ci",
            description="The ceiling of the pipeline's own roles",
            policy=json.dumps(ci_boundary(args)),
            tags={"use": "boundary"},
            opts=protected,
        )
        self.workload, self.ci = workload.arn, ci.arn
        self.register_outputs({"workload": self.workload, "ci": self.ci})


def ci_boundary(account: Account) -> Document:
    """Return the boundary of the pipeline's roles: the services of the program, without privilege escalation.

    Such a role cannot change users, access keys, policies or boundaries, create a role without the workload boundary,
    or change bootstrap resources, itself included.
    """
    prefix, workload = account.prefix, account.workload_boundary
    return document(
        allow("ServicesOfTheProgram", [f"{service}:*" for service in sorted(SERVICES)], ["*"]),
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
        # The ARN of a key does not name its owner; its tag does, and only a role that may change the key can change it.
        {
            "Sid": "FoundationsKeysStay",
            "Effect": "Deny",
            "NotAction": list(_KEY_USE),
            "Resource": [f"arn:aws:kms:*:{account.id}:key/*"],
            "Condition": {"StringEquals": {"aws:ResourceTag/project": prefix}},
        },
    )


def workload_boundary(account: Account) -> Document:
    """Return the boundary of roles that a pipeline creates: they use resources and cannot change them."""
    own, bootstrap = f"{account.project}-*", f"{account.prefix}-*"
    return document(
        allow(
            "UseOfData",
            [
                *(f"dynamodb:{call}" for call in _TABLE_USE),
                *("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "secretsmanager:GetSecretValue"),
            ],
            ["*"],
        ),
        allow("Messages", [f"sqs:{call}" for call in _QUEUE_USE], [account.arn("sqs", own)]),
        allow("Publish", ["sns:Publish"], [account.arn("sns", own)]),
        allow("Parameters", ["ssm:GetParameter"], [account.arn("ssm", f"parameter/{account.project}/*")]),
        allow("Schedules", ["lambda:InvokeFunction"], [account.arn("lambda", f"function:{own}")]),
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
                    "kms:ViaService": [f"{service}.{account.region}.amazonaws.com" for service in _DECRYPTING_SERVICES]
                }
            },
        ),
        allow(
            "KeyOfTopics",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            [account.arn("kms", "key/*")],
            {"StringEquals": {"kms:ViaService": f"sns.{account.region}.amazonaws.com"}},
        ),
        deny(
            "FoundationsKeysStayClosed",
            ["kms:*"],
            [f"arn:aws:kms:*:{account.id}:key/*"],
            {"StringEquals": {"aws:ResourceTag/project": account.prefix}},
        ),
        deny("FoundationStaysUnread", ["*"], [f"arn:aws:s3:::{bootstrap}", account.arn("sns", bootstrap)]),
    )
