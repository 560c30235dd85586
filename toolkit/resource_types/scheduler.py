"""Resource types of EventBridge Scheduler."""

SCHEDULE = "aws:scheduler/schedule:Schedule"
