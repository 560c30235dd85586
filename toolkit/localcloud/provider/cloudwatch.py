"""CloudWatch alarms and dashboards; CloudWatch Logs groups and log deliveries."""

import json
import re
from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import Fields, from_aws, tag_list, tag_map, to_aws
from toolkit.resource_types import cloudwatch as types

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


def _alarm_tags(aws: Aws, _name: str, state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    cloudwatch = aws.client("cloudwatch")
    cloudwatch.tag_resource(ResourceARN=state["arn"], Tags=tag_list(tags))
    if removed:
        cloudwatch.untag_resource(ResourceARN=state["arn"], TagKeys=removed)


def _put_dashboard(aws: Aws, wanted: Properties) -> str:
    body = wanted["dashboardBody"]
    text = body if isinstance(body, str) else json.dumps(body)
    aws.client("cloudwatch").put_dashboard(DashboardName=wanted["dashboardName"], DashboardBody=text)
    return str(wanted["dashboardName"])


def _read_dashboard(aws: Aws, name: str, _known: Properties) -> dict[str, Any] | None:
    response = found_or_none(aws.client("cloudwatch").get_dashboard, DashboardName=name)
    if response is None:
        return None
    return {
        "dashboardName": name,
        "dashboardBody": response["DashboardBody"],
        "dashboardArn": f"arn:aws:cloudwatch::{aws.account_id}:dashboard/{name}",
    }


GROUP = {"name": "logGroupName", "kmsKeyId": "kmsKeyId", "logGroupClass": "logGroupClass"}
GROUP_READ = {**GROUP, "retentionInDays": "retentionInDays"}


def _logs(aws: Aws, known: Properties) -> Any:
    return aws.client("logs", known.get("region"))


def _create_group(aws: Aws, wanted: Properties) -> str:
    _logs(aws, wanted).create_log_group(**to_aws(wanted, GROUP), **_tagging(wanted))
    return str(wanted["name"])


def _tagging(wanted: Properties) -> dict[str, Any]:
    return {"tags": dict(wanted["tagsAll"])} if wanted["tagsAll"] else {}  # AWS rejects an empty map


def _retain(logs: Any, name: str, days: int | None) -> None:
    if days:
        logs.put_retention_policy(logGroupName=name, retentionInDays=days)
    else:
        logs.delete_retention_policy(logGroupName=name)


def _read_group(aws: Aws, name: str, known: Properties) -> dict[str, Any] | None:
    logs = _logs(aws, known)
    groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    group = next((group for group in groups if group["logGroupName"] == name), None)
    if group is None:
        return None
    arn = group["arn"].removesuffix(":*")  # Pulumi's arn has no :*
    tags = logs.list_tags_for_resource(resourceArn=arn)["tags"]
    return {**from_aws(group, GROUP_READ), "arn": arn, "region": arn.split(":")[3], "tagsAll": tags}


def _update_group(aws: Aws, name: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    if "retentionInDays" in changed:
        _retain(_logs(aws, state), name, wanted.get("retentionInDays"))
    if "kmsKeyId" in changed:
        _encrypt(_logs(aws, state), name, wanted.get("kmsKeyId"))


def _encrypt(logs: Any, name: str, key: str | None) -> None:
    if key:
        logs.associate_kms_key(logGroupName=name, kmsKeyId=key)
    else:
        logs.disassociate_kms_key(logGroupName=name)


def _log_tags(aws: Aws, _name: str, state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    logs = _logs(aws, state)
    if tags:
        logs.tag_resource(resourceArn=state["arn"], tags=dict(tags))
    if removed:
        logs.untag_resource(resourceArn=state["arn"], tagKeys=removed)


SOURCE = {"name": "name", "resourceArn": "resourceArn", "logType": "logType"}
TARGET = ("deliveryDestinationConfiguration", {"destinationResourceArn": "destinationResourceArn"})
DESTINATION: Fields = {
    "name": "name",
    "outputFormat": "outputFormat",
    "deliveryDestinationConfiguration": TARGET,
    "deliveryDestinationType": "deliveryDestinationType",
}
DELIVERY = {
    "deliverySourceName": "deliverySourceName",
    "deliveryDestinationArn": "deliveryDestinationArn",
    "recordFields": "recordFields",
    "fieldDelimiter": "fieldDelimiter",
}


def _no_update(_aws: Aws, _id: str, _state: Properties, _wanted: Properties, _changed: frozenset[str]) -> None:
    """Change nothing: tags are changed by the entry's `tags`."""


def _delivery_entry(type: str, key: str, fields: Fields, *, put: str, required: set[str]) -> Entry:
    """Return the entry of a source, a destination or a delivery, whose API calls differ in their names only."""
    snake = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", key)
    named = "name" if "name" in fields else "id"

    def create(aws: Aws, wanted: Properties) -> str:
        make = getattr(_logs(aws, wanted), f"{put}_{snake}")
        made = make(**to_aws(wanted, fields), **_tagging(wanted))[key]
        return str(made[named])

    def read(aws: Aws, resource_id: str, known: Properties) -> dict[str, Any] | None:
        logs = _logs(aws, known)
        response = found_or_none(getattr(logs, f"get_{snake}"), **{named: resource_id})
        if response is None:
            return None
        found = response[key]
        resource = {"resourceArn": found["resourceArns"][0]} if "resourceArns" in found else {}
        tags = logs.list_tags_for_resource(resourceArn=found["arn"])["tags"]
        region = found["arn"].split(":")[3]
        return {**from_aws(found, fields), **resource, "arn": found["arn"], "region": region, "tagsAll": tags}

    def delete(aws: Aws, resource_id: str, outputs: Properties) -> None:
        getattr(_logs(aws, outputs), f"delete_{snake}")(**{named: resource_id})

    return Entry(
        type=type,
        inputs=frozenset(fields) | {"region", "tags"},
        required=frozenset(required),
        # The provider updates the format of a delivery, and a destination of the same service, in place.
        recreated_by=frozenset(fields),
        tags=_log_tags,
        create=create,
        read=read,
        update=_no_update,
        delete=delete,
    )


ENTRIES = (
    Entry(
        type=types.METRIC_ALARM,
        inputs=frozenset(ALARM) | {"dimensions", "metricQueries", "tags"},
        required=frozenset({"comparisonOperator", "evaluationPeriods"}),
        name_property="name",
        tags=_alarm_tags,
        create=_put_alarm,
        read=_read_alarm,
        update=lambda aws, _id, _state, wanted, _changed: _put_alarm(aws, wanted),
        delete=lambda aws, name, _outputs: aws.client("cloudwatch").delete_alarms(AlarmNames=[name]),
    ),
    Entry(
        type=types.DASHBOARD,
        inputs=frozenset({"dashboardName", "dashboardBody"}),
        required=frozenset({"dashboardName", "dashboardBody"}),
        create=_put_dashboard,
        read=_read_dashboard,
        update=lambda aws, _id, _state, wanted, _changed: _put_dashboard(aws, wanted),
        delete=lambda aws, name, _outputs: aws.client("cloudwatch").delete_dashboards(DashboardNames=[name]),
    ),
    Entry(
        type=types.LOG_GROUP,
        inputs=frozenset(GROUP_READ) | {"namePrefix", "region", "skipDestroy", "tags"},
        name_property="name",
        tags=_log_tags,
        create=_create_group,
        after_create=lambda aws, name, wanted: _retain(_logs(aws, wanted), name, wanted.get("retentionInDays")),
        read=_read_group,
        update=_update_group,
        delete=lambda aws, name, outputs: _logs(aws, outputs).delete_log_group(logGroupName=name),
    ),
    _delivery_entry(types.LOG_DELIVERY_SOURCE, "deliverySource", SOURCE, put="put", required=set(SOURCE)),
    _delivery_entry(types.LOG_DELIVERY_DESTINATION, "deliveryDestination", DESTINATION, put="put", required={"name"}),
    _delivery_entry(
        types.LOG_DELIVERY,
        "delivery",
        DELIVERY,
        put="create",
        required={"deliverySourceName", "deliveryDestinationArn"},
    ),
)
