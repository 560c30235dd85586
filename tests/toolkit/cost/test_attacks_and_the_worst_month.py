"""No month of attacks costs more than the worst, whatever the limits of the stack.

The attacker sends as much as the gateway of the local cloud admits, one token bucket per route, in requests as large
and as slow as AWS takes them. The bill is worked out here, item by item, at the prices of us-east-1.
"""

from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.policy_servicer import Subject
from tests.support.priced import GB, priced
from toolkit.localcloud.gateway.application import TokenBucket
from toolkit.resource_types.apigatewayv2 import API, INTEGRATION, ROUTE, STAGE
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks.throttles import Throttle

MONTH = 31 * 24 * 3600
FORMAT = '{"id":"$context.requestId","path":"$context.path"}'


@dataclass(frozen=True)
class Limits:
    default: tuple[float, int]
    routes: tuple[tuple[float, int] | None, ...]
    """The throttle of each route; None where the stage's default counts."""
    memory: int
    timeout: int
    reserved: int
    writes: int
    log_bytes: int
    response_kb: int


@dataclass(frozen=True)
class Attack:
    body_kb: float
    response: float
    """Of the largest response that the service sends, the share."""
    seconds: float
    """Of the timeout, the share."""
    path: float
    """Of what a request takes, the share."""


RATES = (0.0, 0.1, 0.5, 1.0, 7.3, 25.0)
throttles = st.tuples(st.sampled_from(RATES), st.integers(0, 60))
limits = st.builds(
    Limits,
    default=throttles,
    routes=st.lists(st.none() | throttles, min_size=1, max_size=5).map(tuple),
    memory=st.sampled_from([128, 512, 1769]),
    timeout=st.integers(1, 29),
    reserved=st.integers(1, 100),
    writes=st.integers(1, 200),
    log_bytes=st.integers(0, 20_000),
    response_kb=st.integers(0, 6_144),
)
shares = st.floats(0, 1, allow_subnormal=False)
attacks = st.just(Attack(10_240, 1, 1, 1)) | st.builds(
    Attack, body_kb=st.floats(0, 10_240), response=shares, seconds=shares, path=shares
)


def admitted(throttle: tuple[float, int], seconds: int) -> int:
    """Count what the gateway passes of a flood that asks whenever there is a token."""
    now = 0.0
    bucket = TokenBucket(Throttle(*throttle), lambda: now)
    count = 0
    for step in range(seconds * 10 + 1):
        now = step / 10
        while bucket.take():
            count += 1
    return count


def of_a_month(throttle: tuple[float, int]) -> float:
    """The first minute as the gateway counts it, the others at the pace of the second half of it.

    The pace is that of one of RATES: half a minute may begin just before a token.
    """
    half, whole = admitted(throttle, 30), admitted(throttle, 60)
    return whole + round((whole - half) / 30, 1) * (MONTH - 60)


def bill(one: Limits, attack: Attack) -> dict[str, float]:
    """The dollars of the month by item of the price list."""
    requests = sum(of_a_month(throttle or one.default) for throttle in one.routes)
    units = requests * -(-max(attack.body_kb, 0.001) // 512)
    busy = min(requests * one.timeout * attack.seconds, one.reserved * MONTH)
    line = 26 + len(FORMAT) + 36 + attack.path * 10_240
    out = requests * one.response_kb * attack.response / 1_048_576
    return {
        "http-api-requests": units_at_the_api(units),
        "lambda-requests": requests * 0.20 / 1e6,
        "lambda-arm64": busy * one.memory / 1024 * 0.0000133334,
        "logs-vended": tiered(requests * (one.log_bytes + line) / GB),
        "logs-storage": requests * (one.log_bytes + line) / GB * 30 / 30.4 * 0.03,
        "dynamodb-writes": min(requests * 2, one.writes * MONTH) * 0.625 / 1e6,
        "data-out": min(out, 10_240) * 0.09 + max(out - 10_240, 0) * 0.05,  # 0.05 is the lowest price
    }


def units_at_the_api(units: float) -> float:
    return min(units, 300e6) * 1.00 / 1e6 + max(units - 300e6, 0) * 0.90 / 1e6


def tiered(gb: float) -> float:
    """The lowest price of a tier for what goes beyond the first."""
    return min(gb, 10_240) * 0.50 + max(gb - 10_240, 0) * 0.05


def stack(one: Limits) -> tuple[Subject, ...]:
    keys = [f"GET /{number}" for number in range(len(one.routes))]
    own = [
        {"routeKey": key, "throttlingRateLimit": throttle[0], "throttlingBurstLimit": throttle[1]}
        for key, throttle in zip(keys, one.routes, strict=True)
        if throttle
    ]
    properties: dict[str, Any] = {
        "defaultRouteSettings": {"throttlingRateLimit": one.default[0], "throttlingBurstLimit": one.default[1]},
        "routeSettings": own,
        "accessLogSettings": {"format": FORMAT},
    }
    function = {
        "memorySize": one.memory,
        "architectures": ["arm64"],
        "timeout": one.timeout,
        "reservedConcurrentExecutions": one.reserved,
    }
    table = {
        "billingMode": "PAY_PER_REQUEST",
        "onDemandThroughput": {"maxReadRequestUnits": 1, "maxWriteRequestUnits": one.writes},
    }
    knows = {"loggingConfig": ("logs",), "environment": ("table",)}
    return (
        Subject(API, {}, "api"),
        Subject(STAGE, properties, "stage", dependencies={"apiId": ("api",), "accessLogSettings": ("access",)}),
        Subject(INTEGRATION, {}, "call", dependencies={"apiId": ("api",), "integrationUri": ("function",)}),
        *(
            Subject(ROUTE, {"routeKey": key}, key, dependencies={"apiId": ("api",), "target": ("call",)})
            for key in keys
        ),
        Subject(FUNCTION, function, "function", dependencies=knows),
        Subject(LOG_GROUP, {"retentionInDays": 30}, "logs"),
        Subject(LOG_GROUP, {"retentionInDays": 30}, "access"),
        Subject(TABLE, table, "table"),
    )


@settings(max_examples=40, deadline=None)
@given(one=limits, attack=attacks)
def test_no_attack_costs_more_than_the_worst_month(one: Limits, attack: Attack) -> None:
    estimate = priced(
        *stack(one), most_log_bytes_per_request=one.log_bytes, most_response_kb=one.response_kb, requests=1000
    )

    for item, dollars in bill(one, attack).items():
        assert dollars <= sum(line.worst or 0 for line in estimate.lines if line.item == item) * (1 + 1e-9), item


def test_attack_at_all_limits_costs_almost_the_worst_month() -> None:
    """The bound is no number that is merely large."""
    one = Limits((1.0, 10), (None, (0.5, 5)), 512, 10, 10, 1, 4_000, 72)
    attack = Attack(10_240, 1, 1, 1)
    estimate = priced(*stack(one), most_log_bytes_per_request=one.log_bytes, most_response_kb=one.response_kb)

    assert sum(bill(one, attack).values()) >= 0.6 * estimate.worst
