"""An alarm as a rule reads it: its metrics, and whether high or low values are bad."""

import re
from dataclasses import dataclass

from toolkit.policy.cloudwatch.metrics import BadValues, Metric, metric
from toolkit.stacks.inputs import Inputs

_IDENTIFIER = re.compile(r"\b[a-z][A-Za-z0-9_]*\b")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_SEARCHES = re.compile(r"\b(SEARCH|SELECT|INSIGHT_RULE_METRIC|DB_PERF_INSIGHTS|LAMBDA)\b", re.IGNORECASE)
_DEFAULT_PERIOD = 300
"""The period of a query without one."""
_GREATER = ("GreaterThanOrEqualToThreshold", "GreaterThanThreshold")
_LESS = ("LessThanThreshold", "LessThanOrEqualToThreshold")
OPERATORS = frozenset(
    (
        *_GREATER,
        *_LESS,
        "GreaterThanUpperThreshold",
        "LessThanLowerThreshold",
        "LessThanLowerOrGreaterThanUpperThreshold",
    )
)


@dataclass(frozen=True)
class WatchedMetric:
    """One metric that an alarm evaluates."""

    part: Inputs
    """The part with namespace, metricName, dimensions and period."""
    statistic: str
    id: str = ""
    """The query's."""

    @property
    def namespace(self) -> str:
        """The namespace."""
        return self.part.text("namespace")

    @property
    def known(self) -> Metric | None:
        """Return the kind of the metric; None for a metric that is not AWS's."""
        return metric(self.namespace, self.part.text("metricName"))

    @property
    def dimensions(self) -> frozenset[str]:
        """The names of its dimensions."""
        return frozenset(self.part.keys("dimensions"))

    @property
    def period(self) -> float:
        """The length of a period in seconds."""
        return self.part.number("period", _DEFAULT_PERIOD)


def uses_band(alarm: Inputs) -> bool:
    """Return whether the alarm compares with an anomaly detection band, not with a threshold."""
    return alarm.has("thresholdMetricId")


def watched(alarm: Inputs) -> tuple[WatchedMetric, ...]:
    """Return the metrics of the compared value."""
    if alarm.has("metricName"):
        statistic = alarm.text("extendedStatistic") or alarm.text("statistic")
        return (WatchedMetric(alarm, statistic),)
    queries = alarm.parts("metricQueries")
    ids = _used(queries)
    return tuple(
        WatchedMetric(query.part("metric"), query.text("metric.stat"), query.text("id"))
        for query in queries
        if query.has("metric") and query.text("id") in ids
    )


def returned(alarm: Inputs) -> tuple[Inputs, ...]:
    """Return the queries whose value is compared."""
    queries = alarm.parts("metricQueries")
    chosen = tuple(query for query in queries if query.flag("returnData"))
    return chosen or (queries if len(queries) == 1 else ())


def expression(alarm: Inputs) -> str:
    """Return the expression whose value is compared; empty where a metric itself is."""
    chosen = returned(alarm)
    return chosen[0].text("expression") if len(chosen) == 1 else ""


def identifiers(text: str) -> frozenset[str]:
    """Return the queries that an expression names; none where it searches metrics itself."""
    return frozenset() if searches(text) else frozenset(_IDENTIFIER.findall(_QUOTED.sub("", text)))


def searches(text: str) -> bool:
    """Return whether an expression finds its metrics by a search."""
    return _SEARCHES.search(_QUOTED.sub("", text)) is not None or text.lstrip().upper().startswith("SELECT")


def are_high_values_bad(alarm: Inputs) -> bool:
    """Return whether the compared value grows with what fails: a metric of failures, or a sum or share of them."""
    found = watched(alarm)
    text = expression(alarm)
    if not text:
        return len(found) == 1 and found[0].known is not None and found[0].known.bad is BadValues.HIGH
    if searches(text) or re.search(r"[-<>]|\b(IF|NOT|RATE|DIFF|DIFF_TIME|METRIC_COUNT)\b", _QUOTED.sub("", text)):
        return False
    numerators = identifiers(text.partition("/")[0])
    grows = [one for one in found if one.id in numerators or "METRICS" in text]
    return (
        bool(grows)
        and all(one.known is None or one.known.bad is BadValues.HIGH for one in grows)
        and any(one.known for one in grows)
    )


def compares_upwards(alarm: Inputs) -> bool:
    """Return whether the alarm is raised by values above its threshold."""
    return alarm.text("comparisonOperator") in _GREATER


def compares_downwards(alarm: Inputs) -> bool:
    """Return whether the alarm is raised by values below its threshold."""
    return alarm.text("comparisonOperator") in _LESS


def longest_period(alarm: Inputs) -> float:
    """Return the longest period of the alarm's metrics, in seconds."""
    return max((one.period for one in watched(alarm)), default=alarm.number("period", _DEFAULT_PERIOD))


def seconds_to_decide(alarm: Inputs) -> float:
    """Return how long a failure lasts before the alarm is raised, in seconds."""
    periods = alarm.number("evaluationPeriods", 1)
    return longest_period(alarm) * alarm.number("datapointsToAlarm", periods)


def _used(queries: tuple[Inputs, ...]) -> frozenset[str]:
    """Return the ids in the compared value, through nested expressions."""
    texts = {query.text("id"): query.text("expression") for query in queries}
    marked = [query.text("id") for query in queries if query.flag("returnData")]
    todo, seen = (marked or list(texts)), set[str]()
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        text = texts.get(here, "")
        todo.extend(texts if "METRICS(" in text or searches(text) else identifiers(text) & set(texts))
    return frozenset(seen)
