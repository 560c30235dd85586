"""What alarms and dashboards ask for."""

from toolkit.cost.demand import Demands, Gap, fixed
from toolkit.cost.traffic import Traffic
from toolkit.resource_types.cloudwatch import COMPOSITE_ALARM, DASHBOARD, METRIC_ALARM
from toolkit.stacks.facts import Facts

_A_MINUTE = 60
_BAND = 3
"""An alarm on an anomaly looks at the metric and at the two edges of its band: https://aws.amazon.com/cloudwatch/pricing/
(read 2025-10-28)
"""


def ask_alarm(alarm: Facts, _traffic: Traffic) -> Demands:
    """Each metric that the alarm looks at; more than once a minute costs more."""
    queries = alarm.parts("metricQueries")
    expressions = [query.text("expression").upper() for query in queries if query.has("expression")]
    if any(expression.lstrip().startswith("SELECT") for expression in expressions):
        yield Gap(alarm, "it asks for each metric that its query finds")
    metrics = max(sum(1 for query in queries if query.has("metric")), 1)
    if any("ANOMALY_DETECTION_BAND" in expression for expression in expressions):
        metrics *= _BAND
    item = "alarms-quick" if is_quick(alarm) else "alarms"
    yield fixed(alarm, item, metrics, f"{metrics} {'alarm' if metrics == 1 else 'alarms'}")


def is_quick(alarm: Facts) -> bool:
    """Return whether the alarm is evaluated more than once a minute."""
    periods = [query.number("metric.period", _A_MINUTE) for query in alarm.parts("metricQueries")]
    return min([alarm.number("period", _A_MINUTE), *periods]) < _A_MINUTE


def ask_composite(alarm: Facts, _traffic: Traffic) -> Demands:
    """An alarm on alarms."""
    yield fixed(alarm, "alarms-composite", 1, "1 alarm")


def ask_dashboard(dashboard: Facts, _traffic: Traffic) -> Demands:
    """One page."""
    yield fixed(dashboard, "dashboards", 1, "1 dashboard")


SERVICES = {METRIC_ALARM: ask_alarm, COMPOSITE_ALARM: ask_composite, DASHBOARD: ask_dashboard}
