"""The worst month of a review stack."""

import shutil
from datetime import date
from pathlib import Path

from policies.bounds import BOUNDS
from tests.support.stacks import ROOT
from toolkit.cost.estimate import estimate
from toolkit.cost.prices import list_prices
from toolkit.cost.usage import usage_of
from toolkit.pipeline.review_stack.stack_file import write_stack_file
from toolkit.resource_types.budgets import BUDGET
from toolkit.stacks import evaluate, load_stack_config
from toolkit.stacks.inputs import inputs_of


def test_worst_month_of_a_review_stack_is_within_the_allowed_multiple_of_its_budget(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "infrastructure", tmp_path / "infrastructure", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    write_stack_file(tmp_path, "review-7", date(2027, 1, 31))
    graph = inputs_of(evaluate("review-7", root=tmp_path))
    (budget,) = graph.of(BUDGET)
    usage = usage_of(load_stack_config("review-7", tmp_path), "items-api", "Pulumi.review-7.yaml")
    one = estimate(graph, usage, list_prices())

    assert one.expected < one.worst <= BOUNDS["review"].worst_month_budgets * budget.number("limitAmount", 0)
