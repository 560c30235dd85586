"""CloudWatch alarms and dashboards; CloudWatch Logs groups and log deliveries; EventBridge rules and their targets."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.errors import ProviderError
from toolkit.localcloud.provider.shapes import as_map, pulumi_name
from toolkit.resource_types import cloudwatch as types


class _Alarm(Entry):
    def request(self, wanted: Properties) -> Properties:
        queries = [_query(query) for query in wanted.get("metricQueries", ())]
        return {**wanted, "metricQueries": queries or None}

    def describe(self, aws: Aws, where: Properties) -> dict[str, Any] | None:
        alarms = self.call(aws, "describe_alarms", {}, AlarmNames=[where["name"]])["metricAlarms"]
        return alarms[0] if alarms else None

    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        queries = [_pulumi_query(query) for query in found.get("metricQueries", ())]
        return {"dimensions": as_map(found.get("dimensions", ())) or None, "metricQueries": queries or None}

    def delete(self, aws: Aws, name: str, _outputs: Properties) -> None:
        aws.client("cloudwatch").delete_alarms(AlarmNames=[name])


def _query(query: Properties) -> dict[str, Any]:
    """Return a query in AWS's form, where the statistic and the metric are objects of their own."""
    others = dict(query)
    metric = dict(others.pop("metric", None) or {})
    if not metric:
        return others
    named = {name: metric.pop(name) for name in ("metricName", "namespace") if name in metric}
    return {**others, "metricStat": {"metric": {**named, "dimensions": metric.pop("dimensions", {})}, **metric}}


def _pulumi_query(query: Properties) -> dict[str, Any]:
    others = dict(query)
    stat = dict(others.pop("metricStat", {}))
    if not stat:
        return others
    metric = stat.pop("metric")
    return {**others, "metric": {**metric, **stat, "dimensions": as_map(metric.get("dimensions", ()))}}


class _Dashboard(Entry):
    def computed(self, aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        return {"dashboardArn": f"arn:aws:cloudwatch::{aws.account_id}:dashboard/{found['dashboardName']}"}

    def delete(self, aws: Aws, name: str, _outputs: Properties) -> None:
        aws.client("cloudwatch").delete_dashboards(DashboardNames=[name])


class _LogGroup(Entry):
    def after_create(self, aws: Aws, name: str, wanted: Properties) -> None:
        _retain(self.client(aws, wanted), name, wanted.get("retentionInDays"))

    def describe(self, aws: Aws, where: Properties) -> dict[str, Any] | None:
        name, region = where["name"], {"region": where.get("region")}
        listed = self.call(aws, "describe_log_groups", region, logGroupNamePrefix=name)["logGroups"]
        return next((group for group in listed if group["name"] == name), None)

    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        return {"arn": found["arn"].removesuffix(":*")}  # Pulumi's arn has no :*

    def update(self, aws: Aws, name: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
        logs = self.client(aws, state)
        if "retentionInDays" in changed:
            _retain(logs, name, wanted.get("retentionInDays"))
        if "kmsKeyId" in changed and wanted.get("kmsKeyId"):
            logs.associate_kms_key(logGroupName=name, kmsKeyId=wanted["kmsKeyId"])
        elif "kmsKeyId" in changed:
            logs.disassociate_kms_key(logGroupName=name)


def _retain(logs: Any, name: str, days: int | None) -> None:
    if days:
        logs.put_retention_policy(logGroupName=name, retentionInDays=days)
    else:
        logs.delete_retention_policy(logGroupName=name)


class _Delivery(Entry):
    """A source, a destination or a delivery, of which only the tags change in place.

    The provider for AWS updates the format of a delivery, and a destination of the same service, in place.
    """

    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        return {"resourceArn": found["resourceArns"][0]} if "resourceArns" in found else {}


DEFAULT_BUS = "default"


class _Rule(Entry):
    """A rule; the id is its name, after the name of its bus and a slash where that is not the default bus."""

    def create(self, aws: Aws, wanted: Properties) -> str:
        self.call(aws, "put_rule", wanted)
        return _on_bus(wanted, str(wanted["name"]))

    def where(self, resource_id: str, known: Properties) -> dict[str, Any]:
        bus, _, name = resource_id.rpartition("/")
        return {**known, "name": name, "eventBusName": bus or DEFAULT_BUS}

    def identifying(self, _aws: Aws, _operation: str, _properties: Properties) -> set[str]:
        return {"name", "eventBusName"}

    def update(self, aws: Aws, _id: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
        self.call(aws, "put_rule", {"state": "ENABLED", **wanted, "tagsAll": None})

    def delete(self, aws: Aws, rule_id: str, outputs: Properties) -> None:
        where = {name: self.where(rule_id, {})[name] for name in ("name", "eventBusName")}
        self.call(aws, "delete_rule", where, Force=bool(outputs.get("forceDestroy")))


def _on_bus(wanted: Properties, name: str) -> str:
    bus = wanted.get("eventBusName") or DEFAULT_BUS
    return name if bus == DEFAULT_BUS else f"{bus}/{name}"


class _RuleTarget(Entry):
    """A target of a rule; the id has the form that `pulumi import` takes, since the other one is ambiguous."""

    def create(self, aws: Aws, wanted: Properties) -> str:
        members = self.operation(aws, "put_targets", wanted).input_shape.members["Targets"].member.members
        names = {pulumi_name(member, self.names) for member in members}
        target = {name: value for name, value in wanted.items() if name in names}
        request = {"rule": wanted["rule"], "eventBusName": wanted.get("eventBusName"), "targets": [target]}
        failed = self.call(aws, "put_targets", request).get("failedEntries")
        if failed:
            raise ProviderError(f"PutTargets failed: {failed[0].get('errorCode')}: {failed[0].get('errorMessage')}")
        return _on_bus(wanted, f"{wanted['rule']}/{wanted['targetId']}")

    def where(self, resource_id: str, known: Properties) -> dict[str, Any]:
        on_bus, _, target = resource_id.rpartition("/")
        bus, _, rule = on_bus.rpartition("/")
        return {**known, "eventBusName": bus or DEFAULT_BUS, "rule": rule, "targetId": target}

    def describe(self, aws: Aws, where: Properties) -> dict[str, Any] | None:
        rule = {name: where[name] for name in ("rule", "eventBusName")}
        listed = (found_or_none(self.call, aws, "list_targets_by_rule", rule) or {}).get("targets", ())
        found = next((each for each in listed if each["targetId"] == where["targetId"]), None)
        return None if found is None else {**rule, **found}

    def update(self, aws: Aws, _id: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
        self.create(aws, wanted)

    def delete(self, aws: Aws, target_id: str, outputs: Properties) -> None:
        where = self.where(target_id, outputs)
        rule = {name: where[name] for name in ("rule", "eventBusName")}
        self.call(aws, "remove_targets", rule, Ids=[where["targetId"]])


ENTRIES = (
    _Alarm(
        type=types.METRIC_ALARM,
        service="cloudwatch",
        noun="metric_alarm",
        create_call="put_{noun}",
        update_call="put_{noun}",
        names={
            "AlarmName": "name",
            "AlarmArn": "arn",
            "EvaluateLowSampleCountPercentile": "evaluateLowSampleCountPercentiles",
            "Metrics": "metricQueries",
        },
        inputs=frozenset({"name", "alarmDescription", "actionsEnabled", "alarmActions", "okActions"})
        | {"insufficientDataActions", "comparisonOperator", "evaluationPeriods", "datapointsToAlarm"}
        | {"evaluateLowSampleCountPercentiles", "extendedStatistic", "metricName", "namespace", "period", "statistic"}
        | {"threshold", "thresholdMetricId", "treatMissingData", "unit", "dimensions", "metricQueries", "tags"},
        required=frozenset({"comparisonOperator", "evaluationPeriods"}),
        outputs=frozenset({"arn"}),
    ),
    _Dashboard(
        type=types.DASHBOARD,
        service="cloudwatch",
        noun="dashboard",
        create_call="put_{noun}",
        update_call="put_{noun}",
        id="{dashboardName}",
        inputs=frozenset({"dashboardName", "dashboardBody"}),
        required=frozenset({"dashboardName", "dashboardBody"}),
    ),
    _Rule(
        type=types.EVENT_RULE,
        service="events",
        noun="rule",
        create_call="put_{noun}",
        read_call="describe_{noun}",
        id="{name}",
        inputs=frozenset({"name", "namePrefix", "description", "eventBusName", "eventPattern", "forceDestroy"})
        | {"roleArn", "scheduleExpression", "state", "tags"},
        outputs=frozenset({"arn"}),
        not_returned=frozenset({"forceDestroy"}),
    ),
    _RuleTarget(
        type=types.EVENT_TARGET,
        service="events",
        noun="targets",
        id="{rule}/{targetId}",
        names={"Id": "targetId", "InputPathsMap": "inputPaths", "SqsParameters": "sqsTarget"},
        inputs=frozenset({"arn", "deadLetterConfig", "eventBusName", "input", "inputPath", "inputTransformer"})
        | {"retryPolicy", "roleArn", "rule", "sqsTarget", "targetId"},
        required=frozenset({"arn", "rule"}),
    ),
    _LogGroup(
        type=types.LOG_GROUP,
        service="logs",
        noun="log_group",
        names={"logGroupName": "name"},
        inputs=frozenset({"name", "namePrefix", "kmsKeyId", "logGroupClass", "retentionInDays", "region"})
        | {"skipDestroy", "tags"},
        outputs=frozenset({"arn"}),
    ),
    _Delivery(
        type=types.LOG_DELIVERY_SOURCE,
        service="logs",
        noun="delivery_source",
        create_call="put_{noun}",
        update_call=None,
        result="deliverySource",
        inputs=frozenset({"name", "resourceArn", "logType", "region", "tags"}),
        required=frozenset({"name", "resourceArn", "logType"}),
        outputs=frozenset({"arn"}),
    ),
    _Delivery(
        type=types.LOG_DELIVERY_DESTINATION,
        service="logs",
        noun="delivery_destination",
        create_call="put_{noun}",
        update_call=None,
        result="deliveryDestination",
        inputs=frozenset({"name", "outputFormat", "deliveryDestinationConfiguration", "deliveryDestinationType"})
        | {"region", "tags"},
        required=frozenset({"name"}),
        outputs=frozenset({"arn"}),
    ),
    _Delivery(
        type=types.LOG_DELIVERY,
        service="logs",
        noun="delivery",
        update_call=None,
        result="delivery",
        id="{id}",
        inputs=frozenset({"deliverySourceName", "deliveryDestinationArn", "recordFields", "fieldDelimiter"})
        | {"region", "tags"},
        required=frozenset({"deliverySourceName", "deliveryDestinationArn"}),
        outputs=frozenset({"arn"}),
    ),
)
