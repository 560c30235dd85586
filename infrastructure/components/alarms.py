"""When the service needs a person: the signs that callers are being failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Required, TypedDict, Unpack, final

import pulumi
import pulumi_aws as aws

from infrastructure.settings.groups import AlarmSettings

_FIVE_MINUTES = 300


class _Watched(TypedDict, total=False):
    """One metric, or a sum of several, and for how long."""

    namespace: str
    metric_name: str
    dimensions: Mapping[str, pulumi.Input[str]]
    statistic: str
    extended_statistic: str
    period: int
    evaluation_periods: Required[int]
    datapoints_to_alarm: int
    metric_queries: "list[aws.cloudwatch.MetricAlarmMetricQueryArgsDict]"


@dataclass(frozen=True, kw_only=True)
class AlarmsArgs:
    """What is watched, the thresholds, and the topic that is told."""

    settings: AlarmSettings
    topic_arn: pulumi.Input[str]
    function_name: pulumi.Input[str]
    api_id: pulumi.Input[str]
    tables: Mapping[str, pulumi.Input[str]]


@final
class Alarms(pulumi.ComponentResource):
    """Alarms on the function, the API and each table.

    Creates: aws.cloudwatch.MetricAlarm for function errors, throttles and slowness, API errors and slowness, and the
    throttles of each table.
    """

    of_calls: tuple[pulumi.Output[str], ...]
    """The names of those that a bad version of the function would set off."""

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:operations:Alarms", name, None, opts)
        self._name, self._topic = name, args.topic_arn
        settings = args.settings
        function, api = {"FunctionName": args.function_name}, {"ApiId": args.api_id}
        self.of_calls = (
            self._count("function-errors", "AWS/Lambda", "Errors", function, settings.function_errors),
            self._count("function-throttles", "AWS/Lambda", "Throttles", function, settings.function_throttles),
            self._p99("function-p99", "AWS/Lambda", "Duration", function, settings.function_p99_ms),
            self._count("api-5xx", "AWS/ApiGateway", "5xx", api, settings.api_5xx),
            self._p99("api-latency", "AWS/ApiGateway", "Latency", api, settings.api_latency_p99_ms),
        )
        for label, table in args.tables.items():
            self._table_throttles(f"{label}-throttles", table, settings.table_throttles)
        self.register_outputs({})

    def _count(
        self, label: str, namespace: str, metric: str, dimensions: Mapping[str, pulumi.Input[str]], threshold: int
    ) -> pulumi.Output[str]:
        return self._alarm(
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
    ) -> pulumi.Output[str]:
        return self._alarm(
            label,
            threshold_ms,
            f"The slowest hundredth of {metric} of {namespace}, in milliseconds, for ten of fifteen minutes",
            namespace=namespace,
            metric_name=metric,
            dimensions=dimensions,
            extended_statistic="p99",
            period=_FIVE_MINUTES,
            evaluation_periods=3,
            datapoints_to_alarm=2,
        )

    def _table_throttles(self, label: str, table: pulumi.Input[str], threshold: int) -> None:
        """One alarm for both directions: DynamoDB counts throttled reads and writes apart."""
        sources = {"reads": "ReadThrottleEvents", "writes": "WriteThrottleEvents"}
        directions: list[aws.cloudwatch.MetricAlarmMetricQueryArgsDict] = [
            {
                "id": id_,
                "metric": {
                    "namespace": "AWS/DynamoDB",
                    "metric_name": metric,
                    "dimensions": {"TableName": table},
                    "stat": "Sum",
                    "period": _FIVE_MINUTES,
                },
            }
            for id_, metric in sources.items()
        ]
        self._alarm(
            label,
            threshold,
            "Throttled reads and writes in five minutes",
            evaluation_periods=1,
            metric_queries=[
                {"id": "both", "expression": "FILL(reads, 0) + FILL(writes, 0)", "label": label, "return_data": True},
                *directions,
            ],
        )

    def _alarm(self, label: str, threshold: int, description: str, **what: Unpack[_Watched]) -> pulumi.Output[str]:
        alarm = aws.cloudwatch.MetricAlarm(
            f"{self._name}-{label}",
            alarm_description=description,
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=threshold,
            treat_missing_data="notBreaching",  # no traffic is no failure
            actions_enabled=True,
            alarm_actions=[self._topic],
            ok_actions=[self._topic],
            opts=pulumi.ResourceOptions(parent=self),
            **what,
        )
        return alarm.name
