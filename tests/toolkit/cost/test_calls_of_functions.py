"""Which calls reach which function: by its own routes, URLs and schedules; whatever is not counted is listed."""

from typing import Any

import pytest

from tests.support.policy_servicer import Subject
from tests.support.priced import priced
from toolkit.cost.callers import minutes_between
from toolkit.cost.estimate import Estimate
from toolkit.resource_types.apigatewayv2 import API, AUTHORIZER, INTEGRATION, ROUTE, STAGE
from toolkit.resource_types.cloudwatch import EVENT_RULE, EVENT_TARGET
from toolkit.resource_types.lambda_ import FUNCTION, FUNCTION_URL
from toolkit.resource_types.scheduler import SCHEDULE

SMALL = {"memorySize": 128, "architectures": ["arm64"], "timeout": 1, "reservedConcurrentExecutions": 10}
MONTH = 2_678_400


def stage(rate: float, burst: int, **routes: tuple[float, int]) -> Subject:
    own = [
        {"routeKey": f"GET /{name}", "throttlingRateLimit": rate, "throttlingBurstLimit": burst}
        for name, (rate, burst) in routes.items()
    ]
    default = {"throttlingRateLimit": rate, "throttlingBurstLimit": burst}
    return Subject(
        STAGE, {"defaultRouteSettings": default, "routeSettings": own}, "stage", dependencies={"apiId": ("api",)}
    )


def route(name: str, function: str, **more: tuple[str, ...]) -> tuple[Subject, Subject]:
    """A route `GET /name` with an integration of its own."""
    return (
        Subject(
            ROUTE,
            {"routeKey": f"GET /{name}"},
            f"route-{name}",
            dependencies={"apiId": ("api",), "target": (f"call-{name}",), **more},
        ),
        Subject(INTEGRATION, {}, f"call-{name}", dependencies={"apiId": ("api",), "integrationUri": (function,)}),
    )


def functions(*names: str) -> tuple[Subject, ...]:
    return tuple(Subject(FUNCTION, SMALL, name) for name in names)


def calls(one: Estimate, name: str) -> tuple[float, float]:
    """The expected and the most calls of a function, from its price of $0.20 per million."""
    (line,) = [line for line in one.lines if (line.name, line.item) == (name, "lambda-requests")]
    assert line.worst is not None
    return line.expected / 0.20 * 1_000_000, line.worst / 0.20 * 1_000_000


def test_function_gets_the_requests_of_its_routes_up_to_their_throttles() -> None:
    one = priced(
        Subject(API, {}, "api"),
        stage(5, 10, a=(1, 2)),
        *route("a", "first"),
        *route("b", "second"),
        *route("c", "second"),
        *functions("first", "second"),
        requests=3000,
    )

    assert calls(one, "first") == pytest.approx((1000, MONTH + 2))
    assert calls(one, "second") == pytest.approx((2000, 2 * (5 * MONTH + 10)))
    (line,) = [line for line in one.lines if line.item == "http-api-requests"]
    assert line.quantity == 3000
    assert "11/s × 2,678,400 s + burst 22 of 3 routes) × 20 × 512 KB" in line.worst_formula


def test_route_with_a_throttle_of_0_has_no_requests() -> None:
    one = priced(Subject(API, {}, "api"), stage(0, 10), *route("a", "first"), *functions("first"), requests=3000)

    assert calls(one, "first") == (0, 0)


def test_authorizer_function_is_called_for_each_request_of_its_routes() -> None:
    authorizer = Subject(AUTHORIZER, {}, "check", dependencies={"apiId": ("api",), "authorizerUri": ("guard",)})
    one = priced(
        Subject(API, {}, "api"),
        stage(5, 10),
        *route("a", "first", authorizerId=("check",)),
        *route("b", "first"),
        authorizer,
        *functions("first", "guard"),
        requests=3000,
    )

    assert calls(one, "guard") == pytest.approx((1500, 5 * MONTH + 10))
    assert calls(one, "first")[0] == pytest.approx(3000)


def test_function_url_admits_10_requests_per_second_and_instance() -> None:
    url = Subject(FUNCTION_URL, {}, "url", dependencies={"functionName": ("first",)})
    one = priced(url, *functions("first"), requests=3000)

    assert calls(one, "first") == pytest.approx((3000, 100 * MONTH))
    assert one.not_priced == ()
    assert {line.name for line in one.lines if line.item == "data-out"} == {"url"}


def test_schedule_calls_as_often_as_its_expression_and_three_times_that_in_the_worst_month() -> None:
    rule = Subject(EVENT_RULE, {"scheduleExpression": "rate(1 hour)"}, "hourly")
    target = Subject(EVENT_TARGET, {}, "target", dependencies={"rule": ("hourly",), "arn": ("first",)})
    other = Subject(
        SCHEDULE, {"scheduleExpression": "cron(0 3 * * ? *)"}, "nightly", dependencies={"target": ("first",)}
    )
    one = priced(rule, target, other, *functions("first"))

    assert calls(one, "first") == pytest.approx((730 + 730 / 24, (744 + 31) * 3))
    assert FUNCTION not in {gap.of.resource.type for gap in one.not_priced}


@pytest.mark.parametrize(
    ("expression", "calls_in_31_days"),
    [
        ("rate(5 minutes)", 8_928),
        ("rate(1 day)", 31),
        ("cron(0/15 8-17 ? * MON-FRI *)", 4 * 10 * 25),
        ("cron(0 0 1 * ? *)", 1),
        ("cron(0,30 * L * ? *)", 48),
        ("at(2026-12-01T00:00:00)", 1),
    ],
)
def test_calls_per_month_follow_from_the_schedule_expression(expression: str, calls_in_31_days: int) -> None:
    minutes = minutes_between(expression)

    assert minutes is not None
    assert 744 * 60 / minutes == pytest.approx(calls_in_31_days)


@pytest.mark.parametrize("expression", ["", "rate(0 minutes)", "cron(x * * * ? *)", "every day"])
def test_schedule_expression_that_is_not_understood_has_no_number_of_calls(expression: str) -> None:
    assert minutes_between(expression) is None


@pytest.mark.parametrize(
    ("type_", "by"),
    [
        ("aws:lambda/eventSourceMapping:EventSourceMapping", "functionName"),
        ("aws:s3/bucketNotification:BucketNotification", "lambdaFunctions"),
        ("aws:sns/topicSubscription:TopicSubscription", "endpoint"),
        (SCHEDULE, "target"),
    ],
)
def test_uncounted_calls_are_listed_and_bounded_by_the_instances(type_: str, by: str) -> None:
    source = Subject(type_, {"protocol": "lambda"}, "source", dependencies={by: ("first",)})
    one = priced(source, *functions("first"))

    assert calls(one, "first") == pytest.approx((0, 10 * MONTH * 1000))
    assert "the expected number of calls from source" in next(
        gap.why for gap in one.not_priced if gap.of.resource.type == FUNCTION
    )


def test_function_without_callers_is_listed() -> None:
    (gap,) = priced(*functions("first")).not_priced

    assert gap.why == "nothing in the stack calls it, so its calls are not in the expected month"


def test_quick_create_api_is_listed_and_its_function_is_not_free() -> None:
    one = priced(
        Subject(API, {"protocolType": "HTTP"}, "api", dependencies={"target": ("first",)}),
        *functions("first"),
        requests=5,
    )

    assert [gap.of.resource.name for gap in one.not_priced] == ["first"]
    assert "api (Api)" in one.not_priced[0].why
    assert calls(one, "first")[1] == pytest.approx(10 * MONTH * 1000)


LINES: list[tuple[str, float]] = [
    ('{"id":"$context.requestId"}', 26 + len('{"id":""}') + 256),
    ("$context.path $context.identity.userAgent", 26 + 1 + 61_440),
    ("", 26),
]


@pytest.mark.parametrize(("template", "size"), LINES)
def test_longest_line_of_an_access_log_includes_the_values_that_callers_choose(template: str, size: float) -> None:
    from toolkit.cost.services.cloudwatch import longest_line

    assert longest_line(template) == size


def test_compute_is_bounded_by_the_calls_where_those_are_fewer() -> None:
    instance: dict[str, Any] = {**SMALL, "reservedConcurrentExecutions": 100}
    one = priced(
        Subject(API, {}, "api"), stage(1, 0), *route("a", "first"), Subject(FUNCTION, instance, "first"), requests=1
    )
    (line,) = [line for line in one.lines if line.item == "lambda-arm64"]

    assert line.worst == pytest.approx(MONTH * 11 * 0.125 * 0.0000133334)
