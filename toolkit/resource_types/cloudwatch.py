"""Resource types of Amazon CloudWatch, CloudWatch Logs and EventBridge."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.cloudfront import DISTRIBUTIONS
from toolkit.resource_types.data_loss.checks import keeps, not_shorter, stays_set, unchanged
from toolkit.resource_types.data_loss.stored_data import OLD_KEY, StoredData
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, id_is_name
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import FREE_PERMISSION, FREE_REFERENCE, HOLDS_NOTHING, ResourceType

COMPOSITE_ALARM = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
EVENT_PERMISSION = "aws:cloudwatch/eventPermission:EventPermission"
EVENT_RULE = "aws:cloudwatch/eventRule:EventRule"
EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
LOG_DELIVERY = "aws:cloudwatch/logDelivery:LogDelivery"
LOG_DELIVERY_DESTINATION = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"
LOG_DELIVERY_SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
METRIC_FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"

_RULES = ("arn:aws:events:{region}:{account}:rule/{name}",)
_DELIVERIES = (
    "arn:aws:logs:*:{account}:delivery:*",
    "arn:aws:logs:*:{account}:delivery-source:{name}",
    "arn:aws:logs:*:{account}:delivery-destination:{name}",
)


def _dashboard(new: NewResource) -> PreviewOutputs:
    name = str(new.inputs["dashboardName"])
    return PreviewOutputs(name, {"dashboardArn": new.arn("cloudwatch", f"dashboard/{name}", region=False)})


def _event_target(new: NewResource) -> PreviewOutputs:
    target = str(new.inputs.get("targetId") or f"{new.name}-{new.token(7)}")
    return PreviewOutputs(f"{new.inputs['rule']}-{target}", {"targetId": target})


def _log_delivery(new: NewResource) -> PreviewOutputs:
    identity = new.token(16)
    return PreviewOutputs(identity, {"arn": new.arn("logs", f"delivery:{identity}")})


def _log_delivery_destination(new: NewResource) -> PreviewOutputs:
    name = str(new.inputs["name"])
    return PreviewOutputs(
        name, {"arn": new.arn("logs", f"delivery-destination:{name}"), "deliveryDestinationType": "CWL"}
    )


def _log_delivery_source(new: NewResource) -> PreviewOutputs:
    name = str(new.inputs["name"])
    return PreviewOutputs(name, {"arn": new.arn("logs", f"delivery-source:{name}"), "service": "cloudfront"})


TYPES = (
    ResourceType(COMPOSITE_ALARM, data=HOLDS_NOTHING),
    ResourceType(
        DASHBOARD,
        name=NameForm(255, property="dashboardName", pattern=r"[\w-]+", accepted="letters, digits, _ and -"),
        replaced_by=("dashboardName",),
        data=HOLDS_NOTHING,
        preview=_dashboard,
        permissions=Permissions(
            on=("arn:aws:cloudwatch::{account}:dashboard/{name}",),
            create="PutDashboard",
            update="PutDashboard",
            delete="DeleteDashboards",
            read="GetDashboard",
        ),
        no_rule="only shows metrics; the cost estimate counts its price",
    ),
    ResourceType(
        "aws:cloudwatch/eventArchive:EventArchive",
        data=StoredData(
            "every archived event",
            checks=(
                not_shorter("retentionDays", default=0, unit="days", lost="every event that is older", forever=(0,)),
                unchanged("eventPattern", what="archives other events", lost="the events that no longer match"),
            ),
        ),
    ),
    ResourceType(EVENT_PERMISSION, free=FREE_PERMISSION),
    ResourceType(
        EVENT_RULE,
        name=NameForm(64, pattern=r"[\w.-]+", accepted="letters, digits and _.-"),
        replaced_by=("eventBusName", "name", "namePrefix"),
        data=HOLDS_NOTHING,
        preview=id_is_name("events", "rule/"),
        permissions=Permissions(
            on=_RULES,
            create="PutRule TagResource",
            update="PutRule UntagResource",
            delete="DeleteRule",
            read="DescribeRule ListTagsForResource",
        ),
        free="schedules and events of AWS services are free; custom events are priced where they are sent",
        no_rule="only sets a schedule or an event pattern; the target permits the call",
    ),
    ResourceType(
        EVENT_TARGET,
        name=NameForm(64, property="targetId", pattern=r"[\w.-]+", accepted="letters, digits and _.-"),
        replaced_by=("eventBusName", "rule", "targetId"),
        data=StoredData(
            checks=(
                stays_set(
                    "deadLetterConfig",
                    what="no longer sends failed events to its dead-letter queue",
                    lost="every event that fails",
                ),
            )
        ),
        preview=_event_target,
        permissions=Permissions(
            on=_RULES,
            create="PutTargets",
            update="PutTargets",
            delete="RemoveTargets",
            read="ListTargetsByRule",
        ),
        free=FREE_REFERENCE,
        no_rule="only connects a rule with its target, which permits the call",
    ),
    ResourceType(
        LOG_DELIVERY,
        replaced_by=("deliveryDestinationArn", "deliverySourceName"),
        data=HOLDS_NOTHING,
        preview=_log_delivery,
        permissions=Permissions(
            on=_DELIVERIES,
            create="CreateDelivery TagResource",
            update="UpdateDeliveryConfiguration UntagResource",
            delete="DeleteDelivery",
            read="GetDelivery ListTagsForResource",
            read_anywhere="DescribeDeliveries",
        ),
        free="what it delivers is priced at the log group",
        no_rule="only connects a delivery source with a destination",
    ),
    ResourceType(
        LOG_DELIVERY_DESTINATION,
        name=NameForm(60, pattern=r"[\w-]+", accepted="letters, digits, _ and -"),
        # Another destination replaces it only if the service of its ARN changes: logs/delivery_destination.go (read
        # 2026-11-30).
        replaced_by=("name", "outputFormat"),
        data=HOLDS_NOTHING,
        preview=_log_delivery_destination,
        permissions=Permissions(
            on=_DELIVERIES,
            create="PutDeliveryDestination TagResource",
            update="PutDeliveryDestination UntagResource",
            delete="DeleteDeliveryDestination",
            read="GetDeliveryDestination ListTagsForResource",
            change_anywhere="PutResourcePolicy",
            read_anywhere="DescribeResourcePolicies",
        ),
        free="what it receives is priced at the log group",
        no_rule="only names the log group, which has rules",
    ),
    ResourceType(
        LOG_DELIVERY_SOURCE,
        name=NameForm(60, pattern=r"[\w-]+", accepted="letters, digits, _ and -"),
        replaced_by=("logType", "name", "resourceArn"),
        data=HOLDS_NOTHING,
        preview=_log_delivery_source,
        permissions=Permissions(
            on=_DELIVERIES,
            create="PutDeliverySource TagResource",
            update="PutDeliverySource UntagResource",
            delete="DeleteDeliverySource",
            read="GetDeliverySource ListTagsForResource",
            also=Permissions(on=DISTRIBUTIONS, create="AllowVendedLogDeliveryForResource"),
        ),
        free="what it delivers is priced at the log group",
        no_rule="only names the resource that writes logs",
    ),
    ResourceType(
        LOG_GROUP,
        name=NameForm(512, pattern=r"[\w./#-]+", accepted="letters, digits and _-/.#"),
        replaced_by=("logGroupClass", "name", "namePrefix"),
        data=StoredData(
            "the stored log events",
            checks=(
                not_shorter(
                    "retentionInDays", default=0, unit="days", lost="every log event that is older", forever=(0,)
                ),
                keeps("kmsKeyId", by=(), what="no longer uses the key", lost=OLD_KEY),
            ),
        ),
        preview=id_is_name("logs", "log-group:"),
        permissions=Permissions(
            on=("arn:aws:logs:*:{account}:log-group:{name}",),
            create="CreateLogGroup PutRetentionPolicy TagResource",
            update="DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey UntagResource",
            delete="DeleteLogGroup",
            read="ListTagsForResource",
            read_anywhere="DescribeLogGroups",
        ),
    ),
    ResourceType(
        METRIC_FILTER,
        data=HOLDS_NOTHING,
        free="the filter is free; its metric is priced at the alarm that uses it",
        no_rule="only counts log lines; alarms on its metric have rules",
    ),
    ResourceType("aws:cloudwatch/logResourcePolicy:LogResourcePolicy", free=FREE_PERMISSION),
    ResourceType("aws:cloudwatch/logStream:LogStream", free=FREE_REFERENCE),
    ResourceType("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", data=HOLDS_NOTHING),
    ResourceType(
        METRIC_ALARM,
        name=NameForm(255),
        replaced_by=("name",),
        data=HOLDS_NOTHING,
        preview=id_is_name("cloudwatch", "alarm:"),
        permissions=Permissions(
            on=("arn:aws:cloudwatch:{region}:{account}:alarm:{name}",),
            create="PutMetricAlarm TagResource",
            update="PutMetricAlarm UntagResource",
            delete="DeleteAlarms",
            read="ListTagsForResource",
            read_anywhere="DescribeAlarms",
        ),
    ),
)
