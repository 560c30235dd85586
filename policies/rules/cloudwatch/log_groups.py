"""Rules on log groups."""

from policies.bounds import bounds_of
from toolkit.policy.iam.admission import key_admits
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import account_of, comes_from_elsewhere, known_text, reference, refers, region_of


def _retention_bounded(group: Inputs, stack: Stack) -> bool:
    days = group.number("retentionInDays", 0)
    return bounds_of(stack).shortest_log_days <= days <= bounds_of(stack).longest_log_days


loggroup_retention = ResourceRule(
    name="loggroup-retention",
    description="CloudWatch log groups have a bounded retention period",
    severity=Severity.MEDIUM,
    levels=Levels.REMEDIATES_THEN_BLOCKS,
    controls=controls("NIST: CloudWatch.16; CHECKOV: CKV_AWS_66; NAG_SERVERLESS: CloudWatchLogGroupRetentionPeriod"),
    types=(LOG_GROUP,),
    message="retentionInDays is not {bounds.shortest_log_days} to {bounds.longest_log_days}, or absent, so logs never "
    "expire; set it",
    check=_retention_bounded,
    remediation=lambda stack: {"retentionInDays": min(30, bounds_of(stack).longest_log_days)},
)

loggroup_cmk = ResourceRule(
    name="loggroup-cmk",
    description="CloudWatch log groups are encrypted with a customer managed KMS key",
    severity=Severity.LOW,
    levels=Levels.WARNS_WHERE_KEPT,
    controls=controls("CHECKOV: CKV_AWS_158; GUARD: cloudwatch_log_group_encrypted"),
    types=(LOG_GROUP,),
    message="kmsKeyId is absent; set it to a customer managed key, which costs a dollar a month",
    check=lambda group, _: group.has("kmsKeyId"),
)

_READERS = (
    "aws:cloudwatch/logMetricFilter:LogMetricFilter",
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
)
_KEY_ACTIONS = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey")
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html, read on 2026-11-30: Encrypt*,
Decrypt* and GenerateDataKey* are of the actions of its example."""


def _log_group_of(graph: StackInputs, function: Inputs) -> Inputs | None:
    """Return the group that the function logs to; without one of its own Lambda takes the one of the function's name.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html, read 2026-11-30 as the
    text of `logGroup` in aws-cdk-lib.
    """
    given = known_text(function, "loggingConfig.logGroup")
    if given is None and not function.depends_on("loggingConfig") and (name := reference(function, "name")):
        given = f"/aws/lambda/{name}"
    return next(
        (group for group in graph.of(LOG_GROUP) if refers(function, "loggingConfig", given, group, "name")), None
    )


@for_each(TRAIL)
def _trail_logs_to_stack(trail: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    arn = known_text(trail, "cloudWatchLogsGroupArn")
    if arn is None or comes_from_elsewhere(graph, trail, "cloudWatchLogsGroupArn"):
        return True
    group = arn.removesuffix(":*")
    return any(refers(trail, "cloudWatchLogsGroupArn", group, one, "arn") for one in graph.of(LOG_GROUP))


@for_each(LOG_GROUP)
def _key_allows_log_group(group: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    if not group.has("kmsKeyId"):
        return True
    region, account = region_of(group), account_of(group)
    arn = f"arn:aws:logs:{region}:{account}:log-group:{reference(group, 'name') or group.resource.name}"
    context = {"kms:encryptioncontext:aws:logs:arn": arn, "aws:sourcearn": arn, "aws:sourceaccount": account or ""}
    known = {key: value for key, value in context.items() if value and account}
    return any(
        key_admits(graph, group, "kmsKeyId", service, _KEY_ACTIONS, known)
        for service in (f"logs.{region}.amazonaws.com", "logs.amazonaws.com")
    )


def _class_supports_readers(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """Metric filters, subscriptions and the embedded metric format work in the class STANDARD only.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html, read on 2026-11-30.
    """
    read = {group.urn for function in graph.of(FUNCTION) if (group := _log_group_of(graph, function))}
    read |= {
        group.urn
        for reader in graph.of(*_READERS)
        for path in ("logGroupName", "logGroup")
        for group in graph.of(LOG_GROUP)
        if refers(reader, path, known_text(reader, path), group, "name")
    }
    return every(
        graph.of(LOG_GROUP),
        lambda group: group.urn not in read or group.text("logGroupClass", "STANDARD") == "STANDARD",
    )


lambda_has_log_group = StackRule(
    name="lambda-has-log-group",
    description="Lambda functions log to a log group of the same stack",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_66; GUARD: cw_loggroup_retention_period_check"),
    checks={
        "the function logs to no log group of this stack; set loggingConfig.logGroup to one": (
            for_each(FUNCTION)(lambda function, graph, _: _log_group_of(graph, function) is not None)
        ),
        "cloudWatchLogsGroupArn names no log group of this stack; take the ARN from the group": _trail_logs_to_stack,
    },
)

loggroup_key_covers = StackRule(
    name="loggroup-key-covers",
    description="The KMS key of a log group allows CloudWatch Logs to use it for that group",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="the key's policy does not let logs.<region>.amazonaws.com encrypt and decrypt for this log group; allow "
    "it with kms:EncryptionContext:aws:logs:arn set to the group's ARN",
    check=_key_allows_log_group,
)

loggroup_class = StackRule(
    name="loggroup-class",
    description="Log groups with metric filters, subscriptions or function logs have the class STANDARD",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="logGroupClass is not STANDARD, and other classes have no metric filters, embedded metrics or Live Tail; "
    "set STANDARD",
    check=_class_supports_readers,
)
