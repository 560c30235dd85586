"""Policy documents, however their JSON spells them."""

from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.policy.iam.documents import Statement, every_statement, statements
from toolkit.stacks import Resource
from toolkit.stacks.inputs import UNKNOWN, Inputs, UnknownPropertyError

RESOURCE = Resource("urn", "aws:iam/policy:Policy", "p", True, "", None, {}, {})


def read(*found: dict[str, Any]) -> tuple[Statement, ...]:
    return statements(Inputs(RESOURCE, {"policy": {"Statement": list(found)}}), "policy")


def one(**element: Any) -> Statement:
    return read({"Effect": "Allow", **element})[0]


def test_one_statement_counts_as_a_list_of_one() -> None:
    document = Inputs(RESOURCE, {"policy": '{"Statement": {"Effect": "Allow", "Action": "s3:GetObject"}}'})
    assert [each.actions for each in statements(document, "policy")] == [("s3:GetObject",)]


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::1:root", "*"]}])
def test_any_principal_is_recognized_in_each_spelling(principal: Any) -> None:
    assert one(Principal=principal).has_any_principal


@pytest.mark.parametrize("action", ["iam:PassRole", "IAM:passrole", "iam:Pass*", "iam:Pass?ole", "*:*ole", "*"])
def test_action_matches_whatever_its_case_and_wildcards(action: str) -> None:
    assert one(Action=action).matches("iam:PassRole")


def test_not_action_counts_as_every_action() -> None:
    assert one(NotAction="s3:*").matches("iam:PassRole")


@given(st.text("ab*?", max_size=6), st.text("ab", max_size=6))
def test_pattern_overlaps_a_text_only_if_it_matches(pattern: str, text: str) -> None:
    assert one(Action=pattern).matches(text) is fnmatchcase(text, pattern)


@given(st.text("ab*?", max_size=5), st.text("ab*?", max_size=5), st.text("ab", max_size=5))
def test_patterns_that_match_the_same_text_overlap(first: str, second: str, text: str) -> None:
    if fnmatchcase(text, first) and fnmatchcase(text, second):
        assert one(Action=first).matches(second)


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        *(("StringEquals", "1"), ("StringLike", ["1", "2*"]), ("ForAnyValue:StringEquals", "1")),
        ("ArnLike", "arn:aws:s3:::a-bucket"),
    ],
)
def test_condition_that_excludes_other_values_is_a_restriction(operator: str, value: Any) -> None:
    assert one(Condition={operator: {"aws:SourceArn": value}}).restrictions("aws:sourcearn")


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        *(("StringEqualsIfExists", "1"), ("ForAllValues:StringEquals", "1"), ("StringNotEquals", "1")),
        *(("StringLike", "*"), ("StringLike", ["1", "*"]), ("Null", False), ("ArnLike", "arn:aws:sns:*:*:topic")),
    ],
)
def test_condition_that_other_values_meet_is_no_restriction(operator: str, value: Any) -> None:
    assert not one(Condition={operator: {"aws:SourceArn": value}}).restrictions("aws:sourcearn")


def test_unknown_statement_does_not_hide_a_violation() -> None:
    document = Inputs(RESOURCE, {"policy": {"Statement": [UNKNOWN, {"Effect": "Allow"}, {"Effect": "Deny"}]}})
    broken = every_statement(statements(document, "policy"), lambda each: each.denies)
    assert [part.place for part in broken] == ["policy.Statement[1]"]  # type: ignore[union-attr] # a break has parts
    with pytest.raises(UnknownPropertyError):
        every_statement(statements(document, "policy"), lambda each: each.allows or each.denies)
