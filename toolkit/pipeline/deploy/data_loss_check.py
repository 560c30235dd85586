"""Refuse an update that could lose data, unless the loss is accepted by URN and AWS has a backup."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.engine.events import UpdateStep
from toolkit.pipeline.aws_client import aws_client
from toolkit.pipeline.deploy.data_loss import DataLoss, data_losses_in
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.s3 import BUCKET, BUCKET_LIFECYCLE, BUCKET_VERSIONING
from toolkit.stacks.errors import RefusedError

NOT_FOUND_CODES = {"ResourceNotFoundException", "TableNotFoundException", "NoSuchBucket"}


def refuse_data_loss(steps: Iterable[UpdateStep], region: str, allowed: Collection[str]) -> None:
    """Raise RefusedError for a data loss that is not accepted, or of which no backup exists."""
    steps = tuple(steps)
    data_losses = list(_without_first_rules(data_losses_in(steps), steps, region))
    if blocked := [loss for loss in data_losses if loss.urn not in allowed]:
        agree = " ".join(f"--allow-data-loss '{urn}'" for urn in dict.fromkeys(loss.urn for loss in blocked))
        raise RefusedError(
            f"The update could lose data: {'; '.join(map(str, blocked))}. If that is intended, make sure that "
            f"there is a backup, then accept it with {agree}"
        )
    if missing := [why for loss in data_losses if (why := missing_restore_point(loss, region))]:
        raise RefusedError(f"There is no backup of the accepted data loss: {'; '.join(dict.fromkeys(missing))}")


def _without_first_rules(found: Iterable[DataLoss], steps: Iterable[UpdateStep], region: str) -> Iterator[DataLoss]:
    """Leave out the first lifecycle rules of an empty bucket.

    A first deployment that was cancelled can leave a bucket without its rules; the next one creates them.
    """
    created = {step.urn for step in steps if step.operation == "create"}
    for loss in found:
        if not (loss.type == BUCKET_LIFECYCLE and loss.urn in created and is_empty(loss.id, region)):
            yield loss


def missing_restore_point(loss: DataLoss, region: str) -> str | None:
    """Return why the data could not be restored; None where it could, where it is empty, or where AWS has no backups.

    A deleted secret and key wait out their window, and of a sign-in pool AWS keeps no copy: nothing is asked there.
    Raises RefusedError where AWS does not answer.
    """
    try:
        if loss.type == TABLE:
            return _missing_table_backup(loss, aws_client("dynamodb", region))
        if loss.type in {BUCKET, BUCKET_VERSIONING, BUCKET_LIFECYCLE}:
            return _missing_bucket_versions(loss.id, aws_client("s3", region))
    except ClientError as error:
        if error.response["Error"]["Code"] in NOT_FOUND_CODES:
            return None
        raise _unreadable_backups(loss, error) from None
    except BotoCoreError as error:
        raise _unreadable_backups(loss, error) from None
    return None


def is_empty(bucket: str, region: str) -> bool:
    """Return whether a bucket has no object, old versions included; False where AWS denies the answer."""
    try:
        listed = aws_client("s3", region).list_object_versions(Bucket=bucket, MaxKeys=1)
    except (BotoCoreError, ClientError):
        return False
    return not (listed.get("Versions") or listed.get("DeleteMarkers"))


def _missing_table_backup(loss: DataLoss, dynamodb: Any) -> str | None:
    table = loss.id
    described = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    continuous = described.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") == "ENABLED"
    if continuous and not loss.needs_backup:
        return None
    backups = dynamodb.list_backups(TableName=table)["BackupSummaries"]
    if any(backup["BackupStatus"] == "AVAILABLE" for backup in backups):
        return None
    return (
        f"table {table} has no backup"
        f"{'' if loss.needs_backup else ' and no point-in-time recovery'}: make one with "
        f"aws dynamodb create-backup --table-name {table} --backup-name before-the-change"
    )


def _missing_bucket_versions(bucket: str, s3: Any) -> str | None:
    if s3.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled":
        return None
    return f"bucket {bucket} keeps no versions: switch its versioning on, or copy it elsewhere and empty it first"


def _unreadable_backups(loss: DataLoss, error: Exception) -> RefusedError:
    return RefusedError(f"The backups of {loss.id} cannot be read: {error}")
