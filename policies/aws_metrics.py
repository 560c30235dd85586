"""The metrics that AWS services publish: by namespace the names, what a value is, and the dimensions that have data.

Each namespace names AWS's page. A combination of dimensions that AWS does not publish has no data, so an alarm on it
is never raised.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a value of a metric is, and with it which statistics say something."""

    EVENTS = "events"
    """One sample for each call, 0 or 1 for most: the sum counts, the average is a share of at most 1."""
    AMOUNT = "amount"
    """A number of events or bytes in a sample: the sum counts."""
    MILLISECONDS = "milliseconds"
    """A duration of each call: the sum says nothing."""
    LEVEL = "level"
    """A size at a point in time: the sum of samples says nothing."""
    PERCENT = "percent"
    RATIO = "ratio"


class Bad(Enum):
    """In which direction a metric shows that something fails."""

    HIGH = "high"
    EITHER = "either"
    """Depends on what the alarm is for: too much traffic, or none."""
    LOW = "low"


@dataclass(frozen=True)
class Metric:
    """One metric of AWS."""

    kind: Kind
    bad: Bad
    dimensions: frozenset[frozenset[str]]
    """The combinations that are published."""


def _sets(*combinations: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(each.split()) for each in combinations)


def _metrics(dimensions: frozenset[frozenset[str]], rows: Iterable[str]) -> dict[str, Metric]:
    """Read rows of `kind bad: names`."""
    found = {}
    for row in rows:
        meaning, _, names = row.partition(":")
        kind, bad = meaning.split()
        found.update({name: Metric(Kind(kind), Bad(bad), dimensions) for name in names.split()})
    return found


_FUNCTION = _sets("", "FunctionName", "FunctionName Resource", "FunctionName Resource ExecutedVersion")
_HTTP_API = _sets("ApiId", "ApiId Stage", "ApiId Stage Method Resource", "ApiId Stage Route")
_REST_API = _sets("ApiName", "ApiName Stage", "ApiName Stage Method Resource")
_TABLE = _sets("TableName", "TableName GlobalSecondaryIndexName")
_OPERATION = _sets("TableName Operation", "TableName GlobalSecondaryIndexName Operation")
_TOPIC = _sets("TopicName", "TopicName Application Platform")
_POOL = _sets("UserPool UserPoolClient", "UserPool UserPoolClient IdentityProvider", "UserPool")
_RULE = _sets("RuleName", "EventBusName RuleName", "EventBusName", "")

_LAMBDA = {
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    **_metrics(
        _FUNCTION,
        (
            "events either: Invocations ProvisionedConcurrencyInvocations AsyncEventsReceived",
            (
                "events high: Errors Throttles DeadLetterErrors DestinationDeliveryFailures OversizedRecordCount "
                "ProvisionedConcurrencySpilloverInvocations RecursiveInvocationsDropped AsyncEventsDropped "
                "SignatureValidationErrors"
            ),
            "milliseconds high: Duration PostRuntimeExtensionsDuration IteratorAge AsyncEventAge",
            "level high: ConcurrentExecutions OffsetLag",
            "level either: ProvisionedConcurrentExecutions UnreservedConcurrentExecutions ClaimedAccountConcurrency",
            "ratio either: ProvisionedConcurrencyUtilization",
        ),
    ),
    **_metrics(
        _sets("EventSourceMappingUUID", "EventSourceMappingUUID FunctionName"),
        (
            (
                "amount either: PolledEventCount FilteredOutEventCount InvokedEventCount DeletedEventCount "
                "CommittedEventCount"
            ),
            "amount high: FailedInvokeEventCount DroppedEventCount OnFailureDestinationDeliveredEventCount",
            "level high: ProvisionedPollers MaxOffsetLag SumOffsetLag",
        ),
    ),
}
_API_GATEWAY = {
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html, the same for REST
    # (api-gateway-metrics-and-dimensions.html) and WebSocket APIs (apigateway-websocket-api-logging.html)
    **_metrics(_HTTP_API, ("events high: 4xx 5xx", "amount either: DataProcessed")),
    **_metrics(_HTTP_API | _REST_API, ("events either: Count", "milliseconds high: Latency IntegrationLatency")),
    **_metrics(_REST_API, ("events high: 4XXError 5XXError", "events either: CacheHitCount CacheMissCount")),
    **_metrics(
        _sets("ApiId", "ApiId Stage", "ApiId Stage Route"),
        (
            "events either: ConnectCount MessageCount",
            "events high: IntegrationError ClientError ExecutionError",
        ),
    ),
}
_CAUSES = ("ProvisionedThroughput", "AccountLimit", "MaxOnDemandThroughput", "KeyRangeThroughput")
_DYNAMODB = {
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
    **_metrics(
        _TABLE,
        (
            "amount either: ConsumedReadCapacityUnits ConsumedWriteCapacityUnits TimeToLiveDeletedItemCount",
            "events high: ReadThrottleEvents WriteThrottleEvents",
            "events high: " + " ".join(f"{way}{cause}ThrottleEvents" for way in ("Read", "Write") for cause in _CAUSES),
            (
                "level either: ProvisionedReadCapacityUnits ProvisionedWriteCapacityUnits OnDemandMaxReadRequestUnits "
                "OnDemandMaxWriteRequestUnits"
            ),
            "events high: ConditionalCheckFailedRequests TransactionConflict",
            "milliseconds high: ReplicationLatency",
        ),
    ),
    **_metrics(
        _OPERATION,
        (
            "events high: ThrottledRequests SystemErrors",
            "milliseconds high: SuccessfulRequestLatency",
            "amount either: ReturnedItemCount ReturnedBytes ReturnedRecordsCount",
        ),
    ),
    **_metrics(
        _sets(""),
        (
            "events high: UserErrors",
            "level either: AccountMaxReads AccountMaxWrites",
            (
                "percent high: AccountProvisionedReadCapacityUtilization AccountProvisionedWriteCapacityUtilization "
                "MaxProvisionedTableReadCapacityUtilization MaxProvisionedTableWriteCapacityUtilization"
            ),
        ),
    ),
}

METRICS: Mapping[str, Mapping[str, Metric]] = {
    "AWS/Lambda": _LAMBDA,
    "AWS/ApiGateway": _API_GATEWAY,
    "AWS/DynamoDB": _DYNAMODB,
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    "AWS/SQS": _metrics(
        _sets("QueueName"),
        (
            (
                "level high: ApproximateAgeOfOldestMessage ApproximateNumberOfMessagesVisible "
                "ApproximateNumberOfMessagesNotVisible ApproximateNumberOfMessagesDelayed "
                "ApproximateNumberOfGroupsWithInflightMessages ApproximateNumberOfNoisyGroups"
            ),
            (
                "amount either: NumberOfMessagesSent NumberOfMessagesReceived NumberOfMessagesDeleted "
                "NumberOfEmptyReceives NumberOfDeduplicatedSentMessages SentMessageSize"
            ),
        ),
    ),
    # https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
    "AWS/SNS": _metrics(
        _TOPIC,
        (
            "amount either: NumberOfMessagesPublished NumberOfNotificationsDelivered PublishSize",
            (
                "amount high: NumberOfNotificationsFailed NumberOfNotificationsFilteredOut "
                "NumberOfNotificationsFailedToRedriveToDlq NumberOfNotificationsRedrivenToDlq "
                "NumberOfNotificationsFilteredOut-InvalidAttributes "
                "NumberOfNotificationsFilteredOut-NoMessageAttributes "
                "NumberOfNotificationsFilteredOut-MessageBody"
            ),
        ),
    ),
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
    "AWS/CloudFront": _metrics(
        _sets("DistributionId Region"),
        (
            "amount either: Requests BytesDownloaded BytesUploaded",
            (
                "percent high: 4xxErrorRate 5xxErrorRate TotalErrorRate 401ErrorRate 403ErrorRate 404ErrorRate "
                "502ErrorRate 503ErrorRate 504ErrorRate"
            ),
            "percent low: CacheHitRate",
            "milliseconds high: OriginLatency",
        ),
    ),
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    "AWS/Events": _metrics(
        _RULE,
        (
            (
                "amount either: Invocations TriggeredRules MatchedEvents InvocationAttempts "
                "SuccessfulInvocationAttempts "
                "PutEventsRequestSize PutEventsApproximateCallCount PutEventsEntriesCount"
            ),
            (
                "amount high: FailedInvocations InvocationsFailedToBeSentToDlq InvocationsSentToDlq ThrottledRules "
                "RetryInvocationAttempts PutEventsFailedEntriesCount PutEventsApproximateFailedCount"
            ),
            (
                "milliseconds high: IngestionToInvocationStartLatency IngestionToInvocationCompleteLatency "
                "IngestionToInvocationSuccessLatency PutEventsLatency"
            ),
        ),
    ),
    # https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
    "AWS/Scheduler": _metrics(
        _sets("", "ScheduleGroup"),
        (
            "amount either: InvocationAttemptCount",
            (
                "amount high: TargetErrorCount TargetErrorThrottledCount InvocationThrottleCount "
                "InvocationDroppedCount "
                "InvocationsFailedToBeSentToDeadLetterCount InvocationsSentToDeadLetterCount "
                "InvocationsSentToDeadLetterCount_Truncated_MessageSizeExceeded"
            ),
        ),
    ),
    # https://docs.aws.amazon.com/cognito/latest/developerguide/metrics-for-cognito-user-pools.html
    "AWS/Cognito": _metrics(
        _POOL,
        (
            "events either: SignInSuccesses SignUpSuccesses TokenRefreshSuccesses FederationSuccesses",
            "events high: SignInThrottles SignUpThrottles TokenRefreshThrottles FederationThrottles",
        ),
    ),
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
    "RuleName": ("AWS/Events", "aws:cloudwatch/eventRule:EventRule", "name"),
    "EventSourceMappingUUID": ("AWS/Lambda", "aws:lambda/eventSourceMapping:EventSourceMapping", "uuid"),
}
"""By dimension: the namespace it has this meaning in, the type of resource that it names, and by which output."""
