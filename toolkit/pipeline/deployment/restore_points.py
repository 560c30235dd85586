"""Whether there is a way back from a danger: asked of AWS, because the state only knows what was wished for."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.pipeline.aws_client import aws_client
from toolkit.pipeline.deployment.dangers import Danger
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.s3 import BUCKET, BUCKET_LIFECYCLE, BUCKET_VERSIONING
from toolkit.stacks.errors import RefusedError

GONE = {"ResourceNotFoundException", "TableNotFoundException", "NoSuchBucket"}


def missing_restore_point(danger: Danger, region: str) -> str | None:
    """Why there is no way back from it; None where there is one, where nothing is left to lose, or where AWS has none.

    A deleted secret and key wait out their window, and of a sign-in pool AWS keeps no copy: nothing is asked there.
    Raises RefusedError where AWS does not answer.
    """
    try:
        if danger.type == TABLE:
            return _of_table(danger, aws_client("dynamodb", region))
        if danger.type in {BUCKET, BUCKET_VERSIONING, BUCKET_LIFECYCLE}:
            return _of_bucket(danger.id, aws_client("s3", region))
    except ClientError as error:
        if error.response["Error"]["Code"] in GONE:
            return None
        raise _unanswered(danger, error) from None
    except BotoCoreError as error:
        raise _unanswered(danger, error) from None
    return None


def _of_table(danger: Danger, dynamodb: Any) -> str | None:
    table = danger.id
    described = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    continuous = described.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") == "ENABLED"
    if continuous and not danger.needs_backup:
        return None
    backups = dynamodb.list_backups(TableName=table)["BackupSummaries"]
    if any(backup["BackupStatus"] == "AVAILABLE" for backup in backups):
        return None
    return (
        f"table {table} has no backup"
        f"{'' if danger.needs_backup else ' and no point-in-time recovery'}: make one with "
        f"aws dynamodb create-backup --table-name {table} --backup-name before-the-change"
    )


def _of_bucket(bucket: str, s3: Any) -> str | None:
    if s3.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled":
        return None
    return f"bucket {bucket} keeps no versions: switch its versioning on, or copy it elsewhere and empty it first"


def _unanswered(danger: Danger, error: Exception) -> RefusedError:
    return RefusedError(f"Whether there is a way back for {danger.id} cannot be told: {error}")
