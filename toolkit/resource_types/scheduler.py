"""Resource types of EventBridge Scheduler."""

from toolkit.resource_types.record import FREE_REFERENCE, HOLDS_NOTHING, ResourceType

SCHEDULE = "aws:scheduler/schedule:Schedule"


TYPES = (
    ResourceType(
        SCHEDULE,
        data=HOLDS_NOTHING,
        free="14 million invocations a month are free",
        no_rule="only sets a schedule; its role and its target have rules",
    ),
    ResourceType(
        "aws:scheduler/scheduleGroup:ScheduleGroup",
        free=FREE_REFERENCE,
        no_rule="only names schedules",
    ),
)
