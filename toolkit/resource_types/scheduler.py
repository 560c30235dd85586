"""Resource types of Amazon EventBridge Scheduler."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.checks import stays_set
from toolkit.resource_types.data_loss.stored_data import StoredData
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, id_is_name
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import FREE_REFERENCE, HOLDS_NOTHING, ResourceType

SCHEDULE = "aws:scheduler/schedule:Schedule"
SCHEDULE_GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup"

_NAMES = NameForm(64, pattern=r"[\w.-]+", accepted="letters, digits and _.-")


def _schedule(new: NewResource) -> PreviewOutputs:
    name, group = new.named(), str(new.inputs.get("groupName") or "default")
    outputs = {"name": name, "groupName": group, "arn": new.arn("scheduler", f"schedule/{group}/{name}")}
    return PreviewOutputs(f"{group}/{name}", outputs)


TYPES = (
    ResourceType(
        SCHEDULE,
        name=_NAMES,
        replaced_by=("groupName", "name", "namePrefix"),
        data=StoredData(
            checks=(
                stays_set(
                    *("target", "deadLetterConfig"),
                    what="no longer sends failed events to its dead-letter queue",
                    lost="every event that fails",
                ),
            )
        ),
        preview=_schedule,
        permissions=Permissions(
            on=("arn:aws:scheduler:{region}:{account}:schedule/*/{name}",),
            create="CreateSchedule",
            update="UpdateSchedule",
            delete="DeleteSchedule",
            read="GetSchedule",
        ),
    ),
    ResourceType(
        SCHEDULE_GROUP,
        name=_NAMES,
        replaced_by=("name", "namePrefix"),
        data=HOLDS_NOTHING,
        preview=id_is_name("scheduler", "schedule-group/"),
        permissions=Permissions(
            on=("arn:aws:scheduler:{region}:{account}:schedule-group/{name}",),
            create="CreateScheduleGroup TagResource",
            update="UntagResource",
            delete="DeleteScheduleGroup",
            read="GetScheduleGroup ListTagsForResource",
        ),
        free=FREE_REFERENCE,
        no_rule="only names schedules",
    ),
)
