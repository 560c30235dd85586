"""The times of schedules are those that EventBridge Scheduler documents."""

from datetime import UTC, datetime, timedelta

import pytest

from toolkit.resource_types.schedule_expression import ScheduleExpressionError, is_valid, next_time

START = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)  # a Sunday


def times(expression: str, count: int = 1, timezone: str = "UTC", after: datetime = START) -> list[str]:
    """The next times of an expression."""
    found: list[str] = []
    while len(found) < count and (time := next_time(expression, timezone, after, START)) is not None:
        found.append(time.strftime("%Y-%m-%dT%H:%M"))
        after = time
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(0 3 * * ? *)", ["2026-03-02T03:00", "2026-03-03T03:00"]),
        ("cron(15/20 10 * * ? *)", ["2026-03-01T10:35", "2026-03-01T10:55"]),
        ("cron(0 8,20 ? * MON-FRI *)", ["2026-03-02T08:00", "2026-03-02T20:00"]),
        ("cron(0 0 L * ? *)", ["2026-03-31T00:00", "2026-04-30T00:00"]),
        ("cron(0 0 15W * ? *)", ["2026-03-16T00:00", "2026-04-15T00:00"]),
        ("cron(0 0 LW * ? *)", ["2026-03-31T00:00", "2026-04-30T00:00"]),
        ("cron(0 0 LW 5 ? *)", ["2026-05-29T00:00", "2027-05-31T00:00"]),
        ("cron(0 9 ? * 2#1 *)", ["2026-03-02T09:00", "2026-04-06T09:00"]),
        ("cron(0 9 ? * 6L *)", ["2026-03-27T09:00", "2026-04-24T09:00"]),
        ("cron(0 0 1 JAN ? 2028)", ["2028-01-01T00:00"]),
        ("cron(0 0 1 1 ? 2025)", []),
        ("rate(5 minutes)", ["2026-03-01T10:35", "2026-03-01T10:40"]),
        ("rate(1 day)", ["2026-03-02T10:30", "2026-03-03T10:30"]),
        ("at(2026-03-05T07:00:00)", ["2026-03-05T07:00"]),
        ("at(2026-02-05T07:00:00)", []),
    ],
)
def test_next_times_are_those_of_the_expression(expression: str, expected: list[str]) -> None:
    assert times(expression, 2) == expected


def test_rate_begins_at_its_start() -> None:
    assert times("rate(1 hour)", 2, after=START - timedelta(seconds=1)) == ["2026-03-01T10:30", "2026-03-01T11:30"]


def test_time_that_daylight_saving_time_leaves_out_is_left_out() -> None:
    after = datetime(2026, 3, 28, 12, tzinfo=UTC)
    found = times("cron(30 2 * * ? *)", 2, "Europe/Berlin", after)
    assert found == ["2026-03-30T00:30", "2026-03-31T00:30"]


@pytest.mark.parametrize("expression", ["every day", "cron(61 * * * ? *)", "cron(x * * * ? *)", "rate(0 minutes)"])
def test_other_text_is_rejected(expression: str) -> None:
    with pytest.raises(ScheduleExpressionError):
        next_time(expression, "UTC", START, START)


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 hour)",
        "rate(15 minutes)",
        "cron(0 3 * * ? *)",
        "cron(0 9 ? * MON-FRI *)",
        "cron(0 0 L * ? 2027)",
        "cron(0 9 ? * 2#1 *)",
        "at(2020-01-31T03:00:00)",
    ],
)
def test_expression_of_each_form_is_valid(expression: str) -> None:
    assert is_valid(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "every night",
        "rate(0 hours)",
        "rate(1 week)",
        "rate( 1 hour )",
        "cron(* * * * * *)",
        "cron(0 3 ? * ? *)",
        "cron(60 3 * * ? *)",
        "cron(0 3 0 * ? *)",
        "cron(0 3 ? * FUNDAY *)",
        "cron(0 3 ? * 2#6 *)",
        "cron(0 3 ? * 9L *)",
        "cron(0 3 40W * ? *)",
        "cron(0 3 * * ?)",
        "at(2027-13-01T03:00:00)",
        "at(2027-01-31)",
    ],
)
def test_expression_that_aws_rejects_is_invalid(expression: str) -> None:
    assert not is_valid(expression)
