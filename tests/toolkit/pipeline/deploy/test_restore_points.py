"""A loss that was agreed to still needs a backup in AWS."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import boto3
import pytest
from moto import mock_aws

from toolkit.engine.events import UpdateStep
from toolkit.pipeline.deploy.data_loss import DataLoss
from toolkit.pipeline.deploy.data_loss_check import missing_restore_point, refuse_data_loss
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.s3 import BUCKET, BUCKET_LIFECYCLE
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.marks import UNKNOWN_TEXT

REGION: Final = "eu-central-1"


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield


@pytest.fixture
def dynamodb() -> Any:
    client = boto3.client("dynamodb", region_name=REGION)
    client.create_table(
        TableName="items",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "owner", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "owner", "KeyType": "HASH"}],
    )
    return client


def loss(type: str, id: str, *, needs_backup: bool = False) -> DataLoss:
    return DataLoss(f"urn::{id}", type, id, "is deleted", "everything", needs_backup)


def recover(dynamodb: Any) -> None:
    dynamodb.update_continuous_backups(
        TableName="items", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )


def test_table_without_backups_has_no_restore_point(dynamodb: Any) -> None:
    said = missing_restore_point(loss(TABLE, "items"), REGION)
    assert said is not None
    assert "aws dynamodb create-backup --table-name items" in said


def test_table_with_point_in_time_recovery_has_a_restore_point(dynamodb: Any) -> None:
    recover(dynamodb)
    assert missing_restore_point(loss(TABLE, "items"), REGION) is None


def test_table_with_a_backup_has_a_restore_point(dynamodb: Any) -> None:
    dynamodb.create_backup(TableName="items", BackupName="before")
    assert missing_restore_point(loss(TABLE, "items"), REGION) is None


def test_end_of_point_in_time_recovery_requires_a_backup(dynamodb: Any) -> None:
    recover(dynamodb)
    ending = loss(TABLE, "items", needs_backup=True)
    assert missing_restore_point(ending, REGION) is not None
    dynamodb.create_backup(TableName="items", BackupName="before")
    assert missing_restore_point(ending, REGION) is None


def test_only_a_bucket_with_versioning_has_a_restore_point() -> None:
    s3 = boto3.client("s3", region_name=REGION)
    s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": REGION})
    assert missing_restore_point(loss(BUCKET, "files"), REGION) is not None
    s3.put_bucket_versioning(Bucket="files", VersioningConfiguration={"Status": "Enabled"})
    assert missing_restore_point(loss(BUCKET, "files"), REGION) is None


@pytest.mark.parametrize("type", [TABLE, BUCKET, "aws:cognito/userPool:UserPool"])
def test_deleted_resource_requires_no_restore_point(type: str) -> None:
    assert missing_restore_point(loss(type, "nothing"), REGION) is None


DELETED = UpdateStep("urn::items", TABLE, "items", "delete", (), (), {"id": "items"}, {})


def test_data_loss_is_refused_with_the_lost_data_and_the_option_that_accepts_it(dynamodb: Any) -> None:
    with pytest.raises(RefusedError, match=r"items is deleted; lost would be .* --allow-data-loss 'urn::items'"):
        refuse_data_loss([DELETED], "eu-central-1", ())


def test_accepted_data_loss_without_a_restore_point_is_refused(dynamodb: Any) -> None:
    with pytest.raises(RefusedError, match="no backup of the accepted data loss"):
        refuse_data_loss([DELETED], "eu-central-1", ["urn::items"])


def test_accepted_data_loss_with_a_restore_point_is_allowed(dynamodb: Any) -> None:
    recover(dynamodb)
    refuse_data_loss([DELETED], "eu-central-1", ["urn::items"])


def test_accepted_data_loss_allows_no_other(dynamodb: Any) -> None:
    other = UpdateStep("urn::other", TABLE, "other", "delete", (), (), {"id": "other"}, {})
    with pytest.raises(RefusedError) as refused:
        refuse_data_loss([DELETED, other], "eu-central-1", ["urn::items"])
    assert "other is deleted" in str(refused.value)
    assert "items is deleted" not in str(refused.value)


def test_accepted_urn_without_a_data_loss_has_no_effect() -> None:
    refuse_data_loss([], "eu-central-1", ["urn::nothing"])


FIRST_RULES = UpdateStep(
    *("urn::rules", BUCKET_LIFECYCLE, "rules", "create", (), ()),
    {},
    {"inputs": {"bucket": "files", "rules": [{"id": "all", "status": "Enabled", "expiration": {"days": 1}}]}},
)
OTHER_RULES = replace(FIRST_RULES, operation="update", before={"id": "files", "inputs": {"bucket": "files"}})


@pytest.fixture
def files() -> Any:
    """The client of S3, and in it a bucket that keeps versions."""
    s3 = boto3.client("s3", region_name=REGION)
    s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="files", VersioningConfiguration={"Status": "Enabled"})
    return s3


def test_first_rules_of_an_empty_bucket_are_allowed(files: Any) -> None:
    refuse_data_loss([FIRST_RULES], "eu-central-1", ())


def test_other_rules_of_an_empty_bucket_are_refused(files: Any) -> None:
    with pytest.raises(RefusedError, match="rules deletes current objects after 1 days"):
        refuse_data_loss([OTHER_RULES], "eu-central-1", ())


def test_first_rules_of_a_bucket_with_an_object_are_refused(files: Any) -> None:
    files.put_object(Bucket="files", Key="plan.txt", Body=b"plan")
    with pytest.raises(RefusedError, match="rules deletes current objects after 1 days"):
        refuse_data_loss([FIRST_RULES], "eu-central-1", ())


def test_first_rules_of_a_bucket_with_an_old_version_are_refused(files: Any) -> None:
    files.put_object(Bucket="files", Key="plan.txt", Body=b"plan")
    files.delete_object(Bucket="files", Key="plan.txt")
    with pytest.raises(RefusedError, match="rules deletes current objects after 1 days"):
        refuse_data_loss([FIRST_RULES], "eu-central-1", ())


@pytest.mark.parametrize("bucket", ["nothing", "", UNKNOWN_TEXT])
def test_first_rules_are_refused_where_aws_does_not_list_the_bucket(bucket: str) -> None:
    rules = replace(FIRST_RULES, after={"inputs": {**FIRST_RULES.after["inputs"], "bucket": bucket}})
    with pytest.raises(RefusedError, match="rules deletes current objects after 1 days"):
        refuse_data_loss([rules], "eu-central-1", ())
