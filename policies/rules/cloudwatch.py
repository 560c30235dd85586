"""Rules on log groups and alarms."""

from policies.bounds import bounds_of
from toolkit.policy.cloudwatch.alarms import is_high_bad
from toolkit.policy.rule import (
    MENDS_THEN_BLOCKS,
    WARNS_THEN_BLOCKS,
    WARNS_WHERE_KEPT,
    ResourceRule,
    Severity,
    controls,
)
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudwatch import COMPOSITE_ALARM, LOG_GROUP, METRIC_ALARM
from toolkit.stacks.facts import Facts

_MISSING_DATA = {"notBreaching", "breaching", "ignore", "missing"}


def _retention_bounded(group: Facts, stack: Stack) -> bool:
    days = group.number("retentionInDays", 0)
    return bounds_of(stack).shortest_log_days <= days <= bounds_of(stack).longest_log_days


loggroup_retention = ResourceRule(
    name="loggroup-retention",
    says="Logs are kept long enough to find out, and not for ever.",
    severity=Severity.MEDIUM,
    levels=MENDS_THEN_BLOCKS,
    controls=controls("NIST: CloudWatch.16; CHECKOV: CKV_AWS_66; NAG_SERVERLESS: CloudWatchLogGroupRetentionPeriod"),
    types=(LOG_GROUP,),
    checks={
        "retentionInDays is not between {bounds.shortest_log_days} and {bounds.longest_log_days}; without it logs are "
        "kept, and paid, for ever": _retention_bounded
    },
    remedy=lambda stack: {"retentionInDays": min(30, bounds_of(stack).longest_log_days)},
)

loggroup_cmk = ResourceRule(
    name="loggroup-cmk",
    says="Logs are encrypted with a key of the account.",
    severity=Severity.LOW,
    levels=WARNS_WHERE_KEPT,
    controls=controls("CHECKOV: CKV_AWS_158; GUARD: cloudwatch_log_group_encrypted"),
    types=(LOG_GROUP,),
    checks={"kmsKeyId is absent; a key of its own costs a dollar a month": lambda group, _: group.has("kmsKeyId")},
)

alarm_has_action = ResourceRule(
    name="alarm-has-action",
    says="An alarm tells somebody.",
    severity=Severity.HIGH,
    levels=WARNS_THEN_BLOCKS,
    controls=controls("NIST: CloudWatch.15, CloudWatch.17; CHECKOV: CKV_AWS_319; GUARD: cloudwatch_alarm_action_check"),
    types=(METRIC_ALARM, COMPOSITE_ALARM),
    checks={
        "alarmActions is empty; name the topic that is told": lambda alarm, _: bool(alarm.texts("alarmActions")),
        "actionsEnabled is false; remove it": lambda alarm, _: alarm.flag("actionsEnabled", default=True),
    },
)

alarm_missing_data = ResourceRule(
    name="alarm-missing-data",
    says="Alarms set treatMissingData explicitly, and a metric of failures without data is no failure.",
    severity=Severity.MEDIUM,
    levels=WARNS_THEN_BLOCKS,
    types=(METRIC_ALARM,),
    checks={
        "treatMissingData is absent, so an alarm without data stays as it was last; choose notBreaching or breaching": (
            lambda alarm, _: alarm.has("treatMissingData")
        ),
        "treatMissingData is none of notBreaching, breaching, ignore and missing; correct it": lambda alarm, _: (
            alarm.text("treatMissingData", "missing") in _MISSING_DATA
        ),
        "treatMissingData is breaching for a metric of failures, which has no data without traffic; set notBreaching": (
            lambda alarm, _: alarm.text("treatMissingData") != "breaching" or not is_high_bad(alarm)
        ),
    },
)

RULES = (loggroup_retention, loggroup_cmk, alarm_has_action, alarm_missing_data)
