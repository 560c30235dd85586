"""Our own stacks: each fits its budget, and nothing in them is silently free."""

import pytest

from policies.bounds import BOUNDS
from tests.support.priced import used
from tests.support.stacks import DOMAIN, ORIGIN_KEY, ROOT, configured
from toolkit.cost.estimate import Estimate, estimate
from toolkit.cost.prices import list_prices
from toolkit.cost.services import SERVICES
from toolkit.cost.usage import UNUSED, usage_of
from toolkit.resource_types.budgets import BUDGET
from toolkit.resource_types.lookup import free_types
from toolkit.stacks import ResourceGraph, evaluate, load_stack_config
from toolkit.stacks.inputs import inputs_of
from toolkit.stacks.settings import Environment

STACKS: tuple[Environment, ...] = ("local", "dev", "staging", "prod")


def month(stack: str) -> tuple[Estimate, float]:
    """The stack's estimate and the limit of its budget."""
    graph = inputs_of(evaluate(stack, root=ROOT))
    usage = usage_of(load_stack_config(stack, ROOT), "items-api", stack)
    (budget,) = graph.of(BUDGET)
    return estimate(graph, usage, list_prices()), budget.number("limitAmount", 0)


@pytest.mark.parametrize("stack", STACKS)
def test_expected_month_is_within_the_budget(stack: str) -> None:
    one, limit = month(stack)

    assert 0 < one.expected <= limit


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])  # local is not billed
def test_worst_month_is_within_the_allowed_multiple_of_the_budget(stack: Environment) -> None:
    one, limit = month(stack)

    assert one.expected < one.worst <= BOUNDS[stack].worst_month_budgets * limit


def with_an_edge() -> ResourceGraph:
    config = {**configured("prod", edge={}, domain=DOMAIN), ORIGIN_KEY: "x" * 40}
    return evaluate("prod", root=ROOT, config=config)


def snapstart() -> ResourceGraph:
    return _started("snapstart")


def provisioned() -> ResourceGraph:
    return _started("provisioned", **{"provisioned-concurrency": 2})


def _started(mode: str, **others: int) -> ResourceGraph:
    function = {
        "runtime": "python3.13",
        "architecture": "arm64",
        "memory-mb": 1024,
        "reserved-concurrency": 100,
        "start-mode": mode,
        **others,
    }
    return evaluate("prod", root=ROOT, config=configured("prod", function=function))


@pytest.mark.parametrize(
    "make", [with_an_edge, snapstart, provisioned, *[lambda s=s: evaluate(s, root=ROOT) for s in STACKS]]
)
def test_every_type_of_the_project_is_priced_or_free_with_a_reason(make: object) -> None:
    assert callable(make)
    one = estimate(inputs_of(make()), used(requests=1_000_000, duration_ms=50), list_prices())

    assert [gap.of.resource.type for gap in one.not_priced] == []
    assert all(one.free.values())


@pytest.mark.parametrize("stack", ["dev", "staging", "prod", "review"])
def test_account_stack_is_priced_or_free_and_within_its_budget(stack: str) -> None:
    graph = inputs_of(evaluate(stack, root=ROOT / "infrastructure" / "bootstrap"))
    one = estimate(graph, UNUSED, list_prices())

    assert [gap.of.resource.name for gap in one.not_priced] == []
    keys = sum(line.expected for line in one.lines if line.item == "kms-keys")
    assert keys == pytest.approx(3.00)
    assert keys < one.expected < graph.of(BUDGET)[0].number("limitAmount", 0)
    assert {"logs-ingest", "logs-storage", "s3-writes"} <= {line.item for line in one.lines if line.expected > 0}


def test_provisioned_instances_and_snapshots_of_the_program_are_priced() -> None:
    use = {"requests": 1_000_000, "duration_ms": 50}
    waiting = {line.item for line in estimate(inputs_of(provisioned()), used(**use), list_prices()).lines}
    snapped = {line.item for line in estimate(inputs_of(snapstart()), used(**use), list_prices()).lines}

    assert {"lambda-provisioned-arm64", "lambda-in-provisioned-arm64"} <= waiting
    assert {"lambda-snapshot-cache", "lambda-snapshot-restore"} <= snapped


def test_no_type_is_both_priced_and_free() -> None:
    assert set(free_types()) & set(SERVICES) == set()


def test_requests_of_the_prod_api_are_counted_at_all_its_targets() -> None:
    one = estimate(
        inputs_of(evaluate("prod", root=ROOT)),
        used(requests=1_000_000, duration_ms=50, log_bytes_per_request=1000, reads_per_request=1, writes_per_request=1),
        list_prices(),
    )
    asked = {(line.name, line.item) for line in one.lines if line.expected > 0}

    assert {
        ("http-stage", "http-api-requests"),
        ("api-function", "lambda-arm64"),
        ("api-function", "traces"),
        ("api-logs", "logs-vended"),
        ("items-table", "dynamodb-reads"),
        ("sessions-table", "dynamodb-writes"),
    } <= asked
