"""What a role may call that an AWS service assumes: the use of a stack's resources, never their management.

The action names are AWS's: https://docs.aws.amazon.com/service-authorization/latest/reference/, read 2026-11-30.
A test compares the list with the calls that the API makes.
"""

from collections.abc import Mapping


def _actions(**by_service: str) -> frozenset[str]:
    return frozenset(
        f"{service.replace('_', '-')}:{action}".lower()
        for service, actions in by_service.items()
        for action in actions.split()
    )


_LOGS = "CreateLogStream PutLogEvents"
USE_OF_RESOURCES = _actions(
    appconfig="StartConfigurationSession GetLatestConfiguration",
    cloudwatch="PutMetricData",
    dynamodb=(
        "GetItem BatchGetItem Query ConditionCheckItem PutItem UpdateItem DeleteItem BatchWriteItem "
        "DescribeStream GetRecords GetShardIterator ListStreams"
    ),
    events="PutEvents",
    kinesis="DescribeStream DescribeStreamSummary GetRecords GetShardIterator ListShards PutRecord PutRecords",
    kms="Decrypt DescribeKey Encrypt GenerateDataKey GenerateDataKey*",
    logs=_LOGS,
    s3="AbortMultipartUpload DeleteObject GetObject GetObjectVersion ListBucket ListMultipartUploadParts PutObject",
    secretsmanager="DescribeSecret GetSecretValue",
    sns="Publish",
    sqs=("ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ReceiveMessage SendMessage"),
    ssm="GetParameter GetParameters GetParametersByPath",
    xray=("GetSamplingRules GetSamplingStatisticSummaries GetSamplingTargets PutTelemetryRecords PutTraceSegments"),
)
"""Of code that answers requests, messages or events."""

BY_PRINCIPAL: Mapping[str, frozenset[str]] = {
    "apigateway.amazonaws.com": _actions(
        **{"lambda": "InvokeFunction"}, logs=_LOGS, sqs="SendMessage", events="PutEvents", states="StartExecution"
    ),
    "budgets.amazonaws.com": _actions(
        ec2="StopInstances",
        iam="AttachRolePolicy DetachRolePolicy",
        rds="StopDBInstance",
        ssm="StartAutomationExecution",
    ),
    "cloudtrail.amazonaws.com": _actions(logs=_LOGS),
    "codedeploy.amazonaws.com": _actions(
        cloudwatch="DescribeAlarms",
        **{"lambda": "GetAlias GetProvisionedConcurrencyConfig InvokeFunction UpdateAlias"},
        s3="GetObject GetObjectVersion",
        sns="Publish",
    ),
    "delivery.logs.amazonaws.com": _actions(logs=_LOGS, s3="PutObject", firehose="PutRecord PutRecordBatch"),
    "events.amazonaws.com": _actions(
        **{"lambda": "InvokeFunction"}, sqs="SendMessage", events="PutEvents", states="StartExecution", sns="Publish"
    ),
    "firehose.amazonaws.com": _actions(
        s3="AbortMultipartUpload GetBucketLocation GetObject ListBucket ListBucketMultipartUploads PutObject",
        kms="Decrypt GenerateDataKey",
        kinesis="DescribeStream GetRecords GetShardIterator ListShards",
        **{"lambda": "GetFunctionConfiguration InvokeFunction"},
        logs=_LOGS,
    ),
    "logs.amazonaws.com": _actions(
        firehose="PutRecord PutRecordBatch", kinesis="PutRecord PutRecords", **{"lambda": "InvokeFunction"}
    ),
    "pipes.amazonaws.com": USE_OF_RESOURCES | _actions(**{"lambda": "InvokeFunction"}, states="StartExecution"),
    "s3.amazonaws.com": _actions(
        s3=(
            "GetObjectVersionAcl GetObjectVersionForReplication GetObjectVersionTagging GetReplicationConfiguration "
            "ListBucket ReplicateDelete ReplicateObject ReplicateTags"
        ),
        kms="Decrypt Encrypt GenerateDataKey",
    ),
    "scheduler.amazonaws.com": _actions(
        **{"lambda": "InvokeFunction"}, sqs="SendMessage", events="PutEvents", states="StartExecution", sns="Publish"
    ),
    "sns.amazonaws.com": _actions(
        logs=f"CreateLogGroup PutMetricFilter PutRetentionPolicy {_LOGS}", firehose="PutRecord"
    ),
    "states.amazonaws.com": USE_OF_RESOURCES | _actions(**{"lambda": "InvokeFunction"}, states="StartExecution"),
    "vpc-flow-logs.amazonaws.com": _actions(logs=f"DescribeLogGroups DescribeLogStreams {_LOGS}"),
}
"""Of the services that act by themselves; any other service runs code, as Lambda does."""

OF_RUNTIME_BOUNDARY = USE_OF_RESOURCES | BY_PRINCIPAL["codedeploy.amazonaws.com"]
"""What the boundary of the roles that a pipeline creates may allow."""

MANAGED_POLICIES: Mapping[str, str] = {
    "AWSLambdaENIManagementAccess": "network interfaces, which AWS accepts on all resources only",
    "AWSXRayDaemonWriteAccess": "traces, which AWS accepts on all resources only",
    "CloudWatchLambdaInsightsExecutionRolePolicy": "one log group of Lambda Insights",
    "AmazonAPIGatewayPushToCloudWatchLogs": "the logs of API Gateway of the whole account, which share one role",
}
"""Policies of AWS that such a role may have, and what they allow."""


def allowed_for(principal: str) -> frozenset[str]:
    """The actions, in lower case, for a role that this service assumes."""
    return BY_PRINCIPAL.get(principal, USE_OF_RESOURCES)
