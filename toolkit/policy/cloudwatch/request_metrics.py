"""The metrics of functions, APIs, tables and distributions."""

from toolkit.policy.cloudwatch.metric_kinds import metrics, sets

_CALLED = sets("", "FunctionName", "FunctionName Resource", "FunctionName Resource ExecutedVersion")
_MAPPING = sets("EventSourceMappingUUID", "EventSourceMappingUUID FunctionName")
_API_ID = sets("ApiId", "ApiId Stage", "ApiId Stage Method Resource")
_HTTP_API = _API_ID | sets("ApiId Stage Route")
_REST_API = sets("ApiName", "ApiName Stage", "ApiName Stage Method Resource")
_TABLE = sets("TableName", "TableName GlobalSecondaryIndexName")
_WRITES = _TABLE | sets("TableName Source", "TableName GlobalSecondaryIndexName Source")
_OPERATION = sets(
    *("TableName Operation", "TableName GlobalSecondaryIndexName Operation", "TableName Operation Verb"),
    *("TableName Operation OperationType", "TableName Operation StreamLabel"),
)
_TO_KINESIS = sets("TableName DelegatedOperation")
_CAUSES = ("ProvisionedThroughput", "AccountLimit", "MaxOnDemandThroughput", "KeyRangeThroughput")

LAMBDA = {
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html, read 2026-11-30, and for function
    # URLs, durable functions and dimensions the page that aws_metrics.py names.
    **metrics(
        _CALLED,
        (
            "events either: Invocations ProvisionedConcurrencyInvocations AsyncEventsReceived UrlRequestCount",
            (
                "events high: Errors Throttles DeadLetterErrors DestinationDeliveryFailures OversizedRecordCount "
                "ProvisionedConcurrencySpilloverInvocations RecursiveInvocationsDropped AsyncEventsDropped "
                "SignatureValidationErrors CPUThrottles MemoryThrottles DiskThrottles ConcurrencyThrottles "
                "Url4xxCount Url5xxCount DurableExecutionFailed DurableExecutionStopped DurableExecutionTimedOut"
            ),
            "events either: DurableExecutionStarted DurableExecutionSucceeded",
            "amount either: DurableExecutionOperations DurableExecutionStorageWrittenBytes StreamedOutboundBytes",
            (
                "milliseconds high: Duration PostRuntimeExtensionsDuration AsyncEventAge "
                "UrlRequestLatency TimeToFirstByteLatency TimeToLastByteLatency DurableExecutionDuration"
            ),
            "level high: ConcurrentExecutions OffsetLag",
            (
                "level either: ProvisionedConcurrentExecutions UnreservedConcurrentExecutions "
                "ClaimedAccountConcurrency StreamedOutboundThroughput"
            ),
            "ratio either: ProvisionedConcurrencyUtilization",
        ),
    ),
    **metrics(
        _MAPPING,
        (
            (
                "amount either: PolledEventCount FilteredOutEventCount InvokedEventCount DeletedEventCount "
                "CommittedEventCount EventPollerUnit EventPollerThroughputInBytes"
            ),
            "amount high: FailedInvokeEventCount DroppedEventCount OnFailureDestinationDeliveredEventCount",
            (
                "amount high: PollingErrorCount InvokeErrorCount OnFailureDestinationDeliveryErrorCount "
                "SchemaRegistryErrorCount CommitErrorCount"
            ),
            "level high: ProvisionedPollers MaxOffsetLag SumOffsetLag",
        ),
    ),
    **metrics(_CALLED | _MAPPING, ("milliseconds high: IteratorAge",)),
}
API_GATEWAY = {
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html, the same for REST
    # (api-gateway-metrics-and-dimensions.html) and WebSocket APIs (apigateway-websocket-api-logging.html); the last two
    # read 2026-11-30, of HTTP APIs the names on the page that aws_metrics.py names.
    **metrics(_HTTP_API, ("events high: 4xx 5xx", "amount either: DataProcessed")),
    **metrics(_HTTP_API | _REST_API, ("events either: Count", "milliseconds high: Latency IntegrationLatency")),
    **metrics(_REST_API, ("events high: 4XXError 5XXError", "events either: CacheHitCount CacheMissCount")),
    **metrics(
        _HTTP_API,
        (
            "events either: ConnectCount MessageCount",
            "events high: IntegrationError ClientError ExecutionError",
        ),
    ),
}
DYNAMODB = {
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html, read 2026-11-30.
    **metrics(
        _TABLE,
        (
            "amount either: ConsumedReadCapacityUnits TimeToLiveDeletedItemCount OnlineIndexConsumedWriteCapacity",
            "events high: ReadThrottleEvents WriteThrottleEvents OnlineIndexThrottleEvents",
            "events high: " + " ".join(f"{way}{cause}ThrottleEvents" for way in ("Read", "Write") for cause in _CAUSES),
            (
                "level either: ProvisionedReadCapacityUnits ProvisionedWriteCapacityUnits OnDemandMaxReadRequestUnits "
                "OnDemandMaxWriteRequestUnits OnlineIndexPercentageProgress"
            ),
            "events high: ConditionalCheckFailedRequests TransactionConflict",
        ),
    ),
    **metrics(_WRITES, ("amount either: ConsumedWriteCapacityUnits",)),
    **metrics(
        sets("TableName", "TableName ReceivingRegion"),
        ("milliseconds high: ReplicationLatency", "level high: PendingReplicationCount"),
    ),
    **metrics(
        _OPERATION,
        (
            "events high: ThrottledRequests SystemErrors FaultInjectionServiceInducedErrors",
            "milliseconds high: SuccessfulRequestLatency",
            "amount either: ReturnedItemCount ReturnedBytes ReturnedRecordsCount",
        ),
    ),
    **metrics(
        _TO_KINESIS,
        (
            "milliseconds high: AgeOfOldestUnreplicatedRecord",
            "amount high: FailedToReplicateRecordCount ThrottledPutRecordCount",
            "amount either: ConsumedChangeDataCaptureUnits",
        ),
    ),
    **metrics(
        sets(""),
        (
            "events high: UserErrors",
            (
                "level either: AccountMaxReads AccountMaxWrites AccountMaxTableLevelReads AccountMaxTableLevelWrites "
                "AccountProvisionedReadCapacityUnits AccountProvisionedWriteCapacityUnits TableCount"
            ),
            (
                "percent high: AccountProvisionedReadCapacityUtilization AccountProvisionedWriteCapacityUtilization "
                "MaxProvisionedTableReadCapacityUtilization MaxProvisionedTableWriteCapacityUtilization"
            ),
        ),
    ),
}
CLOUDFRONT = {
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html, read
    # 2026-11-30; AWS's pages differ on the names for functions, so both count. The names for Lambda@Edge are those of
    # public dashboards, not verified on a page of AWS.
    **metrics(
        sets("DistributionId Region"),
        (
            "amount either: Requests BytesDownloaded BytesUploaded",
            (
                "percent high: 4xxErrorRate 5xxErrorRate TotalErrorRate 401ErrorRate 403ErrorRate 404ErrorRate "
                "502ErrorRate 503ErrorRate 504ErrorRate"
            ),
            "percent low: CacheHitRate",
            "milliseconds high: OriginLatency",
            "amount high: LambdaExecutionError LambdaValidationError LambdaLimitExceededErrors",
        ),
    ),
    **metrics(
        sets("FunctionName Region", "DistributionId FunctionName Region"),
        (
            "amount either: Invocations FunctionInvocations KvsReadRequests",
            (
                "amount high: ValidationErrors ExecutionErrors FunctionThrottles FunctionValidationErrors "
                "FunctionExecutionErrors KvsReadErrors"
            ),
            "percent high: ExecutionTime FunctionComputeUtilization",
        ),
    ),
}
