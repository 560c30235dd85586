"""Functions with tables and buckets that keep each rule, and with such that break it."""

from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import EVENT_SOURCE_MAPPING, FUNCTION
from toolkit.resource_types.s3 import BUCKET

TTL = {"ttl": {"attributeName": "expires_at", "enabled": True}}
USES = {"environment": ("sessions",)}


def sessions(**properties: Any) -> Subject:
    return Subject(TABLE, {"name": "sessions-1", **properties}, "sessions")


def function(**variables: str) -> Subject:
    return Subject(FUNCTION, {"environment": {"variables": variables}}, "function", dependencies=USES)


KNOWS = function(SESSION_TABLE="sessions-1")
STREAM = {"streamEnabled": True, "streamViewType": "NEW_IMAGE"}

CASES = {
    "dynamodb-ttl": StackCase(
        good=(KNOWS, sessions(**TTL)),
        bad={
            "off": (KNOWS, sessions(ttl={"attributeName": "expires_at", "enabled": False})),
            "absent": (KNOWS, sessions()),
            "another attribute": (KNOWS, sessions(ttl={"attributeName": "created_at", "enabled": True})),
        },
        also_good={
            "a table of another kind": (function(AUDIT_TABLE="sessions-1"), sessions()),
            "no function": (sessions(),),
        },
    ),
    "function-data-own": StackCase(
        good=(KNOWS, sessions()),
        bad={
            "a table of another stack": (function(SESSION_TABLE="sessions-2"), sessions()),
            "a bucket of another stack": (
                function(ATTACHMENT_BUCKET="other"),
                Subject(BUCKET, {"bucket": "own"}, "bucket"),
            ),
        },
        also_good={"no tables": (function(LOG_LEVEL="INFO"),)},
    ),
    "dynamodb-stream-read": StackCase(
        good=(
            sessions(**STREAM),
            Subject(EVENT_SOURCE_MAPPING, {}, "reads", dependencies={"eventSourceArn": ("sessions",)}),
        ),
        bad={"by nothing": (sessions(**STREAM),)},
        also_good={
            "by replicas": (sessions(**STREAM, replicas=[{"regionName": "us-east-1"}]),),
            "by its ARN": (
                sessions(**STREAM, streamArn="arn:stream"),
                Subject(EVENT_SOURCE_MAPPING, {"eventSourceArn": "arn:stream"}, "reads"),
            ),
        },
    ),
}
