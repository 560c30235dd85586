"""What alarms and dashboards ask for."""

from policies.cost.demand import Demands, fixed
from policies.cost.traffic import Traffic
from policies.facts import Facts
from policies.rules.cloudwatch import COMPOSITE_ALARM, METRIC_ALARM

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"

_A_MINUTE = 60


def ask_alarm(alarm: Facts, _traffic: Traffic) -> Demands:
    """Each metric that the alarm looks at; more than once a minute costs more."""
    metrics = max(sum(1 for query in alarm.parts("metricQueries") if query.has("metric")), 1)
    quick = alarm.number("period", _A_MINUTE) < _A_MINUTE
    yield fixed(
        alarm, "alarms-quick" if quick else "alarms", metrics, f"{metrics} {'alarm' if metrics == 1 else 'alarms'}"
    )


def ask_composite(alarm: Facts, _traffic: Traffic) -> Demands:
    """An alarm on alarms."""
    yield fixed(alarm, "alarms-composite", 1, "1 alarm")


def ask_dashboard(dashboard: Facts, _traffic: Traffic) -> Demands:
    """One page."""
    yield fixed(dashboard, "dashboards", 1, "1 dashboard")


SERVICES = {METRIC_ALARM: ask_alarm, COMPOSITE_ALARM: ask_composite, DASHBOARD: ask_dashboard}
