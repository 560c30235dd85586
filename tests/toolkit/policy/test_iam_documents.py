"""The evaluation of policy documents, on plain values."""

import json
import time
from typing import Any

import pytest

from toolkit.policy.iam.evaluation import PolicyResult, evaluate_policies
from toolkit.policy.iam.wildcards import PLAIN, Comparison, compile_pattern

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/items"


def verdict(*statements: dict[str, Any], action: str = "dynamodb:GetItem", resource: str = TABLE) -> PolicyResult:
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return evaluate_policies([document], action, resource, {"aws:securetransport": "true"})


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def test_action_without_statement_is_implicitly_denied() -> None:
    assert verdict() is PolicyResult.SILENT


@pytest.mark.parametrize("pattern", ["*", "dynamodb:*", "dynamodb:Get*", "DynamoDB:getitem", "dynamodb:?etItem"])
def test_action_pattern_matches_in_any_case(pattern: str) -> None:
    assert verdict(allow(pattern)) is PolicyResult.ALLOWED


@pytest.mark.parametrize("pattern", ["dynamodb:Get", "dynamodb:PutItem", "s3:*", "dynamodb.GetItem"])
def test_pattern_of_another_action_does_not_match(pattern: str) -> None:
    assert verdict(allow(pattern)) is PolicyResult.SILENT


def test_resource_is_matched_whole_and_dots_are_dots() -> None:
    assert verdict(allow(resource=TABLE)) is PolicyResult.ALLOWED
    assert verdict(allow(resource=TABLE), resource=f"{TABLE}/index/by-name") is PolicyResult.SILENT
    assert verdict(allow(resource="arn:aws:s3:::a.b"), resource="arn:aws:s3:::aXb") is PolicyResult.SILENT


def test_explicit_deny_overrides_allow_in_any_order() -> None:
    denial = {"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}
    assert verdict(denial, allow()) is verdict(allow(), denial) is PolicyResult.DENIED


def test_not_action_and_not_resource_exclude_what_they_name() -> None:
    but_iam = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    assert verdict(but_iam) is PolicyResult.ALLOWED
    assert verdict(but_iam, action="iam:GetUser") is PolicyResult.SILENT
    elsewhere = {"Effect": "Allow", "Action": "*", "NotResource": TABLE}
    assert verdict(elsewhere) is PolicyResult.SILENT


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        ({"Bool": {"aws:SecureTransport": True}}, True),
        ({"StringEquals": {"aws:PrincipalTag/team": "a"}}, False),
        ({"StringEqualsIfExists": {"aws:PrincipalTag/team": "a"}}, True),
        ({"StringNotEquals": {"aws:PrincipalTag/team": "a"}}, True),
        ({"StringLike": {"aws:SecureTransport": ["t*", "x"]}}, True),
        ({"Null": {"aws:PrincipalTag/team": "true"}}, True),
        ({"Null": {"aws:SecureTransport": "true"}}, False),
        ({"Null": {"aws:SecureTransport": False}}, True),
    ],
)
def test_statement_applies_only_where_its_conditions_hold(condition: dict[str, Any], holds: bool) -> None:
    assert verdict(allow(Condition=condition)) is (PolicyResult.ALLOWED if holds else PolicyResult.SILENT)


@pytest.mark.parametrize("text", ["*" * 300 + "b", "*a" * 40 + "b", "arn:aws:iam::*" + "*a" * 40 + "b"])
def test_pattern_with_many_wildcards_is_decided_without_backtracking(text: str) -> None:
    for form in (PLAIN, Comparison(by_segment=True)):
        pattern = compile_pattern(text, {}, form, variables=False)
        started = time.monotonic()
        assert pattern is not None
        assert pattern.fullmatch("arn:aws:iam::" + "a" * 200) is None
        assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("text", "value", "matches"),
    [
        ("a*b*c", "a-b-b-c-c", True),
        ("a*b*c", "a-c-b", False),
        ("*", "", True),
        ("**", "x", True),
        ("*?", "", False),
        ("a*ab", "aab", True),
        ("a*ab", "ab", False),
        ("*a?c*", "xxaaac-", True),
        ("a**c", "abc", True),
    ],
)
def test_pattern_matches_with_wildcards_segments_and_case(text: str, value: str, matches: bool) -> None:
    pattern = compile_pattern(text, {}, variables=False)
    assert pattern is not None
    assert (pattern.fullmatch(value) is not None) is matches
