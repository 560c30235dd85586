"""Every stack of this project passes what would block it, and what it is warned of is known."""

import json
from functools import cache
from pathlib import Path

import pytest

from policies.pack import PACK
from tests.support.accounts import BOOTSTRAP, EVERY_ACCOUNT
from tests.support.stacks import DOMAIN, ORIGIN_KEY, ROOT, configured
from tests.support.whole_program import STACKS, copy_program
from toolkit.policy.assessment import Assessment, assess_offline
from toolkit.policy.evaluation import Outcome

FRONTS = {
    "a domain": {"domain": DOMAIN},
    "a domain and an edge": {"domain": DOMAIN, "edge": {}},
}


@cache
def assessed(stack: str, root: Path) -> Assessment:
    return assess_offline(PACK, stack, root)


def blocking(assessment: Assessment) -> list[tuple[str, str, tuple[str, ...]]]:
    assert assessment.results
    return [(one.rule.name, one.urn, one.messages) for one in assessment.blocking]


@pytest.mark.parametrize("stack", sorted(STACKS))
def test_stack_passes_every_blocking_rule(stack: str) -> None:
    assessment = assessed(stack, ROOT)
    assert blocking(assessment) == []
    assert assessment.stack.environment == stack


@pytest.mark.parametrize(
    ("stack", "front"),
    [
        ("dev", "a domain"),  # an edge has a firewall, which is for staging and prod
        *((stack, front) for stack in ("staging", "prod") for front in FRONTS),
    ],
)
def test_stack_with_a_custom_domain_passes(stack: str, front: str) -> None:
    config = configured(stack, **FRONTS[front]) | {ORIGIN_KEY: "k" * 40}
    assessment = assess_offline(PACK, stack, ROOT, config)
    assert blocking(assessment) == []
    assert "type-covered" not in {one.rule.name for one in assessment.warnings}


def test_review_stack_passes(tmp_path: Path) -> None:
    copy_program(tmp_path, "review-7")
    assessment = assess_offline(PACK, "review-7", tmp_path)
    assert blocking(assessment) == []
    assert assessment.stack.environment == "review"


@pytest.mark.parametrize("account", sorted(EVERY_ACCOUNT))
def test_bootstrap_stack_passes_with_the_levels_of_prod(account: str) -> None:
    assessment = assessed(account, BOOTSTRAP)
    assert blocking(assessment) == []
    assert assessment.stack.environment == "prod"


@pytest.mark.parametrize(
    ("root", "stack"), [*((ROOT, stack) for stack in STACKS), *((BOOTSTRAP, one) for one in EVERY_ACCOUNT)]
)
def test_every_type_has_a_rule_or_a_reason_for_none(root: Path, stack: str) -> None:
    assert [one.urn for one in assessed(stack, root).warnings if one.rule.name == "type-covered"] == []


@pytest.mark.parametrize(
    ("root", "stack"), [*((ROOT, stack) for stack in STACKS), *((BOOTSTRAP, one) for one in EVERY_ACCOUNT)]
)
def test_no_rule_crashes_or_is_unknown_offline(root: Path, stack: str) -> None:
    outcomes = {one.outcome for one in assessed(stack, root).results}
    assert outcomes <= {Outcome.PASS, Outcome.FAIL}


def test_setting_that_breaks_a_rule_blocks_the_stack() -> None:
    config = configured("prod")
    settings = json.loads(config["items-api:settings"])
    settings["function"]["memory-mb"] = 3008
    found = blocking(assess_offline(PACK, "prod", ROOT, {"items-api:settings": json.dumps(settings)}))
    assert [(rule, urn.rpartition("::")[2]) for rule, urn, _ in found] == [
        ("lambda-memory-cap", "api-function"),
        ("worst-month-bounded", "monthly-budget"),
    ]
