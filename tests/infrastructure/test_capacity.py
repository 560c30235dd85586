"""Throttles, concurrency and alarms of a stack are consistent."""

import json
from typing import Any

import pytest

from infrastructure.routes import Throttle, route_throttles
from infrastructure.settings.stack import StackSettings
from tests.infrastructure.test_settings import STACKS, changed, settings_errors, written


def settings(stack: str) -> StackSettings:
    return StackSettings.model_validate_json(json.dumps(written(stack)))


def settle(stack: str, **values: Any) -> dict[str, Any]:
    """The settings of a stack with some values set, by path with __ for a dot and _ for -."""
    found = written(stack)
    for path, value in values.items():
        group, _, name = path.partition("__")
        found.setdefault(group, {})[name.replace("_", "-")] = value
    return found


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
    assert settings_errors(changed("dev", "api.requests-per-second", 2)) == []
    (sentence,) = settings_errors(changed("dev", "api.requests-per-second", 1))
    assert sentence == (
        "F: dev must set api.requests-per-second to 2 or more, not 1: each of its 16 signed-in routes needs 0.1 a "
        "second."
    )


def test_most_used_route_has_largest_share() -> None:
    throttles = route_throttles(settings("prod").api, docs=False)

    assert throttles["GET /api/v1/items"].burst > throttles["GET /api/v1/me"].burst
    assert throttles["GET /health"].burst > throttles["GET /"].burst


def test_concurrency_of_throttle_is_burst_plus_rate_times_duration() -> None:
    assert Throttle(rate=25, burst=60).concurrency(0.5) == 72.5


def test_reserved_concurrency_below_need_is_rejected_with_a_fix() -> None:
    assert settings_errors(changed("prod", "function.reserved-concurrency", 69)) == []
    (sentence,) = settings_errors(changed("prod", "function.reserved-concurrency", 68))
    assert sentence == (
        "F: prod admits 54 + 8 requests at once and 6 + 1 a second of up to 1 s, which need 69 instances, but "
        "function.reserved-concurrency is 68: raise it to 69, or lower burst-requests, requests-per-second and their "
        "public- forms in api, or alarms.function-p99-ms."
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("api.burst-requests", 55),
        ("api.requests-per-second", 7),
        ("api.public-burst-requests", 9),
        ("api.public-requests-per-second", 2),
        ("alarms.function-p99-ms", 1_001),
    ],
)
def test_each_value_of_capacity_is_checked(path: str, value: int) -> None:
    (sentence,) = settings_errors(changed("prod", path, value))

    assert sentence.startswith("F: prod admits ")


def test_throttle_above_concurrency_is_rejected() -> None:
    old = settle("prod", function__reserved_concurrency=20, api__burst_requests=100, api__requests_per_second=50)

    (sentence,) = settings_errors(old)
    assert "which need 159 instances, but function.reserved-concurrency is 20" in sentence


def test_public_throttle_above_half_of_concurrency_is_rejected() -> None:
    (sentence,) = settings_errors(settle("prod", api__public_burst_requests=40, api__burst_requests=18))

    assert sentence == (
        "F: prod admits public requests for 41 of 69 instances, more than half: lower api.public-burst-requests and "
        "api.public-requests-per-second, or raise function.reserved-concurrency."
    )


@pytest.mark.parametrize(
    ("name", "least", "kind"), [("burst-requests", 16, "signed-in"), ("public-burst-requests", 5, "public")]
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
        "edge": {"requests-per-five-minutes": 1_800},
    }

    (sentence,) = settings_errors({**written("prod"), **edge})
    assert sentence.startswith("F: prod must set edge.requests-per-five-minutes below 1800, not to 1800: one address")


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

    assert "which need 15009 instances" in sentence
    assert sentence.endswith(
        "is 69: lower burst-requests, requests-per-second and their public- forms in api, or alarms.function-p99-ms."
    )


@pytest.mark.parametrize(
    ("name", "most", "what"),
    [
        ("canary-errors", 48, "requests of a new version in a minute"),
        ("function-errors", 2_162, "requests in five minutes"),
        ("function-throttles", 2_162, "requests in five minutes"),
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
