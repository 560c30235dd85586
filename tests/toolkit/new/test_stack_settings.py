"""A new part changes numbers in stack files: comments and order stay, and each change is printed."""

from pathlib import Path

import pytest
import yaml

from tests.support.stacks import ROOT
from toolkit.new.feature import ROUTES
from toolkit.new.stack_settings import with_budgets, with_calls, with_more_routes, with_numbers
from toolkit.new.writing import rendered

TEXT = """# first
config:
  a:settings:
    api:
      burst-requests: 16  # of all
      other: 1
    budget: {monthly-usd: 100}
"""
KEY = "a:settings"


def test_changed_number_keeps_comments_and_all_other_text() -> None:
    text, changes = with_numbers(TEXT, KEY, {"api.burst-requests": 21, "budget.monthly-usd": 124})

    assert text == TEXT.replace("16 ", "21 ").replace("100}", "124}")
    assert changes == ["api.burst-requests 16 -> 21", "budget.monthly-usd 100 -> 124"]


@pytest.mark.parametrize("name", ["api.burst-requests", "api.unwritten", "unwritten.group", "api.other.more"])
def test_number_that_is_equal_or_not_written_changes_nothing(name: str) -> None:
    assert with_numbers(TEXT, KEY, {name: 16}) == (TEXT, [])


def test_feature_raises_throttles_of_stacks_of_aws_only() -> None:
    texts, changes = with_more_routes(ROOT, 100)

    assert {"Pulumi.dev.yaml", "Pulumi.prod.yaml"} <= texts.keys()
    assert "Pulumi.local.yaml" not in texts
    assert any(line.startswith("Pulumi.dev.yaml: api.burst-requests ") for line in changes)


@pytest.mark.parametrize("functions", ["", "    functions:\n      other:\n        invocations: 1\n"])
def test_queue_states_calls_of_its_worker_in_usage_of_each_stack(functions: str, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: a\nruntime: python\n")
    text = f"config:\n  # the month\n  a:usage:\n{functions}    requests: 500  # all\n"
    (tmp_path / "Pulumi.dev.yaml").write_text(text)

    texts, changes = with_calls(tmp_path, "worker-function")

    new = texts["Pulumi.dev.yaml"]
    written = yaml.safe_load(new)["config"]["a:usage"]
    assert written["functions"]["worker-function"] == {"invocations": 500}
    assert ("other" in written["functions"]) == bool(functions)
    assert (written["requests"], "# the month" in new, "# all" in new) == (500, True, True)
    assert changes == ["Pulumi.dev.yaml: usage functions.worker-function.invocations 500"]


def test_budgets_that_bound_the_worst_month_are_kept() -> None:
    assert with_budgets(ROOT) == ({}, [])


def test_number_of_routes_is_that_of_the_template() -> None:
    values = dict.fromkeys(("name", "constant", "words", "path", "id", "records"), "x")

    assert rendered("feature/definition.py.j2", **values, fields=[], indexes=[]).count("Route(") == ROUTES
