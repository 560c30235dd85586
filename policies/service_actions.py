"""The calls and the AWS managed policies that roles of running services may have: use of resources, no management.

The action names are AWS's: https://docs.aws.amazon.com/service-authorization/latest/reference/, read 2026-11-30.
A test compares the list with the permissions boundary of the bootstrap program.
"""

from collections.abc import Mapping

from toolkit.policy.iam.service_principals import ACTIONS, actions_of

RUNTIME_ACTIONS = actions_of(
    appconfig="StartConfigurationSession GetLatestConfiguration",
    cloudwatch="PutMetricData",
    dynamodb=(
        "GetItem BatchGetItem Query ConditionCheckItem PutItem UpdateItem DeleteItem BatchWriteItem "
        "DescribeStream GetRecords GetShardIterator ListStreams"
    ),
    events="PutEvents",
    kinesis="DescribeStream DescribeStreamSummary GetRecords GetShardIterator ListShards PutRecord PutRecords",
    kms="Decrypt DescribeKey Encrypt GenerateDataKey GenerateDataKey*",
    logs="CreateLogStream PutLogEvents",
    s3="AbortMultipartUpload DeleteObject GetObject GetObjectVersion ListBucket ListMultipartUploadParts PutObject",
    secretsmanager="DescribeSecret GetSecretValue",
    sns="Publish",
    sqs=("ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ReceiveMessage SendMessage"),
    ssm="GetParameter GetParameters GetParametersByPath",
    xray=("GetSamplingRules GetSamplingStatisticSummaries GetSamplingTargets PutTelemetryRecords PutTraceSegments"),
)
"""Of code that answers requests, messages or events."""

BOUNDARY_ACTIONS = RUNTIME_ACTIONS | ACTIONS["codedeploy.amazonaws.com"]
"""What the boundary of the roles that a pipeline creates may allow."""

MANAGED_POLICIES: Mapping[str, str] = {
    "AWSLambdaENIManagementAccess": "network interfaces, which AWS accepts on all resources only",
    "AWSXRayDaemonWriteAccess": "traces, which AWS accepts on all resources only",
    "CloudWatchLambdaInsightsExecutionRolePolicy": "one log group of Lambda Insights",
    "AmazonAPIGatewayPushToCloudWatchLogs": "the logs of API Gateway of the whole account, which share one role",
}
"""Policies of AWS that such a role may have, and what they allow."""
