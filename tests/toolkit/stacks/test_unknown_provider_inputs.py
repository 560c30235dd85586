"""Rules on inputs of a provider that are not known yet."""

from typing import Any

import pytest

from policies.rules.every_resource import required_tags
from policies.rules.iam.roles import iam_trust_limited
from policies.rules.provider import provider_account_pinned, provider_region_allowed
from tests.support.policy_servicer import PROVIDER, UNKNOWN, Servicer, Subject
from toolkit.policy.rule import Rule
from toolkit.resource_types.iam import ROLE

TRUST = {"Statement": {"Effect": "Allow", "Principal": {"AWS": "333333333333"}, "Action": "sts:AssumeRole"}}


def violations(rule: Rule, subject: Subject, *, preview: bool) -> list[Any]:
    servicer = Servicer([rule], preview=preview)
    found = [*servicer.analyze(subject), *servicer.analyze_stack(subject)]
    return [one for one in found if one.policyName == rule.name]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("region", provider_region_allowed),
        ("allowedAccountIds", provider_account_pinned),
        ("allowedAccountIds", iam_trust_limited),
        ("defaultTags", required_tags),
    ],
)
def test_unknown_provider_input_fails_an_update_and_not_a_preview(name: str, rule: Rule) -> None:
    subject = Subject(ROLE, {"assumeRolePolicy": TRUST}, provider={**PROVIDER, name: UNKNOWN})
    assert violations(rule, subject, preview=True) == []
    assert violations(rule, subject, preview=False)
