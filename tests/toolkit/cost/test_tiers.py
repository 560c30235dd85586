"""Each price that falls with the quantity: below its boundary, at it, and one unit beyond."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from toolkit.cost.demand import Quantity
from toolkit.cost.meter import Meter
from toolkit.cost.prices import list_prices

# item, region, and for each tier its end and the sum up to it, worked by hand
LADDERS: list[tuple[str, str, list[tuple[float, float]]]] = [
    # 6 G x 0.0000166667, then 9 G x 0.000015
    ("lambda-x86", "us-east-1", [(6e9, 100_000.2), (15e9, 235_000.2)]),
    # 7.5 G x 0.0000133334, then 11.25 G x 0.0000120001
    ("lambda-arm64", "us-east-1", [(7.5e9, 100_000.5), (18.75e9, 235_001.625)]),
    ("http-api-requests", "us-east-1", [(3e8, 300.0)]),  # 300 M x 1.00
    ("http-api-requests", "eu-west-1", [(3e8, 333.0)]),  # 300 M x 1.11
    # 333 M x 3.50, 667 M x 2.80, 19,000 M x 2.38
    ("rest-api-requests", "us-east-1", [(333e6, 1165.5), (1e9, 3033.1), (20e9, 48_253.1)]),
    # 90,000 x 0.0055, 900,000 x 0.0046, 9 M x 0.00325
    ("cognito-lite", "us-east-1", [(90_000, 495.0), (990_000, 4635.0), (9_990_000, 33_885.0)]),
    ("cognito-lite", "eu-central-1", [(90_000, 495.0), (990_000, 4635.0), (9_990_000, 33_885.0)]),
    # 250 k x 2.25, 4,750 k x 1.50
    ("cognito-machine-tokens", "eu-central-1", [(250_000, 562.5), (5_000_000, 7687.5)]),
    # 10,240 x 0.50, 20,480 x 0.25, 20,480 x 0.10
    ("logs-vended", "us-east-1", [(10_240, 5120.0), (30_720, 10_240.0), (51_200, 12_288.0)]),
    # 10,000 x 0.30, 240,000 x 0.10, 750,000 x 0.05
    ("custom-metrics", "eu-central-1", [(10_000, 3000.0), (250_000, 27_000.0), (1_000_000, 64_500.0)]),
    ("s3-storage", "us-east-1", [(51_200, 1177.6), (512_000, 11_315.2)]),  # 51,200 x 0.023, 460,800 x 0.022
    ("s3-storage", "eu-west-1", [(51_200, 1177.6), (512_000, 11_315.2)]),
    ("s3-storage", "eu-central-1", [(51_200, 1254.4), (512_000, 12_083.2)]),  # 51,200 x 0.0245, 460,800 x 0.0235
    # 10,240 x 0.09, 40,960 x 0.085, 102,400 x 0.07
    ("data-out", "us-east-1", [(10_240, 921.6), (51_200, 4403.2), (153_600, 11_571.2)]),
    ("data-out", "eu-west-1", [(10_240, 921.6), (51_200, 4403.2), (153_600, 11_571.2)]),
    ("data-out", "eu-central-1", [(10_240, 921.6), (51_200, 4403.2), (153_600, 11_571.2)]),
    (
        # 10,240 x 0.085, 40,960 x 0.08, 102,400 x 0.06, 358,400 x 0.04, 536,576 x 0.03, 4,194,304 x 0.025
        "edge-data-out",
        "eu-central-1",
        [
            (10_240, 870.4),
            (51_200, 4147.2),
            (153_600, 10_291.2),
            (512_000, 24_627.2),
            (1_048_576, 40_724.48),
            (5_242_880, 145_582.08),
        ],
    ),
    ("dns-zones", "eu-central-1", [(25, 12.5)]),  # 25 x 0.50
]


def charged(amount: float, item: str, region: str, kind: Any = "none") -> float:
    return Meter(list_prices(), kind).charge(item, region, Quantity(amount, "")).usd


def boundaries() -> Iterator[Any]:
    for item, region, ladder in LADDERS:
        for number, (end, sum_) in enumerate(ladder):
            yield pytest.param(item, region, number, end, sum_, id=f"{item}-{region}-{end:g}")


@pytest.mark.parametrize(("item", "region", "number", "end", "sum_"), list(boundaries()))
def test_tier_ends_at_its_boundary(item: str, region: str, number: int, end: float, sum_: float) -> None:
    quote = list_prices().quote(item, region)
    before, after = (quote.steps[number + side].price / quote.per for side in (0, 1))

    assert quote.steps[number].up_to == end
    assert charged(end, item, region) == pytest.approx(sum_, rel=1e-9)
    assert charged(end - 1, item, region) == pytest.approx(sum_ - before, rel=1e-12)
    assert charged(end + 1, item, region) == pytest.approx(sum_ + after, rel=1e-12)


def test_every_tier_has_a_manual_calculation() -> None:
    worked = {(item, region) for item, region, _ in LADDERS}
    tiered = {
        item for item, row in list_prices().prices.items() for figure in row.regions.values() if len(figure.steps) > 1
    }
    own = {
        (item, region)
        for item in tiered
        for region, figure in list_prices().prices[item].regions.items()
        if region != "everywhere" and len(figure.steps) > 1
    }

    assert tiered == {item for item, _ in worked}
    assert own <= worked


def test_unit_price_of_a_tier_is_at_most_that_of_the_tier_before() -> None:
    for row in list_prices().prices.values():
        for figure in row.regions.values():
            assert all(a.price > b.price for a, b in pairwise(figure.steps))


@pytest.mark.parametrize(("days", "sum_"), [(61, 0.0), (62, 0.0), (63, 0.10)])
def test_budget_actions_are_free_for_62_days_with_the_free_tier(days: int, sum_: float) -> None:
    assert charged(days, "budget-actions", "eu-central-1", "credits") == pytest.approx(sum_)
    assert charged(days, "budget-actions", "eu-central-1") == pytest.approx(days * 0.10)


@pytest.mark.parametrize("tier", list_prices().free, ids=lambda tier: tier.what)
def test_free_tier_ends_at_its_amount_and_is_not_in_the_worst_month(tier: Any) -> None:
    for item in tier.items:
        quote = list_prices().quote(item, "us-east-1")
        one = quote.steps[0].price / quote.per
        assert charged(tier.amount, item, "us-east-1", "legacy-12m") == 0
        assert charged(tier.amount + 1, item, "us-east-1", "legacy-12m") == pytest.approx(one)
        assert charged(1, item, "us-east-1", "none") == pytest.approx(one)
