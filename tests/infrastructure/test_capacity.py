"""Throttles, concurrency and alarms of a stack are consistent."""

import json
import math
from typing import Any

import pytest

from infrastructure.routes import Throttle, function_routes, route_throttles
from infrastructure.settings.stack import StackSettings
from tests.infrastructure.test_settings import STACKS, changed, settings_errors, written


def settings(stack: str) -> StackSettings:
    return StackSettings.model_validate_json(json.dumps(written(stack)))


PROD = settings("prod")
RATE, BURST = PROD.api.requests_per_second, PROD.api.burst_requests
PUBLIC_RATE, PUBLIC_BURST = PROD.api.public_requests_per_second, PROD.api.public_burst_requests
NEEDED = RATE + BURST + PUBLIC_RATE + PUBLIC_BURST
"""The instances that prod needs: its alarm on the duration is at one second."""
PUBLIC_ROUTES = sum(route.public for route in function_routes(docs=False))
SIGNED_IN_ROUTES = len(function_routes(docs=False)) - PUBLIC_ROUTES


def settle(stack: str, **values: Any) -> dict[str, Any]:
    """The settings of a stack with some values set, by path with __ for a dot and _ for -."""
    found = written(stack)
    for path, value in values.items():
        group, _, name = path.partition("__")
        found.setdefault(group, {})[name.replace("_", "-")] = value
    return found


def admitted(seconds: int) -> int:
    """The most requests that prod admits in this time."""
    return BURST + PUBLIC_BURST + (RATE + PUBLIC_RATE) * seconds


@pytest.mark.parametrize("stack", STACKS)
def test_sum_of_route_throttles_is_within_settings(stack: str) -> None:
    one = settings(stack)
    throttles = route_throttles(one.api, docs=one.serves_docs)

    def total(public: bool) -> Throttle:
        own = [throttle for key, throttle in throttles.items() if ("/api/v1/" not in key) == public]
        return Throttle(sum(throttle.rate for throttle in own), sum(throttle.burst for throttle in own))

    assert total(public=True).rate <= one.api.public_requests_per_second
    assert total(public=True).burst <= one.api.public_burst_requests
    assert total(public=False).rate <= one.api.requests_per_second
    assert total(public=False).burst <= one.api.burst_requests
    assert all(throttle.rate > 0 and throttle.burst >= 1 for throttle in throttles.values())


def test_web_page_of_prod_reads_20_items_at_once() -> None:
    throttles = route_throttles(settings("prod").api, docs=False)

    assert throttles["GET /api/v1/items/{item_id}"].burst == 20
    assert min(throttle.burst for key, throttle in throttles.items() if "/api/v1/" in key) >= 2


@pytest.mark.parametrize("stack", STACKS)
def test_next_token_of_route_is_available_within_ten_seconds(stack: str) -> None:
    one = settings(stack)

    assert min(throttle.rate for throttle in route_throttles(one.api, docs=one.serves_docs).values()) >= 0.1


def test_rate_below_minimum_per_route_is_rejected() -> None:
    least = math.ceil(SIGNED_IN_ROUTES / 10)
    assert settings_errors(changed("dev", "api.requests-per-second", least)) == []
    (sentence,) = settings_errors(changed("dev", "api.requests-per-second", least - 1))
    assert sentence == (
        f"F: dev must set api.requests-per-second to {least} or more, not {least - 1}: each of its {SIGNED_IN_ROUTES} "
        "signed-in routes needs 0.1 a second."
    )


def test_most_used_route_has_largest_share() -> None:
    throttles = route_throttles(settings("prod").api, docs=False)

    assert throttles["GET /api/v1/items"].burst > throttles["GET /api/v1/me"].burst
    assert throttles["GET /health"].burst > throttles["GET /"].burst


def test_concurrency_of_throttle_is_burst_plus_rate_times_duration() -> None:
    assert Throttle(rate=25, burst=60).concurrency(0.5) == 72.5


def test_reserved_concurrency_below_need_is_rejected_with_a_fix() -> None:
    assert settings_errors(changed("prod", "function.reserved-concurrency", NEEDED)) == []
    (sentence,) = settings_errors(changed("prod", "function.reserved-concurrency", NEEDED - 1))
    assert sentence == (
        f"F: prod admits {BURST} + {PUBLIC_BURST} requests at once and {RATE} + {PUBLIC_RATE} a second of up to 1 s, "
        f"which need {NEEDED} instances, but function.reserved-concurrency is {NEEDED - 1}: raise it to {NEEDED}, or "
        "lower burst-requests, requests-per-second and their public- forms in api, or alarms.function-p99-ms."
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("api__burst_requests", BURST + 1),
        ("api__requests_per_second", RATE + 1),
        ("api__public_burst_requests", PUBLIC_BURST + 1),
        ("api__public_requests_per_second", PUBLIC_RATE + 1),
        ("alarms__function_p99_ms", 1_001),
    ],
)
def test_each_value_of_capacity_is_checked(path: str, value: int) -> None:
    (sentence,) = settings_errors(settle("prod", function__reserved_concurrency=NEEDED, **{path: value}))

    assert sentence.startswith("F: prod admits ")


def test_throttle_above_concurrency_is_rejected() -> None:
    old = settle("prod", function__reserved_concurrency=20, api__burst_requests=100, api__requests_per_second=50)

    (sentence,) = settings_errors(old)
    assert "which need 159 instances, but function.reserved-concurrency is 20" in sentence


def test_public_throttle_above_half_of_concurrency_is_rejected() -> None:
    signed_in, burst = BURST + RATE, BURST + RATE + 1
    public = burst + PUBLIC_RATE
    more = settle("prod", api__public_burst_requests=burst, function__reserved_concurrency=signed_in + public)

    (sentence,) = settings_errors(more)
    assert sentence == (
        f"F: prod admits public requests for {public} of {signed_in + public} instances, more than half: lower "
        "api.public-burst-requests and api.public-requests-per-second, or raise function.reserved-concurrency."
    )


@pytest.mark.parametrize(
    ("name", "least", "kind"),
    [("burst-requests", SIGNED_IN_ROUTES, "signed-in"), ("public-burst-requests", PUBLIC_ROUTES, "public")],
)
def test_burst_below_number_of_routes_is_rejected(name: str, least: int, kind: str) -> None:
    assert settings_errors(changed("prod", f"api.{name}", least)) == []
    assert settings_errors(changed("prod", f"api.{name}", least - 1)) == [
        f"F: prod must set api.{name} to {least} or more, not {least - 1}: each of its {least} {kind} routes needs 1."
    ]


def test_duration_alarm_above_timeout_is_rejected() -> None:
    (sentence,) = settings_errors(settle("prod", function__timeout_seconds=1))

    assert sentence.startswith("F: prod must set alarms.function-p99-ms below 1000, not to 1000: no request lasts")


def test_firewall_limit_above_throttle_is_rejected() -> None:
    edge = {
        "domain": {"name": "api.example.com", "zone-id": "Z0123456789"},
        "edge": {"requests-per-five-minutes": 300 * RATE},
    }

    (sentence,) = settings_errors({**written("prod"), **edge})
    assert sentence.startswith(
        f"F: prod must set edge.requests-per-five-minutes below {300 * RATE}, not to {300 * RATE}: one address"
    )


def test_default_settings_are_consistent() -> None:
    bare = written("prod")
    for group, names in (
        ("function", ("reserved-concurrency",)),
        ("api", ("requests-per-second", "burst-requests", "public-requests-per-second", "public-burst-requests")),
    ):
        for name in names:
            bare[group].pop(name)

    assert settings_errors(bare) == []


def test_fix_never_exceeds_concurrency_of_account() -> None:
    (sentence,) = settings_errors(settle("prod", api__burst_requests=5_000, api__requests_per_second=10_000))

    assert f"which need {15_000 + PUBLIC_RATE + PUBLIC_BURST} instances" in sentence
    assert sentence.endswith(
        f"is {PROD.function.reserved_concurrency}: lower burst-requests, requests-per-second and their public- forms "
        "in api, or alarms.function-p99-ms."
    )


@pytest.mark.parametrize(
    ("name", "most", "what"),
    [
        ("canary-errors", admitted(60) // 10, "requests of a new version in a minute"),
        ("function-errors", admitted(300), "requests in five minutes"),
        ("function-throttles", admitted(300), "requests in five minutes"),
    ],
)
def test_alarm_threshold_above_throttles_is_rejected(name: str, most: int, what: str) -> None:
    assert settings_errors(changed("prod", f"alarms.{name}", most)) == []
    (sentence,) = settings_errors(changed("prod", f"alarms.{name}", most + 1))
    assert sentence == (
        f"F: prod must set alarms.{name} to {most} or less, not {most + 1}: the throttles of api admit no more {what}, "
        "so the alarm would never be raised."
    )


@pytest.mark.parametrize(
    ("stack", "sentence"),
    [
        ({**written("local"), "edge": {}}, "local must not set edge: CloudFront cannot reach this machine"),
        (
            {**written("dev"), "environment": "review", "expires-on": "2027-01-31", "edge": {}},
            "review must keep start-mode on-demand and have no edge: a review stack is small",
        ),
    ],
)
def test_invalid_edge_is_rejected_with_one_error(stack: dict[str, Any], sentence: str) -> None:
    assert settings_errors(stack) == [f"F: {sentence}."]
