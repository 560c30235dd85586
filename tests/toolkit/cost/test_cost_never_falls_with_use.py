"""More use never costs less, whatever the profile."""

from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.stacks import ROOT
from toolkit.cost.estimate import estimate
from toolkit.cost.prices import list_prices
from toolkit.cost.usage import Usage
from toolkit.stacks import evaluate
from toolkit.stacks.inputs import StackInputs, inputs_of

COUNTS = ("requests", "table-items", "object-puts", "object-gets", "monthly-active-users", "machine-tokens")
AMOUNTS = (
    "duration-ms",
    "cold-start-ms",
    "response-kb",
    "log-bytes-per-request",
    "reads-per-request",
    "objects-gb",
)
KINDS = ("none", "credits", "legacy-12m")


@cache
def prod() -> StackInputs:
    return inputs_of(evaluate("prod", root=ROOT))


def profiles() -> st.SearchStrategy[dict[str, Any]]:
    keys: dict[str, Any] = {name: st.integers(0, 10**10) for name in COUNTS}
    keys |= {name: st.floats(0, 10**6, allow_subnormal=False) for name in AMOUNTS}
    keys["cold-start-share"] = st.floats(0, 1, allow_subnormal=False)
    keys["account-kind"] = st.sampled_from(KINDS)
    return st.fixed_dictionaries(keys)


@settings(max_examples=60)
@given(profile=profiles(), key=st.sampled_from(COUNTS + AMOUNTS), times=st.integers(2, 1000))
def test_more_use_never_costs_less(profile: dict[str, Any], key: str, times: int) -> None:
    more = {**profile, key: profile[key] * times}
    before, after = (estimate(prod(), Usage.model_validate(one), list_prices()) for one in (profile, more))

    assert after.expected >= before.expected * (1 - 1e-9)
    assert after.worst >= before.worst * (1 - 1e-9)


@settings(max_examples=60)
@given(profile=profiles())
def test_expected_month_never_costs_more_than_the_worst_month(profile: dict[str, Any]) -> None:
    one = estimate(prod(), Usage.model_validate(profile), list_prices())

    assert one.worst >= one.expected
    assert all(line.expected >= 0 for line in one.lines)


@settings(max_examples=60)
@given(profile=profiles())
def test_free_tier_never_increases_the_cost(profile: dict[str, Any]) -> None:
    sums = [
        estimate(prod(), Usage.model_validate({**profile, "account-kind": kind}), list_prices()).expected
        for kind in KINDS
    ]

    assert sums[0] >= sums[1] * (1 - 1e-9)
    assert sums[1] >= sums[2] * (1 - 1e-9)
