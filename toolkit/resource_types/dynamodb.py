"""Resource types of Amazon DynamoDB."""

from collections.abc import Iterator

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.checks import Loss, keeps, not_shorter, stays, unchanged
from toolkit.resource_types.data_loss.stored_data import OLD_KEY, PROTECTION, StoredData, policy_of
from toolkit.resource_types.data_loss.values import Values, is_known
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, id_is_name
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


def _no_new_time_to_live(values: Values) -> Iterator[Loss]:
    """Report time to live that is enabled, or that reads another attribute.

    DynamoDB deletes each record whose attribute holds a past time in seconds, within days:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
    """
    was_on, is_on = values.pair("ttl", "enabled")
    was, now = values.pair("ttl", "attributeName")
    if not is_on or (was_on, was) == (is_on, now):
        return
    name = f"attribute {now}" if is_known(now) else "an attribute that the preview does not know"
    yield Loss(
        f"starts to delete records by the time in {name}",
        "every record with a past time in that attribute, existing records included",
    )


def _table(new: NewResource) -> PreviewOutputs:
    """Return the outputs of a table; the label of its stream is the time at which the stream was enabled."""
    named = id_is_name("dynamodb", "table/")(new)
    if new.inputs.get("streamEnabled"):
        label = "2026-01-01T00:00:00.000"
        named.outputs.update(streamLabel=label, streamArn=f"{named.outputs['arn']}/stream/{label}")
    return named


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
        name=NameForm(255, pattern=r"[\w.-]{3,}", accepted="3 to 255 letters, digits and _.-"),
        # Other `attributes` are an update, which AWS refuses without an index that uses them, and so are other
        # `globalSecondaryIndexes` and streams: dynamodb/table.go (read 2026-11-30).
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
                _no_new_time_to_live,
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
                    for name, lost in (
                        ("pointInTimeRecovery", _RECOVERABLE),
                        ("deletionProtectionEnabled", PROTECTION),
                    )
                ),
                stays("streamEnabled", what="disables its stream", lost="the changes that no consumer has read yet"),
                unchanged(
                    "streamViewType",
                    what="changes its stream view type",
                    lost="the changes that no consumer has read yet",
                ),
            ),
        ),
        preview=_table,
        permissions=Permissions(
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
