"""The expressions of EventBridge Scheduler: at(…), rate(…) and cron(…).

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import calendar
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_RATE = re.compile(r"rate\(([1-9]\d*) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
EXAMPLES = "rate(1 hour), cron(0 3 * * ? *) or at(2027-01-31T03:00:00)"
"""An expression of each form, for messages."""
_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_WEEKDAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
_SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)
SEARCHED_DAYS = 5 * 366
"""How far a time is searched; a schedule without one until then does not run."""


class ScheduleExpressionError(ValueError):
    """The text is no expression of EventBridge Scheduler."""


def is_valid(expression: str) -> bool:
    """Return whether EventBridge Scheduler accepts an expression.

    A cron expression has a question mark in exactly one of the two fields for days.
    """
    found = _CRON.fullmatch(expression)
    try:
        if found and (found[3] == "?") == (found[5] == "?"):
            return False
        next_time(expression, "UTC", _SOME_TIME, _SOME_TIME)
    except ValueError:
        return False
    return True


def next_time(expression: str, timezone: str, after: datetime, start: datetime) -> datetime | None:
    """Return the first time later than `after`, in UTC; None where there is none. Raises ScheduleExpressionError.

    A rate counts from `start`, which is its first time.
    """
    zone = ZoneInfo(timezone)
    if found := _AT.fullmatch(expression):
        once = datetime.fromisoformat(found[1]).replace(tzinfo=zone).astimezone(UTC)
        return once if once > after else None
    if found := _RATE.fullmatch(expression):
        interval = timedelta(**{f"{found[2]}s": int(found[1])})
        return start + max(0, (after - start) // interval + 1) * interval
    if found := _CRON.fullmatch(expression):
        return _next_cron_time(found.groups(), zone, max(after, start))
    raise ScheduleExpressionError(f"{expression!r} is not at(…), rate(…) or cron(…).")


def _next_cron_time(fields: tuple[str, ...], zone: ZoneInfo, after: datetime) -> datetime | None:
    minutes, hours = _values(fields[0], 0, 59), _values(fields[1], 0, 23)
    months, years = _values(fields[3], 1, 12, _MONTHS), _values(fields[5], 1970, 2199)
    first = after.astimezone(zone).date()
    for day in (first + timedelta(days=offset) for offset in range(SEARCHED_DAYS)):
        if day.year not in years or day.month not in months or not _is_day(fields[2], fields[4], day):
            continue
        for time in _times(day, hours, minutes, zone):
            if time > after:
                return time
    return None


def _times(day: date, hours: list[int], minutes: list[int], zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the times of a day in UTC, without those that a change to daylight saving time leaves out."""
    for hour in hours:
        for minute in minutes:
            local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
            time = local.astimezone(UTC)
            if time.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
                yield time


def _is_day(of_month: str, of_week: str, day: date) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    if of_month not in {"?", "*"}:
        if of_month == "L":
            return day.day == last
        if of_month.endswith("W"):
            wanted = last if of_month == "LW" else _values(of_month[:-1], 1, 31)[0]
            return day == _nearest_weekday(day, wanted, last)
        return day.day in _values(of_month, 1, 31)
    weekday = day.isoweekday() % 7 + 1  # 1 is Sunday
    if of_week in {"?", "*"}:
        return True
    if "#" in of_week:
        which, _, number = of_week.partition("#")
        return weekday in _values(which, 1, 7, _WEEKDAYS) and (day.day - 1) // 7 + 1 in _values(number, 1, 5)
    if of_week.endswith("L"):
        return weekday in _values(of_week[:-1] or "7", 1, 7, _WEEKDAYS) and day.day > last - 7
    return weekday in _values(of_week, 1, 7, _WEEKDAYS)


def _nearest_weekday(day: date, wanted: int, last: int) -> date:
    """Return the day from Monday to Friday of the same month that is nearest to the wanted one."""
    target = day.replace(day=min(wanted, last))
    offset = {6: -1 if target.day > 1 else 2, 7: 1 if target.day < last else -2}.get(target.isoweekday(), 0)
    return target + timedelta(days=offset)


def _values(field: str, first: int, last: int, names: dict[str, int] | None = None) -> list[int]:
    """Return the numbers of a field, in order. Raises ScheduleExpressionError."""
    found: set[int] = set()
    for part in field.upper().split(","):
        span, _, step = part.partition("/")
        begin, dash, end = span.partition("-")
        try:
            lowest = first if span == "*" else _number(begin, names)
            highest = _number(end, names) if dash else last if step or span == "*" else lowest
            found.update(range(lowest, highest + 1, int(step or 1)))
        except ValueError as error:
            raise ScheduleExpressionError(f"{field!r} is not a field of a cron expression.") from error
    if not found or min(found) < first or max(found) > last:
        raise ScheduleExpressionError(f"{field!r} is not within {first} to {last}.")
    return sorted(found)


def _number(text: str, names: dict[str, int] | None) -> int:
    return names[text] if names and text in names else int(text)
