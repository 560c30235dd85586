"""The alarms: some page, some notify, and one rolls a canary deployment back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Required, TypedDict, Unpack, final

import pulumi
import pulumi_aws as aws

from infrastructure.settings.groups import AlarmSettings

_FIVE_MINUTES = 300
_MINUTE, _CANARY_PERIODS, _CANARY_DATAPOINTS = 60, 3, 2
"""Three minutes, and at most one more until the metrics arrive (Lambda sends them every minute,
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html, read 2026-11-30), are less than the five of the
canary."""

_Query = aws.cloudwatch.MetricAlarmMetricQueryArgsDict


class _Periods(TypedDict, total=False):
    """The evaluated periods, and how many of them must breach."""

    evaluation_periods: Required[int]
    datapoints_to_alarm: int


class _Condition(_Periods, total=False):
    """One metric, or a sum of several, and its periods."""

    namespace: str
    metric_name: str
    dimensions: Mapping[str, pulumi.Input[str]]
    statistic: str
    extended_statistic: str
    period: int
    metric_queries: "list[aws.cloudwatch.MetricAlarmMetricQueryArgsDict]"


@dataclass(frozen=True)
class Canary:
    """The alias and the new version of a canary deployment."""

    alias: pulumi.Input[str]
    version: pulumi.Input[str]


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


@final
class Alarms(pulumi.ComponentResource):
    """Alarms on the function, the API and each table; only errors of the function's code page.

    Throttles, latency and 5xx of the API depend on callers, upstreams and tables as well: they notify.

    Creates: aws.cloudwatch.MetricAlarm for the function's errors, throttles and duration, the API's 5xx and latency,
    the throttles of each table and, where versions are deployed by canary, the errors of the new version.
    """

    canary_alarms: tuple[pulumi.Output[str], ...] = ()
    """The names of the alarms that roll a canary deployment back."""

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:operations:Alarms", name, None, opts)
        self._name, self._args = name, args
        settings = args.settings
        function, api = {"FunctionName": args.function_name}, {"ApiId": args.api_id}
        self._errors()
        self._count("function-throttles", "AWS/Lambda", "Throttles", function, settings.function_throttles)
        self._p99("function-p99", "AWS/Lambda", "Duration", function, settings.function_p99_ms)
        self._count("api-5xx", "AWS/ApiGateway", "5xx", api, settings.api_5xx)
        self._p99("api-latency", "AWS/ApiGateway", "Latency", api, settings.api_latency_p99_ms)
        for label, table in args.tables.items():
            self._table_throttles(f"{label}-throttles", table, settings.table_throttles)
        if args.canary is not None:
            self.canary_alarms = (self._canary_errors(args.canary),)
        self.register_outputs({})

    def _errors(self) -> None:
        function = {"FunctionName": self._args.function_name}
        service = {"service": self._args.service}
        self._sum(
            "function-errors",
            self._args.settings.function_errors,
            "Failed invocations and responses with status 500 in five minutes",
            [
                _query("failed", "AWS/Lambda", "Errors", function, _FIVE_MINUTES),
                _query("answered", self._args.service, "ServerErrors", {**function, **service}, _FIVE_MINUTES),
            ],
            topic=self._args.page_topic,
            evaluation_periods=1,
        )

    def _canary_errors(self, canary: Canary) -> pulumi.Output[str]:
        """Alarm on errors of the new version alone: errors of the old one must not prevent its fix.

        While an alias has two versions, Lambda reports each with the dimension ExecutedVersion:
        https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html. The program publishes a version and sets
        it here before CodeDeploy moves the alias. Lambda does not count a response with status 500 as an error;
        the function counts it with the same dimension.
        """
        version = {"FunctionName": self._args.function_name, "ExecutedVersion": canary.version}
        service = {"service": self._args.service}
        alias = pulumi.Output.concat(self._args.function_name, ":", canary.alias)
        return self._sum(
            "canary-errors",
            self._args.settings.canary_errors,
            "Errors of the new version in a minute, in two of three minutes: the deployment is rolled back",
            [
                _query("failed", "AWS/Lambda", "Errors", {**version, "Resource": alias}, _MINUTE),
                _query("answered", self._args.service, "ServerErrors", {**version, **service}, _MINUTE),
            ],
            evaluation_periods=_CANARY_PERIODS,
            datapoints_to_alarm=_CANARY_DATAPOINTS,
        )

    def _table_throttles(self, label: str, table: pulumi.Input[str], threshold: int) -> None:
        """Add reads and writes: DynamoDB counts their throttles separately."""
        dimensions = {"TableName": table}
        self._sum(
            label,
            threshold,
            "Throttled reads and writes in five minutes",
            [
                _query("reads", "AWS/DynamoDB", "ReadThrottleEvents", dimensions, _FIVE_MINUTES),
                _query("writes", "AWS/DynamoDB", "WriteThrottleEvents", dimensions, _FIVE_MINUTES),
            ],
            evaluation_periods=1,
        )

    def _count(
        self, label: str, namespace: str, metric: str, dimensions: Mapping[str, pulumi.Input[str]], threshold: int
    ) -> None:
        self._alarm(
            label,
            threshold,
            f"{metric} of {namespace} in five minutes",
            namespace=namespace,
            metric_name=metric,
            dimensions=dimensions,
            statistic="Sum",
            period=_FIVE_MINUTES,
            evaluation_periods=1,
        )

    def _p99(
        self, label: str, namespace: str, metric: str, dimensions: Mapping[str, pulumi.Input[str]], threshold_ms: int
    ) -> None:
        self._alarm(
            label,
            threshold_ms,
            f"p99 of {metric} of {namespace} in milliseconds, for ten of fifteen minutes",
            namespace=namespace,
            metric_name=metric,
            dimensions=dimensions,
            extended_statistic="p99",
            period=_FIVE_MINUTES,
            evaluation_periods=3,
            datapoints_to_alarm=2,
        )

    def _sum(
        self,
        label: str,
        threshold: int,
        description: str,
        queries: list[_Query],
        topic: pulumi.Input[str] | None = None,
        **periods: Unpack[_Periods],
    ) -> pulumi.Output[str]:
        terms = " + ".join(f"FILL({query['id']}, 0)" for query in queries)
        total: _Query = {"id": "total", "expression": terms, "label": label, "return_data": True}
        return self._alarm(label, threshold, description, topic, metric_queries=[total, *queries], **periods)

    def _alarm(
        self,
        label: str,
        threshold: int,
        description: str,
        topic: pulumi.Input[str] | None = None,
        **what: Unpack[_Condition],
    ) -> pulumi.Output[str]:
        topic = self._args.notices_topic if topic is None else topic
        alarm = aws.cloudwatch.MetricAlarm(
            f"{self._name}-{label}",
            alarm_description=description,
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=threshold,
            treat_missing_data="notBreaching",  # no traffic is not a failure
            actions_enabled=True,
            alarm_actions=[topic],
            ok_actions=[topic],
            opts=pulumi.ResourceOptions(parent=self),
            **what,
        )
        return alarm.name


def _query(
    query_id: str, namespace: str, metric: str, dimensions: Mapping[str, pulumi.Input[str]], period: int
) -> _Query:
    return {
        "id": query_id,
        "metric": {
            "namespace": namespace,
            "metric_name": metric,
            "dimensions": dimensions,
            "stat": "Sum",
            "period": period,
        },
    }
