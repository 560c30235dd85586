"""The stack of a pull request has a worst month within its budgets, too."""

import shutil
from datetime import date, timedelta
from pathlib import Path

from pipeline.review.template import ACCOUNT, write_stack_file
from policies.bounds import BOUNDS
from policies.cost.estimate import estimate
from policies.cost.prices import list_prices
from policies.cost.usage import usage_of
from policies.facts import facts_of
from policies.rules.budgets import BUDGET
from stackgraph import evaluate, load_stack_config
from tests.support.stacks import ROOT


def test_worst_month_of_a_review_is_no_more_than_some_budgets(tmp_path: Path) -> None:
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", ACCOUNT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    write_stack_file(tmp_path, "review-7", date.today() + timedelta(days=7))  # noqa: DTZ011 - a day, not a moment
    config = load_stack_config("review-7", tmp_path)
    graph = facts_of(evaluate("dev", root=ROOT, config=config))
    (budget,) = graph.of(BUDGET)
    one = estimate(graph, usage_of(config, "items-api", "review-7"), list_prices())

    assert one.expected < one.worst <= BOUNDS["review"].worst_month_budgets * budget.number("limitAmount", 0)
