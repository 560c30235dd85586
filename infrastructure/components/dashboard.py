"""The CloudWatch dashboard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

_UNITS = ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits")
_THROTTLES = ("ReadThrottleEvents", "WriteThrottleEvents")


@dataclass(frozen=True, kw_only=True)
class DashboardArgs:
    """The monitored resources."""

    dashboard_name: str
    region: str
    service: str
    function_name: pulumi.Input[str]
    api_id: pulumi.Input[str]
    tables: Mapping[str, pulumi.Input[str]]
    functions: Mapping[str, pulumi.Input[str]]
    """The functions that events invoke."""
    queues: Mapping[str, pulumi.Input[str]]


@final
class Dashboard(pulumi.ComponentResource):
    """Requests, errors and durations of the API, the functions, the tables and the queues.

    Creates: aws.cloudwatch.Dashboard.
    """

    url: pulumi.Output[str]

    def __init__(self, name: str, args: DashboardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:operations:Dashboard", name, None, opts)
        dashboard = aws.cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=args.dashboard_name,
            dashboard_body=pulumi.Output.json_dumps({"widgets": _widgets(args)}),
            opts=pulumi.ResourceOptions(parent=self),
        )
        console = f"https://{args.region}.console.aws.amazon.com/cloudwatch/home?region={args.region}"
        self.url = pulumi.Output.concat(console, "#dashboards/dashboard/", dashboard.dashboard_name)
        self.register_outputs({"url": self.url})


def _widgets(args: DashboardArgs) -> list[dict[str, object]]:
    api = ["ApiId", args.api_id]
    function = ["FunctionName", args.function_name]
    tables = [["TableName", name] for name in args.tables.values()]
    functions = [["FunctionName", name] for name in args.functions.values()]
    queues = [["QueueName", name] for name in args.queues.values()]
    graphs = [
        ("Requests", "Sum", _lines("AWS/ApiGateway", ("Count", "4xx", "5xx"), api)),
        ("Time to answer, p99 (ms)", "p99", _lines("AWS/ApiGateway", ("Latency", "IntegrationLatency"), api)),
        (
            "Function",
            "Sum",
            [
                *_lines("AWS/Lambda", ("Invocations", "Errors", "Throttles"), function),
                *_lines(args.service, ("ServerErrors",), [*function, "service", args.service]),
            ],
        ),
        ("Function at once", "Maximum", _lines("AWS/Lambda", ("ConcurrentExecutions",), function)),
        ("Function duration, p99 (ms)", "p99", _lines("AWS/Lambda", ("Duration",), function)),
        (
            "Table units used",
            "Sum",
            _of_each("AWS/DynamoDB", ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"), tables),
        ),
        ("Table throttles", "Sum", _of_each("AWS/DynamoDB", _THROTTLES, tables)),
    ]
    if functions:
        graphs.append(
            ("Event functions", "Sum", _of_each("AWS/Lambda", ("Invocations", "Errors", "Throttles"), functions))
        )
    if queues:
        age = _of_each("AWS/SQS", ("ApproximateAgeOfOldestMessage",), queues)
        graphs.append(("Oldest message (s)", "Maximum", age))
    return [
        {
            "type": "metric",
            "width": 8,
            "height": 6,
            "x": index % 3 * 8,
            "y": index // 3 * 6,
            "properties": {"title": title, "stat": stat, "period": 300, "region": args.region, "metrics": lines},
        }
        for index, (title, stat, lines) in enumerate(graphs)
    ]


def _lines(namespace: str, metrics: tuple[str, ...], dimension: Sequence[object]) -> list[list[object]]:
    return [[namespace, metric, *dimension] for metric in metrics]


def _of_each(namespace: str, metrics: tuple[str, ...], dimensions: Sequence[Sequence[object]]) -> list[list[object]]:
    return [line for dimension in dimensions for line in _lines(namespace, metrics, dimension)]
