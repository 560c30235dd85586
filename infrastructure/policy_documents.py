"""IAM policy documents as typed data."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

import pulumi

Condition = Mapping[str, Mapping[str, str | Sequence[str]]]
Resources = pulumi.Input[str] | Sequence[pulumi.Input[str]]


class PolicyStatement(TypedDict, total=False):
    """One statement of an IAM policy."""

    Sid: str
    Effect: Literal["Allow", "Deny"]
    Principal: str | Mapping[str, str | Sequence[str]]
    Action: str | Sequence[str]
    NotAction: Sequence[str]
    Resource: Resources
    Condition: Condition


class Document(TypedDict):
    """A policy document."""

    Version: Literal["2012-10-17"]
    Statement: list[PolicyStatement]


def document(*statements: PolicyStatement) -> Document:
    """Return a policy document with these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(
    sid: str, actions: Sequence[str], resources: Sequence[pulumi.Input[str]], condition: Condition | None = None
) -> PolicyStatement:
    """Return a statement that allows actions on resources; a list of one is its value: IAM limits the characters."""
    statement: PolicyStatement = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": actions[0] if len(actions) == 1 else actions,
        "Resource": resources[0] if len(resources) == 1 else resources,
    }
    return {**statement, "Condition": condition} if condition else statement


def deny(
    sid: str, actions: Sequence[str], resources: Sequence[pulumi.Input[str]], condition: Condition | None = None
) -> PolicyStatement:
    """Return a statement that denies actions on resources."""
    return {**allow(sid, actions, resources, condition), "Effect": "Deny"}


def allow_service(
    sid: str,
    services: str | Sequence[str],
    actions: Sequence[str],
    resources: Sequence[pulumi.Input[str]],
    condition: Condition | None = None,
) -> PolicyStatement:
    """Return a statement of a resource policy that allows AWS services."""
    return {**allow(sid, actions, resources, condition), "Principal": {"Service": services}}


def allow_account(sid: str, account_id: str) -> PolicyStatement:
    """Return a statement of a key policy: the account's IAM policies control the key."""
    return {**allow(sid, ["kms:*"], ["*"]), "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"}}


def allow_logs(region: str, log_groups: str | Sequence[str]) -> PolicyStatement:
    """Return a statement of a key policy: CloudWatch Logs encrypts log groups with these ARNs, which may hold *."""
    return allow_service(
        "LogsEncrypt",
        f"logs.{region}.amazonaws.com",
        ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        ["*"],
        {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": log_groups}},
    )


def assume_role(service: str, *, sid: str | None = None, condition: Condition | None = None) -> Document:
    """Return the trust policy of a role that an AWS service assumes."""
    statement: PolicyStatement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    if sid:
        statement["Sid"] = sid
    if condition:
        statement["Condition"] = condition
    return document(statement)


def tls_only(action: str, *resources: pulumi.Input[str], principal: str | Mapping[str, str] = "*") -> PolicyStatement:
    """Return a statement of a resource policy that denies requests without TLS."""
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    return {**deny("TlsOnly", [action], resources, insecure), "Principal": principal}
