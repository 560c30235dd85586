"""The calls that AWS services make with the role that they assume.

The action names are AWS's: https://docs.aws.amazon.com/service-authorization/latest/reference/, read 2026-11-30.
"""

from collections.abc import Mapping


def actions_of(**by_service: str) -> frozenset[str]:
    """Return actions in lower case, given by service as names with spaces between them."""
    return frozenset(
        f"{service.replace('_', '-')}:{action}".lower()
        for service, actions in by_service.items()
        for action in actions.split()
    )


_LOGS = "CreateLogStream PutLogEvents"
ACTIONS: Mapping[str, frozenset[str]] = {
    "apigateway.amazonaws.com": actions_of(
        **{"lambda": "InvokeFunction"}, logs=_LOGS, sqs="SendMessage", events="PutEvents", states="StartExecution"
    ),
    "budgets.amazonaws.com": actions_of(
        ec2="StopInstances",
        iam="AttachRolePolicy DetachRolePolicy",
        rds="StopDBInstance",
        ssm="StartAutomationExecution",
    ),
    "cloudtrail.amazonaws.com": actions_of(logs=_LOGS),
    "codedeploy.amazonaws.com": actions_of(
        cloudwatch="DescribeAlarms",
        **{"lambda": "GetAlias GetProvisionedConcurrencyConfig InvokeFunction UpdateAlias"},
        s3="GetObject GetObjectVersion",
        sns="Publish",
    ),
    "delivery.logs.amazonaws.com": actions_of(logs=_LOGS, s3="PutObject", firehose="PutRecord PutRecordBatch"),
    "events.amazonaws.com": actions_of(
        **{"lambda": "InvokeFunction"}, sqs="SendMessage", events="PutEvents", states="StartExecution", sns="Publish"
    ),
    "firehose.amazonaws.com": actions_of(
        s3="AbortMultipartUpload GetBucketLocation GetObject ListBucket ListBucketMultipartUploads PutObject",
        kms="Decrypt GenerateDataKey",
        kinesis="DescribeStream GetRecords GetShardIterator ListShards",
        **{"lambda": "GetFunctionConfiguration InvokeFunction"},
        logs=_LOGS,
    ),
    "logs.amazonaws.com": actions_of(
        firehose="PutRecord PutRecordBatch", kinesis="PutRecord PutRecords", **{"lambda": "InvokeFunction"}
    ),
    "s3.amazonaws.com": actions_of(
        s3=(
            "GetObjectVersionAcl GetObjectVersionForReplication GetObjectVersionTagging GetReplicationConfiguration "
            "ListBucket ReplicateDelete ReplicateObject ReplicateTags"
        ),
        kms="Decrypt Encrypt GenerateDataKey",
    ),
    "scheduler.amazonaws.com": actions_of(
        **{"lambda": "InvokeFunction"}, sqs="SendMessage", events="PutEvents", states="StartExecution", sns="Publish"
    ),
    "sns.amazonaws.com": actions_of(
        logs=f"CreateLogGroup PutMetricFilter PutRetentionPolicy {_LOGS}", firehose="PutRecord"
    ),
    "vpc-flow-logs.amazonaws.com": actions_of(logs=f"DescribeLogGroups DescribeLogStreams {_LOGS}"),
}
"""By the principal of a service that acts by itself."""
_WORKFLOW = actions_of(**{"lambda": "InvokeFunction"}, states="StartExecution")
_WORKFLOWS = frozenset({"pipes.amazonaws.com", "states.amazonaws.com"})
"""Services that run workflows of a team: they start functions and executions, and make the calls of code."""


def allowed_for(principal: str, of_code: frozenset[str]) -> frozenset[str]:
    """Return the actions for a role that this service assumes; `of_code` are those of a service that runs code."""
    if principal in _WORKFLOWS:
        return of_code | _WORKFLOW
    return ACTIONS.get(principal, of_code)
