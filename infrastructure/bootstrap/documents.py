"""IAM policy documents as typed data."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

Condition = Mapping[str, Mapping[str, str | Sequence[str]]]


class Statement(TypedDict, total=False):
    """One statement of a policy, in IAM's own words."""

    Sid: str
    Effect: Literal["Allow", "Deny"]
    Principal: Mapping[str, str]
    Action: str | Sequence[str]
    NotAction: Sequence[str]
    Resource: str | Sequence[str]
    Condition: Condition


class Document(TypedDict):
    """A policy."""

    Version: Literal["2012-10-17"]
    Statement: list[Statement]


def document(*statements: Statement) -> Document:
    """A policy of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(sid: str, actions: Sequence[str], resources: Sequence[str], condition: Condition | None = None) -> Statement:
    """A statement that allows actions on resources."""
    statement: Statement = {"Sid": sid, "Effect": "Allow", "Action": _short(actions), "Resource": _short(resources)}
    return {**statement, "Condition": condition} if condition else statement


def deny(sid: str, actions: Sequence[str], resources: Sequence[str], condition: Condition | None = None) -> Statement:
    """A statement that denies actions on resources, whatever else is allowed."""
    return {**allow(sid, actions, resources, condition), "Effect": "Deny"}


def admit(
    sid: str, service: str, actions: Sequence[str], resources: Sequence[str], condition: Condition | None = None
) -> Statement:
    """A statement of a resource's own policy that lets an AWS service in."""
    return {**allow(sid, actions, resources, condition), "Principal": {"Service": service}}


def tls_only(bucket_arn: str) -> Statement:
    """A statement of a bucket's own policy that refuses whoever comes without TLS."""
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    return {**deny("TlsOnly", ["s3:*"], [bucket_arn, f"{bucket_arn}/*"], insecure), "Principal": {"AWS": "*"}}


def _short(values: Sequence[str]) -> str | Sequence[str]:
    """One value alone: IAM counts the characters of a policy."""
    return values[0] if len(values) == 1 else values
