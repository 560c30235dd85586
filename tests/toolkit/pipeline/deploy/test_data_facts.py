"""An update in place that loses data is reported for each type, and its opposite is not."""

import json
from typing import Any

import pytest

from tests.support.steps import step
from toolkit.pipeline.deploy.data_loss import data_losses_in, facts_of
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.s3 import BUCKET_VERSIONING as VERSIONING
from toolkit.stacks.marks import KIND, SECRET, UNKNOWN_TEXT, Secret

Inputs = dict[str, Any]
LOGS, QUEUE, POOL = "aws:cloudwatch/logGroup:LogGroup", "aws:sqs/queue:Queue", "aws:cognito/userPool:UserPool"
RDS, CLUSTER, PLAN = "aws:rds/instance:Instance", "aws:rds/cluster:Cluster", "aws:backup/plan:Plan"
FUNCTION = "aws:lambda/function:Function"
ASYNC, MAPPING = (
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    "aws:lambda/eventSourceMapping:EventSourceMapping",
)
REDRIVE = '{"deadLetterTargetArn": "arn:aws:sqs:eu-central-1:123456789012:dead", "maxReceiveCount": %d}'
NO_RECEIVING = '{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}]}'
OBJECT_LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
TRAIL, SECRET_TYPE, KEY = "aws:cloudtrail/trail:Trail", "aws:secretsmanager/secret:Secret", "aws:kms/key:Key"
BUCKET, ENCRYPTION = (
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
)


def ttl(attribute: Any, *, enabled: Any = True) -> Inputs:
    return {"ttl": {"attributeName": attribute, "enabled": enabled}}


def recovery(**period: Any) -> Inputs:
    return {"pointInTimeRecovery": {"enabled": True, **period}}


def lock(**retention: Any) -> Inputs:
    return {"rule": {"defaultRetention": retention}}


def plan(name: str = "daily", days: int | None = 35) -> Inputs:
    return {"rules": [{"ruleName": name, "schedule": "cron(0 3 * * ? *)", "lifecycle": {"deleteAfter": days}}]}


def replicas(*regions: str) -> Inputs:
    return {"replicas": [{"regionName": region} for region in regions]}


def replica(**flags: bool) -> Inputs:
    return {"replicas": [{"regionName": "eu-west-1", **flags}]}


def schemas(*names: str) -> Inputs:
    return {"schemas": [{"name": name} for name in names]}


def copies(*targets: str) -> Inputs:
    return {"rules": [{"status": "Enabled", "destination": {"bucket": target}} for target in targets]}


LOSING: list[tuple[str, Inputs, Inputs]] = [
    (TABLE, ttl("expires_at"), ttl("owner")),
    (TABLE, {}, ttl("expires_at")),
    (TABLE, ttl("expires_at", enabled=False), ttl("expires_at")),
    (TABLE, ttl("expires_at"), ttl(UNKNOWN_TEXT)),
    (TABLE, {}, {"ttl": UNKNOWN_TEXT}),
    (TABLE, {}, ttl("expires_at", enabled=UNKNOWN_TEXT)),
    (TABLE, {}, ttl("expires_at", enabled="true")),
    (TABLE, ttl("expires_at"), ttl(Secret("owner"))),
    (TABLE, recovery(), {"pointInTimeRecovery": {"enabled": False}}),
    (TABLE, recovery(), {}),
    (TABLE, recovery(), recovery(recoveryPeriodInDays=1)),
    (TABLE, recovery(recoveryPeriodInDays=35), recovery(recoveryPeriodInDays=UNKNOWN_TEXT)),
    (TABLE, {"deletionProtectionEnabled": True}, {}),
    (TABLE, {"serverSideEncryption": {"enabled": True}}, {"serverSideEncryption": {"kmsKeyArn": "b"}}),
    (TABLE, replicas("eu-west-1", "us-east-1"), replicas("eu-west-1")),
    (TABLE, {"streamEnabled": True}, {"streamEnabled": False}),
    (TABLE, replica(pointInTimeRecovery=True), replica(pointInTimeRecovery=False)),
    (TABLE, replica(deletionProtectionEnabled=True), replica()),
    (POOL, {"deletionProtection": "ACTIVE"}, {"deletionProtection": "INACTIVE"}),
    (POOL, schemas("plan", "team"), schemas("plan")),
    (POOL, {"usernameAttributes": ["email"]}, {"usernameAttributes": ["phone_number"]}),
    (BUCKET, {"forceDestroy": False}, {"forceDestroy": True}),
    (BUCKET, {}, {"lifecycleRules": [{"enabled": True, "expiration": {"days": 1}}]}),
    (BUCKET, {"versioning": {"enabled": True}}, {"versioning": {"enabled": False}}),
    ("aws:s3/bucketV2:BucketV2", {}, {"forceDestroy": True}),
    (
        VERSIONING,
        {"versioningConfiguration": {"status": "Enabled"}},
        {"versioningConfiguration": {"status": "Suspended"}},
    ),
    (ENCRYPTION, {"rules": [{"applyServerSideEncryptionByDefault": {"kmsMasterKeyId": "a"}}]}, {"rules": [{}]}),
    (OBJECT_LOCK, lock(mode="COMPLIANCE", days=30), lock(mode="GOVERNANCE", days=30)),
    (OBJECT_LOCK, lock(mode="GOVERNANCE", days=30), lock(mode="GOVERNANCE", days=1)),
    (OBJECT_LOCK, lock(mode="GOVERNANCE", years=1), {}),
    (REPLICATION, copies("a", "b"), copies("a")),
    (LOGS, {"kmsKeyId": "a"}, {"kmsKeyId": "b"}),
    (LOGS, {"kmsKeyId": "a"}, {}),
    (LOGS, {"skipDestroy": True}, {}),
    (LOGS, {"retentionInDays": 365}, {"retentionInDays": 30}),
    (LOGS, {}, {"retentionInDays": 30}),
    (LOGS, {"retentionInDays": 0}, {"retentionInDays": 3653}),
    (LOGS, {"retentionInDays": 30}, {"retentionInDays": UNKNOWN_TEXT}),
    (QUEUE, {"messageRetentionSeconds": 1209600}, {"messageRetentionSeconds": 60}),
    (QUEUE, {}, {"messageRetentionSeconds": 60}),
    (QUEUE, {"kmsMasterKeyId": "a"}, {"kmsMasterKeyId": "b"}),
    ("aws:sqs/queuePolicy:QueuePolicy", {"queueUrl": "q"}, {"queueUrl": "q", "policy": NO_RECEIVING}),
    (FUNCTION, {"deadLetterConfig": {"targetArn": "a"}}, {}),
    (ASYNC, {"destinationConfig": {"onFailure": {"destination": "a"}}}, {}),
    (ASYNC, {}, {"maximumRetryAttempts": 0}),
    (MAPPING, {"destinationConfig": {"onFailure": {"destinationArn": "a"}}}, {}),
    (MAPPING, {}, {"maximumRetryAttempts": 2}),
    (QUEUE, {"redrivePolicy": REDRIVE % 3}, {}),
    ("aws:sqs/redrivePolicy:RedrivePolicy", {"redrivePolicy": REDRIVE % 3}, {"redrivePolicy": ""}),
    ("aws:sns/topicSubscription:TopicSubscription", {"redrivePolicy": "{}"}, {}),
    ("aws:scheduler/schedule:Schedule", {"target": {"arn": "f", "deadLetterConfig": {"arn": "q"}}}, {"target": {}}),
    ("aws:cloudwatch/eventTarget:EventTarget", {"deadLetterConfig": {"arn": "q"}}, {}),
    ("aws:ssm/parameter:Parameter", {"keyId": "a"}, {"keyId": "b"}),
    (SECRET_TYPE, {"recoveryWindowInDays": 7}, {"recoveryWindowInDays": 0}),
    (SECRET_TYPE, {}, {"recoveryWindowInDays": 7}),
    (SECRET_TYPE, {"kmsKeyId": "a"}, {"kmsKeyId": "b"}),
    (KEY, {}, {"isEnabled": False}),
    (KEY, {"deletionWindowInDays": 30}, {"deletionWindowInDays": 7}),
    (KEY, {}, {"bypassPolicyLockoutSafetyCheck": True}),
    ("aws:kms/alias:Alias", {"targetKeyId": "a"}, {"targetKeyId": "b"}),
    (TRAIL, {"enableLogging": True}, {"enableLogging": False}),
    (TRAIL, {"isMultiRegionTrail": True}, {}),
    (TRAIL, {"name": "t"}, {"name": "t", "eventSelectors": [{"readWriteType": "WriteOnly"}]}),
    (TRAIL, {"cloudWatchLogsGroupArn": "a"}, {}),
    ("aws:cloudtrail/eventDataStore:EventDataStore", {"retentionPeriod": 365}, {"retentionPeriod": 7}),
    ("aws:cloudwatch/eventArchive:EventArchive", {"retentionDays": 0}, {"retentionDays": 1}),
    ("aws:kinesis/stream:Stream", {"retentionPeriod": 168}, {}),
    (RDS, {"backupRetentionPeriod": 7}, {"backupRetentionPeriod": 0}),
    (RDS, {"skipFinalSnapshot": False}, {"skipFinalSnapshot": True}),
    (RDS, {"deletionProtection": True}, {"deletionProtection": False}),
    (CLUSTER, {"backupRetentionPeriod": 7}, {"backupRetentionPeriod": 1}),
    (PLAN, plan(), plan(days=1)),
    (PLAN, plan(days=None), plan(days=35)),
    (PLAN, plan(), {"rules": []}),
    ("aws:ecr/repository:Repository", {}, {"forceDelete": True}),
    ("aws:ecr/lifecyclePolicy:LifecyclePolicy", {"policy": "{}"}, {"policy": '{"rules": []}'}),
    ("aws:unheard/of:Of", {"dataRetentionInDays": 30}, {"dataRetentionInDays": 1}),
    ("aws:unheard/of:Of", {"deletionProtection": True}, {}),
]


def found(type: str, before: Inputs, after: Inputs, *changed: str) -> list[str]:
    return [str(loss) for loss in data_losses_in([step(type, "update", before, after, changed=changed)])]


@pytest.mark.parametrize(("type", "before", "after"), LOSING)
def test_update_in_place_that_loses_data_is_reported(type: str, before: Inputs, after: Inputs) -> None:
    (loss,) = found(type, before, after)
    assert "lost would be" in loss


@pytest.mark.parametrize(("type", "before", "after"), LOSING)
def test_update_in_place_of_other_properties_is_not_reported(type: str, before: Inputs, after: Inputs) -> None:
    assert found(type, before, before) == []
    assert found(type, after, after) == []


KEPT: list[tuple[str, Inputs, Inputs]] = [
    (TABLE, ttl("expires_at"), {}),
    (TABLE, ttl("expires_at"), ttl("owner", enabled=False)),
    (TABLE, {}, recovery(recoveryPeriodInDays=7)),
    (TABLE, recovery(recoveryPeriodInDays=7), recovery()),
    (TABLE, replicas("eu-west-1"), replicas("us-east-1", "eu-west-1")),
    (TABLE, {}, {"streamEnabled": True}),
    (POOL, {"mfaConfiguration": "ON"}, {"mfaConfiguration": "OFF"}),
    (POOL, schemas("plan"), schemas("plan", "team")),
    (LOGS, {}, {"kmsKeyId": "a"}),
    (FUNCTION, {}, {"deadLetterConfig": {"targetArn": "a"}}),
    (MAPPING, {"maximumRetryAttempts": 2}, {}),
    (QUEUE, {"redrivePolicy": REDRIVE % 3}, {"redrivePolicy": REDRIVE % 5}),
    (QUEUE, {"redrivePolicy": REDRIVE % 3}, {"redrivePolicy": UNKNOWN_TEXT}),
    (TABLE, {"globalSecondaryIndexes": [{"name": "by-mail"}]}, {"globalSecondaryIndexes": []}),
    (LOGS, {"retentionInDays": 30}, {"retentionInDays": 365}),
    (LOGS, {"retentionInDays": 3653}, {"retentionInDays": 0}),
    (LOGS, {"retentionInDays": 3653}, {}),
    (QUEUE, {"messageRetentionSeconds": 60}, {}),
    (SECRET_TYPE, {"recoveryWindowInDays": 0}, {"recoveryWindowInDays": 30}),
    (KEY, {"isEnabled": False}, {}),
    (KEY, {"enableKeyRotation": True}, {"enableKeyRotation": False}),
    (KEY, {"deletionWindowInDays": 7}, {}),
    (TRAIL, {"enableLogging": False}, {}),
    (OBJECT_LOCK, lock(mode="GOVERNANCE", days=1), lock(mode="COMPLIANCE", days=30)),
    (REPLICATION, copies("a"), copies("b", "a")),
    (RDS, {"backupRetentionPeriod": 1}, {"backupRetentionPeriod": 7}),
    (PLAN, plan(days=1), plan(days=None)),
    (BUCKET, {"forceDestroy": True}, {}),
    ("aws:unheard/of:Of", {"dataRetentionInDays": 1}, {"dataRetentionInDays": 30}),
]


@pytest.mark.parametrize(("type", "before", "after"), KEPT)
def test_update_in_place_that_keeps_the_data_is_not_reported(type: str, before: Inputs, after: Inputs) -> None:
    assert found(type, before, after) == []


@pytest.mark.parametrize("mask", ["[secret]", {KIND: SECRET, "ciphertext": ""}])
def test_changed_secret_value_is_reported(mask: Any) -> None:
    masked = ttl(mask)
    assert len(found(TABLE, masked, masked, "ttl.attributeName")) == 1
    assert found(TABLE, masked, masked, "tags.owner") == []


def test_report_contains_no_secret() -> None:
    assert "hidden-name" not in json.dumps(found(TABLE, ttl("expires_at"), ttl(Secret("hidden-name"))))


def test_disabled_point_in_time_recovery_requires_a_backup() -> None:
    (loss,) = data_losses_in([step(TABLE, "update", recovery(), {})])
    assert loss.needs_backup


def test_new_resource_is_not_reported() -> None:
    for type, _, after in LOSING:
        if not facts_of(type).setting_of:
            assert [str(each) for each in data_losses_in([step(type, "create", after=after)])] == []
