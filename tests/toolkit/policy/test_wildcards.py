"""Patterns of IAM and CloudFront: `*` and `?` alone are special."""

import pytest

from toolkit.policy.iam.wildcards import Comparison, compile_pattern, overlap


def matches(pattern: str, text: str, form: Comparison = Comparison()) -> bool:  # noqa: B008 - it is frozen
    found = compile_pattern(pattern, {}, form, variables=False)
    return found is not None and found.fullmatch(text) is not None


@pytest.mark.parametrize(
    ("pattern", "text", "result"),
    [
        ("arn:aws:sqs:*:queue", "arn:aws:sqs:eu-central-1:queue", True),
        ("item-?", "item-1", True),
        ("item-?", "item-12", False),
        ("[ab]", "[ab]", True),
        ("[ab]", "a", False),
        ("a.b", "axb", False),
    ],
)
def test_pattern_matches_the_whole_text_only(pattern: str, text: str, *, result: bool) -> None:
    assert matches(pattern, text) is result


def test_pattern_is_case_sensitive_by_default() -> None:
    assert not matches("s3:get*", "s3:GetObject")
    assert matches("s3:get*", "s3:GetObject", Comparison(ignore_case=True))


@pytest.mark.parametrize("length", [10, 5_000])
def test_long_patterns_overlap_where_one_text_matches_both(length: int) -> None:
    assert overlap(f"{'a' * length}*", f"*{'a' * length}")
    assert not overlap(f"{'a' * length}b", f"{'a' * length}c")
