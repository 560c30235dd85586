"""CloudWatch alarms and dashboards."""

import json
from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.fields import from_aws, tag_list, tag_map, to_aws

ALARM = {
    "name": "AlarmName",
    "alarmDescription": "AlarmDescription",
    "actionsEnabled": "ActionsEnabled",
    "alarmActions": "AlarmActions",
    "okActions": "OKActions",
    "insufficientDataActions": "InsufficientDataActions",
    "comparisonOperator": "ComparisonOperator",
    "evaluationPeriods": "EvaluationPeriods",
    "datapointsToAlarm": "DatapointsToAlarm",
    "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
    "extendedStatistic": "ExtendedStatistic",
    "metricName": "MetricName",
    "namespace": "Namespace",
    "period": "Period",
    "statistic": "Statistic",
    "threshold": "Threshold",
    "thresholdMetricId": "ThresholdMetricId",
    "treatMissingData": "TreatMissingData",
    "unit": "Unit",
}
QUERY = {
    "id": "Id",
    "accountId": "AccountId",
    "expression": "Expression",
    "label": "Label",
    "period": "Period",
    "returnData": "ReturnData",
}


def _put_alarm(aws: Aws, wanted: Properties) -> str:
    arguments = to_aws(wanted, ALARM)
    if "dimensions" in wanted:
        arguments["Dimensions"] = _dimension_list(wanted["dimensions"])
    if "metricQueries" in wanted:
        arguments["Metrics"] = [_query(query) for query in wanted["metricQueries"]]
    aws.client("cloudwatch").put_metric_alarm(**arguments, Tags=tag_list(wanted["tagsAll"]))
    return str(wanted["name"])


def _dimension_list(dimensions: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in sorted(dimensions.items())]


def _query(query: Properties) -> dict[str, Any]:
    shaped = to_aws(query, QUERY)
    metric = query.get("metric")
    if metric:
        named = to_aws(metric, {"metricName": "MetricName", "namespace": "Namespace"})
        named["Dimensions"] = _dimension_list(metric.get("dimensions") or {})
        shaped["MetricStat"] = {"Metric": named, **to_aws(metric, {"period": "Period", "stat": "Stat", "unit": "Unit"})}
    return shaped


def _wire_query(query: Mapping[str, Any]) -> dict[str, Any]:
    shaped = from_aws(query, QUERY)
    stat = query.get("MetricStat")
    if stat:
        shaped["metric"] = {
            **from_aws(stat["Metric"], {"metricName": "MetricName", "namespace": "Namespace"}),
            **from_aws(stat, {"period": "Period", "stat": "Stat", "unit": "Unit"}),
            "dimensions": {entry["Name"]: entry["Value"] for entry in stat["Metric"].get("Dimensions", ())},
        }
    return shaped


def _read_alarm(aws: Aws, name: str, _known: Properties) -> dict[str, Any] | None:
    cloudwatch = aws.client("cloudwatch")
    found = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    if not found:
        return None
    alarm = found[0]
    state = {
        **from_aws(alarm, ALARM),
        "arn": alarm["AlarmArn"],
        "tagsAll": tag_map(cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]),
    }
    if alarm.get("Dimensions"):
        state["dimensions"] = {entry["Name"]: entry["Value"] for entry in alarm["Dimensions"]}
    if alarm.get("Metrics"):
        state["metricQueries"] = [_wire_query(query) for query in alarm["Metrics"]]
    return state


def _tags(aws: Aws, _name: str, state: Properties, tags: Mapping[str, str], gone: list[str]) -> None:
    cloudwatch = aws.client("cloudwatch")
    cloudwatch.tag_resource(ResourceARN=state["arn"], Tags=tag_list(tags))
    if gone:
        cloudwatch.untag_resource(ResourceARN=state["arn"], TagKeys=gone)


def _put_dashboard(aws: Aws, wanted: Properties) -> str:
    body = wanted["dashboardBody"]
    text = body if isinstance(body, str) else json.dumps(body)
    aws.client("cloudwatch").put_dashboard(DashboardName=wanted["dashboardName"], DashboardBody=text)
    return str(wanted["dashboardName"])


def _read_dashboard(aws: Aws, name: str, _known: Properties) -> dict[str, Any] | None:
    answer = unless_gone(aws.client("cloudwatch").get_dashboard, DashboardName=name)
    if answer is None:
        return None
    return {
        "dashboardName": name,
        "dashboardBody": answer["DashboardBody"],
        "dashboardArn": f"arn:aws:cloudwatch::{aws.account_id}:dashboard/{name}",
    }


ENTRIES = (
    Entry(
        type="aws:cloudwatch/metricAlarm:MetricAlarm",
        inputs=frozenset(ALARM) | {"dimensions", "metricQueries", "tags"},
        required=frozenset({"comparisonOperator", "evaluationPeriods"}),
        replaced_by=frozenset({"name"}),
        name_property="name",
        tags=_tags,
        create=_put_alarm,
        read=_read_alarm,
        update=lambda aws, _id, _state, wanted, _changed: _put_alarm(aws, wanted),
        delete=lambda aws, name, _outputs: aws.client("cloudwatch").delete_alarms(AlarmNames=[name]),
    ),
    Entry(
        type="aws:cloudwatch/dashboard:Dashboard",
        inputs=frozenset({"dashboardName", "dashboardBody"}),
        required=frozenset({"dashboardName", "dashboardBody"}),
        replaced_by=frozenset({"dashboardName"}),
        create=_put_dashboard,
        read=_read_dashboard,
        update=lambda aws, _id, _state, wanted, _changed: _put_dashboard(aws, wanted),
        delete=lambda aws, name, _outputs: aws.client("cloudwatch").delete_dashboards(DashboardNames=[name]),
    ),
)
