"""Resource types of Amazon Data Firehose."""

from toolkit.resource_types.data_loss.checks import not_shorter, stays, unchanged
from toolkit.resource_types.data_loss.stored_data import OLD_KEY, StoredData
from toolkit.resource_types.outputs.new_resource import id_is_arn
from toolkit.resource_types.record import ResourceType

DELIVERY_STREAM = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"

_KEY = unchanged("kmsKeyId", what="changes its encryption key", lost=OLD_KEY)


TYPES = (
    ResourceType(
        "aws:kinesis/stream:Stream",
        data=StoredData(
            "every record of the stream",
            checks=(
                not_shorter("retentionPeriod", default=24, unit="hours", lost="every record that is older"),
                stays("encryptionType", on=("KMS",), what="disables its encryption", lost=OLD_KEY),
                _KEY,
            ),
        ),
        preview=id_is_arn("kinesis", "stream/"),
    ),
    ResourceType(
        "aws:kinesis/videoStream:VideoStream",
        data=StoredData(
            "every fragment of the stream",
            checks=(not_shorter("dataRetentionInHours", default=0, unit="hours", lost="every fragment that is older"),),
        ),
    ),
)
