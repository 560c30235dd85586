"""The worst month is that of throttles and limits, and what nothing bounds is said to be without end."""

from typing import Any

import pytest

from tests.support.policy_servicer import Subject
from tests.support.priced import GB, priced, service, worst
from toolkit.cost.prices import PriceList, list_prices
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.resource_types.cognito import USER_POOL
from toolkit.resource_types.dynamodb import TABLE

REQUESTS = ("lambda-requests", "lambda-arm64", "http-api-requests")


def arm(memory: int, reserved: int | None = None) -> dict[str, Any]:
    limits = {} if reserved is None else {"reservedConcurrentExecutions": reserved}
    return {"memorySize": memory, "architectures": ["arm64"], **limits}


def one_price_for_the_api(dollars: float) -> PriceList:
    """The list without the lower price that an HTTP API has beyond 300 million requests."""
    document = list_prices().model_dump()
    document["prices"]["http-api-requests"]["regions"] = {
        "us-east-1": {"price": dollars, "source": ("AP",), "certainty": "one-source"}
    }
    return PriceList.model_validate(document)


def test_worst_month_of_10_instances_and_20_requests_per_second_costs_1183_dollars() -> None:
    # 0.5 GB x 10 x 2,678,400 s x 0.0000133334 = 178.56; 53.568 M requests x 0.20 = 10.71;
    # of 10 MB each, 1,071.36 M x 512 KB: 300 M x 1.00 and 771.36 M x 0.90 = 994.22
    assert worst(priced(*service(20, arm(512, 10))), *REQUESTS) == pytest.approx(1_183.50, abs=0.01)


def test_worst_month_of_100_instances_and_100_requests_per_second_costs_6690_dollars() -> None:
    # 0.5 x 100 x 2,678,400 x 0.0000133334 = 1,785.61; 267.84 M x 0.20 = 53.57;
    # 5,356.8 M x 512 KB: 300 x 1.00 + 5,056.8 x 0.90 = 4,851.12
    assert worst(priced(*service(100, arm(512, 100))), *REQUESTS) == pytest.approx(6_690.30, abs=0.01)


def test_worst_month_with_account_limits_costs_576749_dollars_at_one_request_price() -> None:
    # 1 GB x 1,000 x 2,628,000 x 0.0000133334 = 35,040.18; 10,000/s = 26,280 M x 0.20 = 5,256, and x 1.00 = 26,280
    one = priced(*service(10_000, arm(1024)), prices=one_price_for_the_api(1.00))

    assert worst(one, *REQUESTS) == pytest.approx(576_748.98, abs=0.01)


def test_worst_month_with_account_limits_costs_less_with_request_tiers() -> None:
    # 300 M x 1.00 + 535,380 M x 0.90 = 482,142 instead of 535,680
    assert worst(priced(*service(10_000, arm(1024))), *REQUESTS) == pytest.approx(523_210.98, abs=0.01)


def test_stage_and_function_without_limits_have_those_of_the_account() -> None:
    one = priced(*service(None, arm(1024)))

    # the account's burst of 5,000 comes on top, once: 5,000 x (0.20 + 20 x 0.90) per million = 0.091
    assert worst(one, *REQUESTS) == pytest.approx(523_210.98 + 0.091, abs=0.005)


def test_worst_month_of_a_table_with_100_units_costs_201_dollars() -> None:
    limits = {"maxReadRequestUnits": 100, "maxWriteRequestUnits": 100}
    one = priced(Subject(TABLE, {"billingMode": "PAY_PER_REQUEST", "onDemandThroughput": limits}, "table"))

    # 100/s x 2,678,400 s = 267.84 M units: x 0.625 = 167.40, x 0.125 = 33.48
    assert worst(one, "dynamodb-writes", "dynamodb-reads") == pytest.approx(200.88, abs=0.01)


def test_table_without_limits_has_the_quota_of_the_account() -> None:
    one = priced(Subject(TABLE, {"billingMode": "PAY_PER_REQUEST"}, "table"))

    assert worst(one, "dynamodb-writes", "dynamodb-reads") == pytest.approx(400 * 200.88, abs=1)


def test_throttle_limits_log_volume_and_retention_limits_log_storage() -> None:
    one = priced(*service(20), most_log_bytes_per_request=GB / 1_000_000)

    # 53.568 M requests write 53.568 GB x 0.50 = 26.784; 30 of 30.4 days are kept: 52.863 x 0.03 = 1.586
    assert worst(one, "logs-vended") == pytest.approx(26.784)
    assert worst(one, "logs-storage") == pytest.approx(1.586, abs=0.001)


def test_logs_of_a_function_are_unbounded_without_a_limit_in_the_profile() -> None:
    one = priced(*service(20), requests=1000, log_bytes_per_request=100)

    assert {line.item for line in one.unbounded} == {"logs-vended", "logs-storage"}


def test_logs_without_retention_are_unbounded() -> None:
    *others, _ = service(20)
    one = priced(*others, Subject(LOG_GROUP, {}, "logs"), requests=1000, most_log_bytes_per_request=100)

    assert [line.item for line in one.unbounded] == ["logs-storage"]


def test_unbounded_line_is_marked_and_has_its_expected_cost_in_the_worst_month() -> None:
    one = priced(Subject(USER_POOL, {}, "pool"), monthly_active_users=1000)

    (line,) = one.unbounded
    assert (line.worst, line.worst_formula) == (None, "nothing bounds it")
    assert one.worst == one.expected == pytest.approx(15.0)  # 1,000 x 0.015


def test_worst_month_has_no_free_tier() -> None:
    one = priced(*service(20, arm(512, 10)), account_kind="legacy-12m")

    assert worst(one, *REQUESTS) == pytest.approx(1_183.50, abs=0.01)


def test_timeout_limits_the_expected_duration() -> None:
    slow = priced(*service(20, {**arm(1024, 10), "timeout": 2}), requests=1000, duration_ms=60_000)

    # 1,000 x 1 GB x 2 s x 0.0000133334
    assert sum(line.expected for line in slow.lines if line.item == "lambda-arm64") == pytest.approx(0.0267, abs=0.0001)
