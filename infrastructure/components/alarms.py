"""The alarms: some page, some notify, and one rolls a canary deployment back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, final

import pulumi
import pulumi_aws as aws

from infrastructure.settings.groups import AlarmSettings, WorkerSettings

_FIVE_MINUTES = 300
_MINUTE, _CANARY_PERIODS, _CANARY_DATAPOINTS = 60, 3, 2
"""Three minutes, and at most one more until the metrics arrive (Lambda sends them every minute,
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html, read 2026-11-30), are less than the five of the
canary."""
_NEAR_TIMEOUT = 0.8
"""The share of its timeout that a function that events invoke normally stays below."""

_Query = aws.cloudwatch.MetricAlarmMetricQueryArgsDict


class _Metric(NamedTuple):
    """A metric of CloudWatch."""

    namespace: str
    name: str
    dimensions: Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True)
class Canary:
    """The alias and the new version of a canary deployment."""

    alias: pulumi.Input[str]
    version: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class EventMonitoring:
    """A function that events invoke: its thresholds, its dead-letter queue, and the queues that it reads."""

    settings: WorkerSettings
    function_name: pulumi.Input[str]
    timeout_seconds: int
    dead_letters_name: pulumi.Input[str]
    queues: Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True, kw_only=True)
class AlarmsArgs:
    """The monitored resources, the thresholds, and the topics for notifications."""

    settings: AlarmSettings
    page_topic: pulumi.Input[str]
    notices_topic: pulumi.Input[str]
    service: str
    """The namespace of the function's own metrics, and their dimension `service`."""
    function_name: pulumi.Input[str]
    canary: Canary | None
    api_id: pulumi.Input[str]
    tables: Mapping[str, pulumi.Input[str]]
    functions: Mapping[str, EventMonitoring]


@final
class Alarms(pulumi.ComponentResource):
    """Alarms on the function, the API and each table; only errors of the function's code page.

    Throttles, latency and 5xx of the API depend on callers, upstreams and tables as well: they notify.

    Creates: aws.cloudwatch.MetricAlarm for the function's errors, throttles and duration, the API's 5xx and latency,
    the throttles of each table and, where versions are deployed by canary, the errors of the new version.
    For each function that events invoke: its errors, throttles, duration and dead letters, and the age of its queues.
    """

    canary_alarms: tuple[pulumi.Output[str], ...] = ()
    """The names of the alarms that roll a canary deployment back."""

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:operations:Alarms", name, None, opts)
        self._name, self._args = name, args
        settings = args.settings
        function, api = {"FunctionName": args.function_name}, {"ApiId": args.api_id}
        self._errors()
        self._count("function-throttles", _Metric("AWS/Lambda", "Throttles", function), settings.function_throttles)
        self._p99("function-p99", _Metric("AWS/Lambda", "Duration", function), settings.function_p99_ms)
        self._count("api-5xx", _Metric("AWS/ApiGateway", "5xx", api), settings.api_5xx)
        self._p99("api-latency", _Metric("AWS/ApiGateway", "Latency", api), settings.api_latency_p99_ms)
        for label, table in args.tables.items():
            self._table_throttles(f"{label}-throttles", table, settings.table_throttles)
        for label, events in args.functions.items():
            self._events(label, events)
        if args.canary is not None:
            self.canary_alarms = (self._canary_errors(args.canary),)
        self.register_outputs({})

    def _events(self, label: str, events: EventMonitoring) -> None:
        """Alarm on a function that events invoke. What it fails to do is lost after 14 days: dead letters page."""
        settings, function = events.settings, {"FunctionName": events.function_name}
        self._count(f"{label}-function-errors", _Metric("AWS/Lambda", "Errors", function), settings.errors)
        self._count(f"{label}-function-throttles", _Metric("AWS/Lambda", "Throttles", function), settings.throttles)
        longest_ms = round(_NEAR_TIMEOUT * 1000 * events.timeout_seconds)
        self._p99(f"{label}-function-p99", _Metric("AWS/Lambda", "Duration", function), longest_ms)
        self._alarm(
            f"{label}-dead-letters",
            1,
            "Events that the function failed to process are in its dead-letter queue",
            topic=self._args.page_topic,
            metric=_Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": events.dead_letters_name}),
            statistic="Maximum",
        )
        for name, queue in events.queues.items():
            self._alarm(
                f"{name}-age",
                settings.oldest_message_seconds,
                "The age in seconds of the oldest message of the queue",
                metric=_Metric("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": queue}),
                statistic="Maximum",
            )

    def _errors(self) -> None:
        function = {"FunctionName": self._args.function_name}
        errors = _Metric(self._args.service, "ServerErrors", {**function, "service": self._args.service})
        self._sum(
            "function-errors",
            self._args.settings.function_errors,
            "Failed invocations and responses with status 500 in five minutes",
            {"failed": _Metric("AWS/Lambda", "Errors", function), "answered": errors},
            topic=self._args.page_topic,
        )

    def _canary_errors(self, canary: Canary) -> pulumi.Output[str]:
        """Alarm on errors of the new version alone: errors of the old one must not prevent its fix.

        While an alias has two versions, Lambda reports each with the dimension ExecutedVersion:
        https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html. The program publishes a version and sets
        it here before CodeDeploy moves the alias. Lambda does not count a response with status 500 as an error;
        the function counts it with the same dimension.
        """
        version = {"FunctionName": self._args.function_name, "ExecutedVersion": canary.version}
        alias = pulumi.Output.concat(self._args.function_name, ":", canary.alias)
        errors = _Metric(self._args.service, "ServerErrors", {**version, "service": self._args.service})
        return self._sum(
            "canary-errors",
            self._args.settings.canary_errors,
            "Errors of the new version in a minute, in two of three minutes: the deployment is rolled back",
            {"failed": _Metric("AWS/Lambda", "Errors", {**version, "Resource": alias}), "answered": errors},
            period=_MINUTE,
            evaluation_periods=_CANARY_PERIODS,
            datapoints=_CANARY_DATAPOINTS,
        )

    def _table_throttles(self, label: str, table: pulumi.Input[str], threshold: int) -> None:
        """Add reads and writes: DynamoDB counts their throttles separately."""
        metrics = {
            "reads": _Metric("AWS/DynamoDB", "ReadThrottleEvents", {"TableName": table}),
            "writes": _Metric("AWS/DynamoDB", "WriteThrottleEvents", {"TableName": table}),
        }
        self._sum(label, threshold, "Throttled reads and writes in five minutes", metrics)

    def _count(self, label: str, metric: _Metric, threshold: int) -> None:
        description = f"{metric.name} of {metric.namespace} in five minutes"
        self._alarm(label, threshold, description, metric=metric, statistic="Sum")

    def _p99(self, label: str, metric: _Metric, threshold_ms: int) -> None:
        description = f"p99 of {metric.name} of {metric.namespace} in milliseconds, for ten of fifteen minutes"
        self._alarm(
            label, threshold_ms, description, metric=metric, percentile="p99", evaluation_periods=3, datapoints=2
        )

    def _sum(
        self,
        label: str,
        threshold: int,
        description: str,
        metrics: Mapping[str, _Metric],
        *,
        topic: pulumi.Input[str] | None = None,
        period: int = _FIVE_MINUTES,
        evaluation_periods: int = 1,
        datapoints: int | None = None,
    ) -> pulumi.Output[str]:
        """Alarm on the sum of several metrics, by their query ids."""
        total: _Query = {
            "id": "total",
            "expression": " + ".join(f"FILL({query_id}, 0)" for query_id in metrics),
            "label": label,
            "return_data": True,
        }
        queries = [total, *(_query(query_id, metric, period) for query_id, metric in metrics.items())]
        return self._alarm(
            label,
            threshold,
            description,
            topic=topic,
            queries=queries,
            evaluation_periods=evaluation_periods,
            datapoints=datapoints,
        )

    def _alarm(
        self,
        label: str,
        threshold: int,
        description: str,
        *,
        topic: pulumi.Input[str] | None = None,
        metric: _Metric | None = None,
        statistic: str | None = None,
        percentile: str | None = None,
        queries: Sequence[_Query] | None = None,
        evaluation_periods: int = 1,
        datapoints: int | None = None,
    ) -> pulumi.Output[str]:
        """Create the alarm on one metric in periods of five minutes, or on queries. Return its name."""
        topic = self._args.notices_topic if topic is None else topic
        alarm = aws.cloudwatch.MetricAlarm(
            f"{self._name}-{label}",
            alarm_description=description,
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=threshold,
            namespace=metric.namespace if metric else None,
            metric_name=metric.name if metric else None,
            dimensions=metric.dimensions if metric else None,
            period=_FIVE_MINUTES if metric else None,
            statistic=statistic,
            extended_statistic=percentile,
            metric_queries=queries,
            evaluation_periods=evaluation_periods,
            datapoints_to_alarm=datapoints,
            treat_missing_data="notBreaching",  # no traffic is not a failure
            actions_enabled=True,
            alarm_actions=[topic],
            ok_actions=[topic],
            opts=pulumi.ResourceOptions(parent=self),
        )
        return alarm.name


def _query(query_id: str, metric: _Metric, period: int) -> _Query:
    return {
        "id": query_id,
        "metric": {
            "namespace": metric.namespace,
            "metric_name": metric.name,
            "dimensions": metric.dimensions,
            "stat": "Sum",
            "period": period,
        },
    }
