"""Resource types of EventBridge Scheduler."""

from toolkit.resource_types.record import HOLDS_NOTHING, ResourceType

SCHEDULE = "aws:scheduler/schedule:Schedule"


TYPES = (
    ResourceType(SCHEDULE, data=HOLDS_NOTHING, no_rule="only sets a schedule; its role and its target have rules"),
    ResourceType("aws:scheduler/scheduleGroup:ScheduleGroup", no_rule="only names schedules"),
)
