"""The charges of log groups, alarms and dashboards."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.cost.demand import Demand, Demands, Gap, Quantity, fixed, unbounded
from toolkit.cost.traffic import BYTES_IN_GB, Load, Traffic
from toolkit.resource_types.apigateway import REST_STAGE
from toolkit.resource_types.apigatewayv2 import STAGE
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.cloudwatch import (
    COMPOSITE_ALARM,
    DASHBOARD,
    LOG_DELIVERY_DESTINATION,
    LOG_GROUP,
    METRIC_ALARM,
)
from toolkit.resource_types.wafv2 import WEB_ACL_LOGGING
from toolkit.stacks.inputs import Inputs

_DAYS = 30.4
_VARIABLE = re.compile(r"\$context\.[A-Za-z0-9_.-]+")
_CHOSEN_BY_CALLERS = (
    "$context.path",
    "$context.identity.userAgent",
    "$context.authorizer.claims",
)
"""Values that callers choose, as long as a request allows; methods and host names are fixed by API Gateway."""
_REQUEST_HEAD, _ESCAPED = 10_240, 6
_LONGEST_VALUE = 256
"""Bytes of a value that API Gateway sets: ids, times, numbers, its own messages."""
_LINE_OVERHEAD = 26
"""Bytes that CloudWatch counts for each event: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/
API_PutLogEvents.html, read on 2026-11-30."""
_UNLIMITED_RETENTION_MONTHS = 12
_EVENT_BYTES = 2_000
"""The size of a recorded call; those of this project's own pipeline have 1 to 2 KB."""

_STANDARD_PERIOD = 60
_ANOMALY_METRICS = 3
"""An alarm on an anomaly looks at the metric and at the two edges of its band: https://aws.amazon.com/cloudwatch/pricing/
(read 2025-10-28)
"""


@dataclass(frozen=True)
class _LogWriter:
    item: str
    load: Load
    size: float
    """Bytes a request."""
    most: float | None
    """The most bytes per request; None without a bound."""


def meter_log_group(group: Inputs, traffic: Traffic) -> Demands:
    """Meter the gigabytes written in a month, and the gigabytes stored until retention ends."""
    writers = tuple(_writers(group, traffic))
    if traffic.graph.using(group, STAGE, REST_STAGE, by="accessLogSettings"):
        yield unbounded(group, "logs-vended", 0, "lines of requests that are throttled or fail authorization")
    if not writers:
        yield Gap(group, "nothing in the stack that the profile measures writes to it")
    for written in writers:
        gb = written.load.expected * written.size / BYTES_IN_GB
        how = f"{written.load.expected:,.0f} requests × {written.size:,.0f} bytes"
        bounded = None
        if written.most is not None:
            most = max(written.most, written.size)
            bounded = Quantity(written.load.most * most / BYTES_IN_GB, f"({written.load.bound}) × {most:,.0f} bytes")
        yield Demand(group, written.item, Quantity(gb, how), bounded)
        yield _kept(group, Quantity(gb, how), bounded)


def _kept(group: Inputs, written: Quantity, most: Quantity | None) -> Demand:
    """Return the storage of the retention period; without retention that of the first year, without a bound."""
    days = group.number("retentionInDays", 0)
    months = days / _DAYS if days else _UNLIMITED_RETENTION_MONTHS
    kept = f"{days:,.0f} days" if days else "the first year, without retention"
    most = Quantity(most.amount * months, f"{most.how} × {kept}") if most and days else None
    return Demand(group, "logs-storage", Quantity(written.amount * months, f"{written.how} × {kept}"), most)


def _writers(group: Inputs, traffic: Traffic) -> Iterator[_LogWriter]:
    usage = traffic.usage
    for function in traffic.callers(group, "loggingConfig"):
        # Vended logs since May 2025, with the tiers of us-east-1 in prices.yaml, as a public note quotes AWS:
        # https://aws.amazon.com/blogs/compute/aws-lambda-introduces-tiered-pricing-for-amazon-cloudwatch-logs-and-additional-logging-destinations/
        # (read 2026-11-30)
        own = usage.of_function(function.resource.name)
        yield _LogWriter(
            "logs-vended",
            traffic.at_function(function),
            own.log_bytes or 0,
            own.most_log_bytes,
        )
    for stage in traffic.graph.using(group, STAGE, REST_STAGE, by="accessLogSettings"):
        most = longest_line(stage.text("accessLogSettings.format"))
        yield _LogWriter("logs-vended", traffic.at_stage(stage), usage.access_log_bytes_per_request, most)
    for _ in traffic.graph.using(group, TRAIL, by="cloudWatchLogsGroupArn"):
        yield _LogWriter("logs-ingest", Load(usage.management_events, 0, ""), _EVENT_BYTES, None)
    edge = Load(usage.requests, 0, "")
    for _ in traffic.graph.using(group, LOG_DELIVERY_DESTINATION, by="deliveryDestinationConfiguration"):
        yield _LogWriter("logs-vended", edge, usage.access_log_bytes_per_request, None)
    for _ in traffic.graph.using(group, WEB_ACL_LOGGING, by="logDestinationConfigs"):
        yield _LogWriter("logs-vended", edge, usage.access_log_bytes_per_request, None)


def longest_line(template: str) -> float:
    """Return the bytes of one line of an access log, at most, with what its caller may choose.

    The request line and all headers of a request have 10,240 bytes together:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html, read on 2026-11-30. JSON escapes
    a character with up to 5 more; a path and a header are different bytes of the same request.
    """
    variables = _VARIABLE.findall(template)
    text = len(template.encode()) - sum(len(variable) for variable in variables)
    chosen = [variable for variable in variables if variable.startswith(_CHOSEN_BY_CALLERS)]
    callers = _REQUEST_HEAD * _ESCAPED if chosen else 0
    return _LINE_OVERHEAD + text + (len(variables) - len(chosen)) * _LONGEST_VALUE + callers


def meter_alarm(alarm: Inputs, _traffic: Traffic) -> Demands:
    """Meter each metric of the alarm; an evaluation more than once a minute costs more."""
    queries = alarm.parts("metricQueries")
    expressions = [query.text("expression").upper() for query in queries if query.has("expression")]
    if any(expression.lstrip().startswith("SELECT") for expression in expressions):
        yield Gap(alarm, "it is charged for each metric that its query finds")
    metrics = max(sum(1 for query in queries if query.has("metric")), 1)
    if any("ANOMALY_DETECTION_BAND" in expression for expression in expressions):
        metrics *= _ANOMALY_METRICS
    item = "alarms-quick" if is_high_resolution(alarm) else "alarms"
    yield fixed(alarm, item, metrics, f"{metrics} {'alarm' if metrics == 1 else 'alarms'}")


def is_high_resolution(alarm: Inputs) -> bool:
    """Return whether the alarm is evaluated more than once a minute."""
    periods = [query.number("metric.period", _STANDARD_PERIOD) for query in alarm.parts("metricQueries")]
    return min([alarm.number("period", _STANDARD_PERIOD), *periods]) < _STANDARD_PERIOD


def meter_composite_alarm(alarm: Inputs, _traffic: Traffic) -> Demands:
    """Meter a composite alarm."""
    yield fixed(alarm, "alarms-composite", 1, "1 alarm")


def meter_dashboard(dashboard: Inputs, _traffic: Traffic) -> Demands:
    """One page."""
    yield fixed(dashboard, "dashboards", 1, "1 dashboard")


SERVICES = {
    LOG_GROUP: meter_log_group,
    METRIC_ALARM: meter_alarm,
    COMPOSITE_ALARM: meter_composite_alarm,
    DASHBOARD: meter_dashboard,
}
