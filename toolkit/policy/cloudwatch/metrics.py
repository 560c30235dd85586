"""The metrics that AWS services publish: by namespace the names, what a value is, and the dimensions that have data.

Each namespace names AWS's page. A combination of dimensions that AWS does not publish has no data, so an alarm on it
is never raised. AWS lists the combinations of many metrics under "Supported metrics for resource tags for telemetry" in
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/SupportedMetricsForResourceTagsForTelemetry.html (read
2026-11-30).
"""

from collections.abc import Mapping

from toolkit.policy.cloudwatch.metric_kinds import Metric, metrics, sets
from toolkit.policy.cloudwatch.request_metrics import API_GATEWAY, CLOUDFRONT, DYNAMODB, LAMBDA

_POOL = sets("UserPool UserPoolClient", "UserPool UserPoolClient IdentityProvider", "UserPool")
_RULE = sets("RuleName", "EventBusName RuleName", "EventBusName", "EventSourceName", "")
_SCHEDULES = sets("", "ScheduleGroup")
_UNDELIVERED = "InvocationsFailedToBeSentToDeadLetterCount"
"""Of the schedule; a second metric has the code of the error behind it: `…Count_AccessDenied`."""

_SQS = metrics(
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html,
    # read 2026-11-30.
    sets("QueueName"),
    (
        (
            "level high: ApproximateAgeOfOldestMessage ApproximateNumberOfMessagesVisible "
            "ApproximateNumberOfMessagesNotVisible ApproximateNumberOfMessagesDelayed "
            "ApproximateNumberOfGroupsWithInflightMessages ApproximateNumberOfNoisyGroups"
        ),
        (
            "level high: ApproximateAgeOfOldestMessageInQuietGroups ApproximateNumberOfMessagesVisibleInQuietGroups "
            "ApproximateNumberOfMessagesNotVisibleInQuietGroups ApproximateNumberOfMessagesDelayedInQuietGroups"
        ),
        (
            "amount either: NumberOfMessagesSent NumberOfMessagesReceived NumberOfMessagesDeleted "
            "NumberOfEmptyReceives NumberOfDeduplicatedSentMessages SentMessageSize"
        ),
    ),
)
_SNS = {
    # https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html, read 2026-11-30 in an edition
    # without filters on message bodies; the names that end with MessageAttributes and MessageBody are those of public
    # alarms.
    **metrics(
        sets("TopicName", "Application", "Platform", "Application Platform", "PhoneNumber", "Country SMSType", ""),
        (
            "amount either: NumberOfMessagesPublished NumberOfNotificationsDelivered PublishSize",
            (
                "amount high: NumberOfNotificationsFailed NumberOfNotificationsFilteredOut "
                "NumberOfNotificationsFailedToRedriveToDlq NumberOfNotificationsRedrivenToDlq "
                "NumberOfNotificationsFilteredOut-InvalidAttributes "
                "NumberOfNotificationsFilteredOut-NoMessageAttributes "
                "NumberOfNotificationsFilteredOut-MessageAttributes NumberOfNotificationsFilteredOut-MessageBody "
                "NumberOfNotificationsFilteredOut-InvalidMessageBody"
            ),
        ),
    ),
    **metrics(
        sets("", "Country SMSType", "SMSType", "Country"),
        ("level high: SMSMonthToDateSpentUSD", "events low: SMSSuccessRate"),
    ),
}
_EVENTS = metrics(
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html, read 2026-11-30. AWS writes two of
    # the latencies with a small t, and public alarms with a capital one.
    _RULE,
    (
        (
            "amount either: Invocations TriggeredRules MatchedEvents InvocationAttempts InvocationsCreated Events "
            "SuccessfulInvocationAttempts PutEventsApproximateSuccessCount EventBusEncryptionStarted "
            "EventBusEncryptionCompleted PutEventsRequestSize PutEventsApproximateCallCount PutEventsEntriesCount"
        ),
        (
            "amount high: FailedInvocations DeadLetterInvocations InvocationsFailedToBeSentToDlq InvocationsSentToDlq "
            "ThrottledRules RetryInvocationAttempts PutEventsFailedEntriesCount PutEventsApproximateFailedCount "
            "PutEventsApproximateThrottledCount EventBusEncryptionFailed"
        ),
        (
            "milliseconds high: IngestionToInvocationStartLatency IngestionToInvocationCompleteLatency "
            "IngestiontoInvocationStartLatency IngestiontoInvocationCompleteLatency "
            "IngestionToInvocationSuccessLatency PutEventsLatency"
        ),
        (
            "amount either: PutPartnerEventsApproximateCallCount PutPartnerEventsApproximateSuccessCount "
            "PutPartnerEventsEntriesCount"
        ),
        (
            "amount high: PutPartnerEventsApproximateFailedCount PutPartnerEventsApproximateThrottledCount "
            "PutPartnerEventsFailedEntriesCount"
        ),
        "milliseconds high: PutPartnerEventsLatency",
    ),
)
_SCHEDULER = metrics(
    # https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html, read 2026-11-30.
    _SCHEDULES,
    (
        "amount either: InvocationAttemptCount",
        (
            "amount high: TargetErrorCount TargetErrorThrottledCount InvocationThrottleCount "
            f"InvocationDroppedCount InvocationsSentToDeadLetterCount {_UNDELIVERED} "
            "InvocationsSentToDeadLetterCount_Truncated_MessageSizeExceeded"
        ),
    ),
)
_COGNITO = {
    # https://docs.aws.amazon.com/cognito/latest/developerguide/metrics-for-cognito-user-pools.html, read 2026-11-30.
    **metrics(
        _POOL,
        (
            "events either: SignInSuccesses SignUpSuccesses TokenRefreshSuccesses FederationSuccesses",
            "events high: SignInThrottles SignUpThrottles TokenRefreshThrottles FederationThrottles",
        ),
    ),
    **metrics(
        sets("UserPoolId Operation RiskLevel"),
        ("amount high: CompromisedCredentialRisk AccountTakeoverRisk OverrideBlock",),
    ),
    **metrics(sets("UserPoolId Operation"), ("amount high: Risk", "amount either: NoRisk")),
}

METRICS: Mapping[str, Mapping[str, Metric]] = {
    "AWS/Lambda": LAMBDA,
    "AWS/ApiGateway": API_GATEWAY,
    "AWS/DynamoDB": DYNAMODB,
    "AWS/SQS": _SQS,
    "AWS/SNS": _SNS,
    "AWS/CloudFront": CLOUDFRONT,
    "AWS/Events": _EVENTS,
    "AWS/Scheduler": _SCHEDULER,
    "AWS/Cognito": _COGNITO,
}
OWNERS: Mapping[str, tuple[str, str, str]] = {
    "FunctionName": ("AWS/Lambda", "aws:lambda/function:Function", "name"),
    "ApiId": ("AWS/ApiGateway", "aws:apigatewayv2/api:Api", "id"),
    "ApiName": ("AWS/ApiGateway", "aws:apigateway/restApi:RestApi", "name"),
    "TableName": ("AWS/DynamoDB", "aws:dynamodb/table:Table", "name"),
    "QueueName": ("AWS/SQS", "aws:sqs/queue:Queue", "name"),
    "TopicName": ("AWS/SNS", "aws:sns/topic:Topic", "name"),
    "DistributionId": ("AWS/CloudFront", "aws:cloudfront/distribution:Distribution", "id"),
    "UserPool": ("AWS/Cognito", "aws:cognito/userPool:UserPool", "id"),
    "UserPoolId": ("AWS/Cognito", "aws:cognito/userPool:UserPool", "id"),
    "RuleName": ("AWS/Events", "aws:cloudwatch/eventRule:EventRule", "name"),
    "EventSourceMappingUUID": ("AWS/Lambda", "aws:lambda/eventSourceMapping:EventSourceMapping", "uuid"),
}
"""By dimension: its namespace, the resource type that it names, and the output with the name."""


def metric(namespace: str, name: str) -> Metric | None:
    """Return the kind of a metric; None where the list lacks it."""
    known = METRICS.get(namespace, {})
    return known.get(_UNDELIVERED if name.startswith(f"{_UNDELIVERED}_") else name)
