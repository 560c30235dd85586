"""IAM policy documents as typed data."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

Condition = Mapping[str, Mapping[str, str | Sequence[str]]]


class PolicyStatement(TypedDict, total=False):
    """One statement of an IAM policy."""

    Sid: str
    Effect: Literal["Allow", "Deny"]
    Principal: Mapping[str, str]
    Action: str | Sequence[str]
    NotAction: Sequence[str]
    Resource: str | Sequence[str]
    Condition: Condition


class Document(TypedDict):
    """A policy document."""

    Version: Literal["2012-10-17"]
    Statement: list[PolicyStatement]


def document(*statements: PolicyStatement) -> Document:
    """Return a policy document with these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(
    sid: str, actions: Sequence[str], resources: Sequence[str], condition: Condition | None = None
) -> PolicyStatement:
    """Return a statement that allows actions on resources."""
    statement: PolicyStatement = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": _short(actions),
        "Resource": _short(resources),
    }
    return {**statement, "Condition": condition} if condition else statement


def deny(
    sid: str, actions: Sequence[str], resources: Sequence[str], condition: Condition | None = None
) -> PolicyStatement:
    """Return a statement that denies actions on resources."""
    return {**allow(sid, actions, resources, condition), "Effect": "Deny"}


def allow_service(
    sid: str, service: str, actions: Sequence[str], resources: Sequence[str], condition: Condition | None = None
) -> PolicyStatement:
    """Return a statement of a resource policy that allows an AWS service."""
    return {**allow(sid, actions, resources, condition), "Principal": {"Service": service}}


def tls_only(bucket_arn: str) -> PolicyStatement:
    """Return a statement of a bucket policy that denies requests without TLS."""
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    return {**deny("TlsOnly", ["s3:*"], [bucket_arn, f"{bucket_arn}/*"], insecure), "Principal": {"AWS": "*"}}


def _short(values: Sequence[str]) -> str | Sequence[str]:
    """Return a single value instead of a list of one: IAM limits the characters of a policy."""
    return values[0] if len(values) == 1 else values
