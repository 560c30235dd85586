"""Resource types of Amazon DynamoDB."""

from toolkit.resource_types.data_loss.checks import keeps, not_shorter, stays, unchanged
from toolkit.resource_types.data_loss.stored_data import GUARD, OLD_KEY, StoredData, policy_of
from toolkit.resource_types.data_loss.tables import no_new_time_to_live
from toolkit.resource_types.outputs.new_resource import id_is_name
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import FREE_PERMISSION, ResourceType

RESOURCE_POLICY = "aws:dynamodb/resourcePolicy:ResourcePolicy"
TABLE = "aws:dynamodb/table:Table"

_RECOVERABLE = "restores to any second of the last 35 days"

_RECOVERY = stays(
    *("pointInTimeRecovery", "enabled"),
    what="disables point-in-time recovery",
    lost=_RECOVERABLE,
    needs_backup=True,
)


TYPES = (
    ResourceType(
        "aws:dynamodb/globalTable:GlobalTable",
        data=StoredData(
            "every copy of every record",
            checks=(
                keeps("replicas", by=("regionName",), what="deletes its replica in", lost="that copy of every record"),
            ),
        ),
    ),
    ResourceType(RESOURCE_POLICY, data=policy_of("dynamodb", setting_of="resourceArn"), free=FREE_PERMISSION),
    ResourceType(
        TABLE,
        # Other `attributes` are an update, which AWS refuses without an index that uses them: dynamodb/table.go
        # (read 2026-11-30).
        replaced_by=(
            "hashKey",
            "importTable",
            "localSecondaryIndexes",
            "name",
            "rangeKey",
            "restoreDateTime",
            "restoreSourceName",
            "restoreSourceTableArn",
            "restoreToLatestTime",
        ),
        data=StoredData(
            "every record of the table",
            checks=(
                no_new_time_to_live,
                _RECOVERY,
                not_shorter(
                    *("pointInTimeRecovery", "recoveryPeriodInDays"),
                    default=35,
                    unit="days",
                    lost="restores to an earlier second",
                    where=("pointInTimeRecovery", "enabled"),
                ),
                unchanged("serverSideEncryption", "kmsKeyArn", what="changes its encryption key", lost=OLD_KEY),
                keeps("replicas", by=("regionName",), what="deletes its replica in", lost="that copy of every record"),
                *(
                    keeps("replicas", by=("regionName",), where=(name,), what=f"disables {name} in", lost=lost)
                    for name, lost in (("pointInTimeRecovery", _RECOVERABLE), ("deletionProtectionEnabled", GUARD))
                ),
                stays("streamEnabled", what="disables its stream", lost="the changes that no consumer has read yet"),
                unchanged(
                    "streamViewType",
                    what="changes its stream view type",
                    lost="the changes that no consumer has read yet",
                ),
            ),
        ),
        preview=id_is_name("dynamodb", "table/"),
        permissions=Permissions(
            service="dynamodb",
            on=("arn:aws:dynamodb:{region}:{account}:table/{name}",),
            create="CreateTable TagResource",
            update="UpdateTable UpdateTimeToLive UpdateContinuousBackups UntagResource",
            delete="DeleteTable",
            read="DescribeTable DescribeContinuousBackups DescribeTimeToLive ListTagsOfResource",
            read_anywhere="ListBackups",  # whether a backup exists before a change that loses data
        ),
    ),
    ResourceType(
        "aws:dynamodb/tableItem:TableItem",
        data=StoredData("the record"),
        free="storage is priced at the table",
    ),
    ResourceType(
        "aws:dynamodb/tableReplica:TableReplica", data=StoredData("that copy of every record", checks=(_RECOVERY,))
    ),
)
