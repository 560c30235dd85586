"""Rules on the metrics that alarms watch."""

import re
from collections.abc import Callable

from toolkit.policy.cloudwatch.alarms import (
    OPERATORS,
    WatchedMetric,
    are_high_values_bad,
    compares_downwards,
    compares_upwards,
    expression,
    identifiers,
    longest_period,
    returned,
    searches,
    uses_band,
    watched,
)
from toolkit.policy.cloudwatch.metrics import Kind, metrics_by_namespace
from toolkit.policy.rule import Levels, ResourceCheck, ResourceRule, Severity
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudwatch import METRIC_ALARM
from toolkit.stacks.inputs import Inputs, Violations, every
from toolkit.stacks.references import region_of

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_SHORT_PERIODS = {10, 20, 30}
"""Seconds; only for custom metrics with high resolution.

https://docs.aws.amazon.com/sdk-for-kotlin/api/latest/cloudwatch/aws.sdk.kotlin.services.cloudwatch.model/-put-metric-alarm-request/period.html
(read 2026-11-30)
"""
_STATISTICS = {"SampleCount", "Average", "Sum", "Minimum", "Maximum"}
_EXTENDED = re.compile(r"(p|tm|wm|tc|ts)(\d{1,2}(\.\d{1,10})?|100)|IQM|(TM|WM|PR|TC|TS)\(.+\)")
_LOW = re.compile(r"(p|tm|wm|tc|ts)[0-9]?(\.\d+)?")
"""Percentiles below 10, which ignore nearly all calls."""
_SHARE = {"Average", "Minimum", "Maximum"}
_MEANINGFUL = {Kind.EVENTS: {"Sum", *_SHARE}, Kind.AMOUNT: {"Sum", *_SHARE}}
_HUNDRED_PERCENT = 100
_ZEROED = re.compile(r"(?<![\d.\w])0+(\.0*)?\s*\*|\*\s*0+(\.0*)?(?![\d.])")
_EDGE_REGION = "us-east-1"


def _namespace_exists(one: WatchedMetric, _alarm: Inputs) -> bool:
    return bool(one.namespace) and (
        not one.namespace.upper().startswith("AWS/") or one.namespace in metrics_by_namespace()
    )


def _metric_exists(one: WatchedMetric, _alarm: Inputs) -> bool:
    return metrics_by_namespace().get(one.namespace) is None or one.known is not None


def _has_data(one: WatchedMetric, alarm: Inputs) -> bool:
    if one.namespace == "AWS/CloudFront":
        at_edge = one.part.text("dimensions.Region") == "Global" and region_of(alarm) in {_EDGE_REGION, ""}
        return at_edge and (one.known is None or one.dimensions in one.known.dimensions)
    return one.known is None or one.dimensions in one.known.dimensions


def _statistic_is_useful(one: WatchedMetric, _alarm: Inputs) -> bool:
    if one.statistic not in _STATISTICS and not _EXTENDED.fullmatch(one.statistic):
        return False
    if one.known is None:
        return True
    if one.known.kind in _MEANINGFUL:
        return one.statistic in _MEANINGFUL[one.known.kind] or one.statistic not in _STATISTICS
    if one.known.kind is Kind.MILLISECONDS:
        return one.statistic not in {"Sum", "SampleCount", "Minimum"} and not _LOW.fullmatch(one.statistic)
    return one.statistic != "SampleCount" and (one.known.kind is Kind.LEVEL or one.statistic != "Sum")


def _period_fits(one: WatchedMetric, _alarm: Inputs) -> bool:
    period = one.period
    own = not one.namespace.startswith("AWS/")
    return (period >= _MINUTE and period % _MINUTE == 0) or (own and period in _SHORT_PERIODS)


def _for_each_metric(holds: Callable[[WatchedMetric, Inputs], bool]) -> ResourceCheck:
    """Return the check that each metric of an alarm holds; those that do not are named by their place."""

    def check(alarm: Inputs, _stack: Stack) -> bool | Violations:
        by_place = {one.part.place: one for one in watched(alarm)}
        return every((one.part for one in by_place.values()), lambda part: holds(by_place[part.place], alarm))

    return check


def _direction_fits(alarm: Inputs, _stack: Stack) -> bool:
    operator = alarm.text("comparisonOperator")
    if operator not in OPERATORS:
        return False
    return not (are_high_values_bad(alarm) and compares_downwards(alarm))


def _threshold_is_reachable(alarm: Inputs, _stack: Stack) -> bool:
    most = _largest_value(alarm)
    if uses_band(alarm) or most is None or not compares_upwards(alarm):
        return True
    threshold = alarm.number("threshold", 0)
    return threshold < most or (threshold == most and alarm.text("comparisonOperator").endswith("OrEqualToThreshold"))


def _largest_value(alarm: Inputs) -> float | None:
    """Return the largest value that the compared value can have, where its unit limits it."""
    found, text = watched(alarm), expression(alarm)
    if text:
        events = bool(found) and all(one.known is not None and one.known.kind is Kind.EVENTS for one in found)
        if not events or "/" not in text or searches(text):
            return None
        return _HUNDRED_PERCENT if re.search(r"\b100\b", text) else 1
    if len(found) != 1 or (metric := found[0].known) is None:
        return None
    if metric.kind is Kind.PERCENT:
        return _HUNDRED_PERCENT
    share = metric.kind is Kind.EVENTS and found[0].statistic not in {"Sum", "SampleCount"}
    return 1 if share or metric.kind is Kind.RATIO else None


def _threshold_is_not_always_reached(alarm: Inputs, _stack: Stack) -> bool:
    if uses_band(alarm) or not watched(alarm) or not all(one.known for one in watched(alarm)):
        return True
    operator, threshold = alarm.text("comparisonOperator"), alarm.number("threshold", 0)
    if "-" in expression(alarm):
        return True
    milliseconds = all(one.known is not None and one.known.kind is Kind.MILLISECONDS for one in watched(alarm))
    least = 1 if milliseconds and not expression(alarm) else 0
    if compares_upwards(alarm):
        return threshold > least or (threshold == 0 == least and operator == "GreaterThanThreshold")
    most = _largest_value(alarm)
    return most is None or threshold <= most


def _periods_fit(alarm: Inputs, _stack: Stack) -> bool:
    """Allow a day, or a week for periods of an hour or longer.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, the text on Period, read
    2026-11-30 in the SDK for Kotlin.
    """
    periods, period = alarm.number("evaluationPeriods", 0), longest_period(alarm)
    datapoints = alarm.number("datapointsToAlarm", periods)
    longest = 7 * _DAY if period >= _HOUR else _DAY
    return 1 <= datapoints <= periods and periods * period <= longest


def _queries_return_one_value(alarm: Inputs, _stack: Stack) -> bool:
    queries = alarm.parts("metricQueries")
    if not queries:
        return alarm.has("metricName")
    ids = {query.text("id") for query in queries}
    texts = [query.text("expression") for query in queries]
    complete = all(identifiers(text) <= ids and not _ZEROED.search(text) for text in texts)
    return complete and (uses_band(alarm) or len(returned(alarm)) == 1)


alarm_metric_known = ResourceRule(
    name="alarm-metric-known",
    description="CloudWatch alarms use metrics and dimensions that AWS publishes",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(METRIC_ALARM,),
    checks={
        "namespace is absent, or none of AWS although it begins with AWS/; correct it": (
            _for_each_metric(_namespace_exists)
        ),
        "metricName is none that the namespace publishes; toolkit/policy/cloudwatch/metrics.txt lists them": (
            _for_each_metric(_metric_exists)
        ),
        "dimensions are no combination that the metric is published with, so the alarm has no data; correct them": (
            _for_each_metric(_has_data)
        ),
        "the statistic is absent, unknown or not useful for this metric; use Sum for counts, and Average, Maximum or "
        "a high percentile for durations and levels": _for_each_metric(_statistic_is_useful),
        "period is neither 60 seconds nor a multiple, so AWS's metrics have no data; correct it": _for_each_metric(
            _period_fits
        ),
    },
)

alarm_can_be_raised = ResourceRule(
    name="alarm-can-be-raised",
    description="CloudWatch alarms can reach the ALARM state, and are not always in it",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(METRIC_ALARM,),
    checks={
        "comparisonOperator is unknown, or raises the alarm when failures are few; use GreaterThanOrEqualToThreshold": (
            _direction_fits
        ),
        "threshold is above what the metric or statistic can reach, such as 100 percent; lower it": (
            _threshold_is_reachable
        ),
        "threshold is reached at all times; raise it": _threshold_is_not_always_reached,
        "evaluationPeriods and datapointsToAlarm do not fit: 1 to evaluationPeriods datapoints, and a day in all": (
            _periods_fit
        ),
        "metricQueries do not return exactly one value, or an expression names a query that is absent or is always 0": (
            _queries_return_one_value
        ),
    },
)
