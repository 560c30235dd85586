"""What people see of a month: at most 100 columns, the sums first, and formulas on request."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import PROCESS, code_of
from tests.support.policy_servicer import Subject
from tests.support.priced import priced, service, used
from toolkit.cost.as_data import as_data
from toolkit.cost.month import Month
from toolkit.cost.prices import list_prices
from toolkit.cost.report import page, print_estimate
from toolkit.resource_types.budgets import BUDGET_ACTION
from toolkit.resource_types.cloudwatch import DASHBOARD
from toolkit.resource_types.kms import KEY

COMMANDS = (
    ("prod",),
    ("prod", "--formulas"),
    ("bootstrap/prod", "--formulas"),
    ("prod", "--against", "HEAD"),
)


def printed(root: Path, *arguments: str, **environment: str) -> str:
    """Return what a process of its own writes into a pipe."""
    done = subprocess.run(
        [*PROCESS, "cost", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"], **environment},
    )
    return done.stdout


def shown(capsys: pytest.CaptureFixture[str], *subjects: Subject, budget: float | None = None, **use: Any) -> str:
    month = Month("items", "prod", priced(*subjects, **use), budget, used(**use), list_prices())
    print_estimate(month, formulas=False)
    return capsys.readouterr().out


@pytest.mark.parametrize("columns", ["40", "100", "200"])
@pytest.mark.parametrize("arguments", COMMANDS)
def test_command_prints_at_most_100_columns(
    arguments: tuple[str, ...],
    columns: str,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", columns)

    assert code_of("cost", *arguments) == 0

    output = capsys.readouterr().out
    assert max(map(len, output.splitlines())) <= 100
    assert "\x1b" not in output


def test_piped_output_has_at_most_100_columns_and_no_colours(root: Path) -> None:
    output = printed(root, "prod", "--formulas", COLUMNS="200")

    assert max(map(len, output.splitlines())) <= 100
    assert "\x1b" not in output


@pytest.mark.parametrize(("columns", "width"), [(80, 80), (100, 100), (200, 100)])
def test_terminal_output_has_the_width_of_the_terminal_up_to_100_columns(
    columns: int, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr("rich.console.Console.is_terminal", True)

    assert page().width == width


def test_sums_with_their_share_of_the_budget_are_printed_first(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, Subject(DASHBOARD, {}, "page"), Subject(KEY, {}, "key"), budget=8.0).splitlines()

    assert lines[0] == "items/prod: expected $4.00 a month, 50% of the budget of $8.00"
    assert lines[1] == "worst $4.00, 50% of the budget of $8.00; nothing bounds 1 line, counted as expected"
    assert [lines[4].split()[0], lines[5].split()[0]] == ["page", "key"]
    assert "█" in lines[4]


def test_worst_month_above_the_budget_is_shown_as_a_multiple_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    output = shown(capsys, *service(100, {"reservedConcurrentExecutions": 10}), budget=10.0)

    assert "× the budget of $10.00" in output.splitlines()[1]


def test_month_without_a_budget_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    assert "items/prod: expected $3.00 a month, and there is no budget" in shown(capsys, Subject(DASHBOARD, {}, "page"))


def test_gaps_are_printed_between_sums_and_chart(capsys: pytest.CaptureFixture[str]) -> None:
    unknown = [Subject("aws:rds/instance:Instance", {}, name) for name in ("first", "second")]
    output = shown(capsys, Subject(DASHBOARD, {}, "page"), *unknown)

    places = [output.index(words) for words in ("worst $3.00", "and 2 things not priced", "not priced: second", "█")]
    assert places == sorted(places)


def test_formulas_are_shown_on_request_with_source_and_certainty(root: Path) -> None:
    plain, whole = printed(root, "dev"), printed(root, "dev", "--formulas")

    assert "1 dashboard × $3.00" not in plain
    assert "1 dashboard × $3.00 [two-sources: IG, PL26, WEB]" in whole
    assert "at worst nothing bounds it" in whole


def test_chart_has_the_largest_resources_and_one_row_for_the_rest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pages = [Subject(DASHBOARD, {}, f"page-{number:02}") for number in range(20)]
    output = shown(capsys, *service(100, {"reservedConcurrentExecutions": 10}), *pages)
    chart = output.split("\n\n")[1]

    assert "stage" in chart  # nothing in the expected month, and most of the worst
    assert len(chart.splitlines()) == 1 + 12 + 1
    assert "others" in chart.splitlines()[-1]


def test_price_of_another_region_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    month = Month(
        "items",
        "prod",
        priced(*service(), region="sa-east-1", requests=10_000_000, response_kb=50),
        None,
        used(),
        list_prices(),
    )
    print_estimate(month, formulas=False)

    words = " ".join(capsys.readouterr().out.split())
    assert "assumed: the price of us-east-1, for want of one of sa-east-1 (data-out, http-api-requests" in words
    sums = words.partition("resource and price-list item")[0]
    assert "the price of us-east-1 counts, because the list has none of the region: data-out" in sums
    data = as_data(month)
    assert data["prices-of-other-regions"].startswith("the price of us-east-1 counts")
    borrowed = {line["item"]: line["formula"] for line in data["lines"] if line["price_of_region"] == "us-east-1"}
    assert {"data-out", "http-api-requests"} <= borrowed.keys()
    assert all(formula.endswith(" (price of us-east-1)") for formula in borrowed.values())


def test_estimate_of_zero_has_no_chart(capsys: pytest.CaptureFixture[str]) -> None:
    output = shown(capsys)

    assert output.startswith("items/prod: expected $0.00 a month")
    assert "█" not in output


def test_days_of_a_budget_with_actions_have_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "stop  budget-actions" in shown(capsys, Subject(BUDGET_ACTION, {"budgetName": "all"}, "stop"))
