"""The published costs of earlier systems of this kind, reproduced with assumptions for the inputs that they omit."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.policy_servicer import Subject
from tests.support.priced import GB, expected, priced, rest_service, service
from toolkit.resource_types.dynamodb import TABLE

MILLION = 1_000_000
WITHOUT_LIMITS: dict[str, Any] = {"timeout": 29}


def parts(one: Any, *items: str) -> list[float]:
    return [round(expected(one, item), 2) for item in items]


def test_published_4_20_per_million_requests_is_a_rest_api_without_function_time() -> None:
    one = priced(*rest_service(WITHOUT_LIMITS), requests=MILLION, log_bytes_per_request=GB / MILLION)

    assert parts(one, "lambda-requests", "rest-api-requests", "logs-vended") == [0.20, 3.50, 0.50]
    assert expected(one, "lambda-x86") == 0  # left out there
    assert parts(one, "logs-storage") == [0.03]  # left out there


@pytest.mark.parametrize(
    ("requests", "log_gb", "total"), [(10_000, 1.03, 0.75), (100_000, 4.0, 4.35), (MILLION, 16.0, 31.50)]
)
def test_published_0_75_to_31_50_is_a_function_of_1_19_seconds_with_logs(
    requests: int, log_gb: float, total: float
) -> None:
    one = priced(
        *rest_service({"memorySize": 1024, **WITHOUT_LIMITS}),
        requests=requests,
        duration_ms=1_188,
        log_bytes_per_request=log_gb * GB / requests,
    )

    # for a million: 3.50 + 0.20 + 1 GB x 1,188,000 s x 0.0000166667 = 19.80 + 16 GB x 0.50 = 8.00
    stated = expected(one, "rest-api-requests") + expected(one, "lambda-requests") + expected(one, "lambda-x86")
    assert stated + expected(one, "logs-vended") == pytest.approx(total, abs=0.005)


def stated_as_4_00(function: dict[str, Any]) -> Any:
    table = Subject(TABLE, {"billingMode": "PAY_PER_REQUEST"}, "table")
    api, stage, integration, worker, logs = service(None, {**WITHOUT_LIMITS, **function})
    linked = Subject(
        worker.type, worker.properties, "function", dependencies={**worker.dependencies, "environment": ("table",)}
    )
    return priced(
        *(api, stage, integration, linked, logs, table),
        requests=MILLION,
        duration_ms=100,
        reads_per_request=1,
        writes_per_request=0.1,
        log_bytes_per_request=GB / MILLION,
    )


def test_published_4_00_per_million_requests_is_2_72_at_current_prices() -> None:
    one = stated_as_4_00({"memorySize": 512})

    assert parts(one, "http-api-requests", "logs-vended") == [1.00, 0.50]
    # 0.20 + 1 M x 0.1 s x 0.5 GB x 0.0000166667 = 0.83
    assert parts(one, "lambda-requests", "lambda-x86") == [0.20, 0.83]
    # 1 M reads x 0.125 + 100,000 writes x 0.625 = 0.06
    assert parts(one, "dynamodb-reads", "dynamodb-writes") == [0.12, 0.06]


def test_published_2_00_for_the_function_is_the_price_of_twice_the_memory() -> None:
    one = stated_as_4_00({"memorySize": 1024})

    # 0.20 + 1.67 = 1.87, stated as ~2.00
    assert expected(one, "lambda-requests") + expected(one, "lambda-x86") == pytest.approx(1.87, abs=0.005)


def test_published_0_50_for_the_table_is_close_to_the_prices_before_november_2024() -> None:
    one = stated_as_4_00({"memorySize": 512})

    # 1.25 and 0.25 a million then, twice those of today: 0.375, stated as ~0.50
    assert 2 * (expected(one, "dynamodb-reads") + expected(one, "dynamodb-writes")) == pytest.approx(0.375)


def test_docs_have_the_comparison_with_published_figures(root: Path) -> None:
    text = (root / "docs" / "cost.md").read_text(encoding="utf-8")

    for stated, ours in (
        ("~$4.20", "$4.23"),
        ("$31.50", "1.19 s"),
        ("$4.35", "4 GB"),
        ("$0.75", "1.03 GB"),
        ("~$4.00", "$2.72"),
    ):
        row = next((line for line in text.splitlines() if line.startswith("|") and stated in line), "")
        assert ours in row, f"docs/cost.md: the row of {stated} must say {ours}"
