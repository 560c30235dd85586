"""Resource types of AWS CloudTrail."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.checks import keeps, not_shorter, stays, unchanged
from toolkit.resource_types.data_loss.stored_data import StoredData
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs
from toolkit.resource_types.record import ResourceType

TRAIL = "aws:cloudtrail/trail:Trail"

_NOT_RECORDED = "that part of the record of later API calls"


def _trail(new: NewResource) -> PreviewOutputs:
    name = new.named()
    arn = new.arn("cloudtrail", f"trail/{name}")
    return PreviewOutputs(arn, {"name": name, "arn": arn, "homeRegion": new.region})


TYPES = (
    ResourceType(
        "aws:cloudtrail/eventDataStore:EventDataStore",
        data=StoredData(
            "every stored event",
            checks=(
                not_shorter("retentionPeriod", default=2555, unit="days", lost="every event that is older"),
                stays("suspend", on=(False, None), what="stops recording", lost="later events"),
            ),
        ),
    ),
    ResourceType(
        TRAIL,
        name=NameForm(128, pattern=r"[\w.-]{3,}", accepted="3 to 128 letters, digits and _.-"),
        replaced_by=("name",),
        data=StoredData(
            "the record of later API calls",
            checks=(
                *(
                    stays(name, on=on, what=f"disables {name}", lost=_NOT_RECORDED)
                    for name, on in (
                        ("enableLogging", (True, None)),
                        ("includeGlobalServiceEvents", (True, None)),
                        ("isMultiRegionTrail", (True,)),
                        ("enableLogFileValidation", (True,)),
                    )
                ),
                *(
                    unchanged(name, what="records other events", lost=_NOT_RECORDED)
                    for name in ("eventSelectors", "advancedEventSelectors")
                ),
                keeps("cloudWatchLogsGroupArn", by=(), what="no longer writes to", lost=_NOT_RECORDED),
            ),
        ),
        preview=_trail,
    ),
)
