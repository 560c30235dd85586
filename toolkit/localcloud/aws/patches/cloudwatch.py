"""Patches of moto's CloudWatch: an alarm starts at INSUFFICIENT_DATA, and an update keeps its state.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend

from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.cloudwatch.models:Alarm.__init__",
    "moto.cloudwatch.models:Alarm.history",
    "moto.cloudwatch.models:Alarm.state_reason",
    "moto.cloudwatch.models:Alarm.state_reason_data",
    "moto.cloudwatch.models:Alarm.state_updated_timestamp",
    "moto.cloudwatch.models:Alarm.state_value",
    "moto.cloudwatch.models:CloudWatchBackend.alarms",
    "moto.cloudwatch.models:CloudWatchBackend.put_metric_alarm",
)

_STATE = ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history")


def patch_cloudwatch() -> None:
    """Have alarms start and keep their state as in CloudWatch."""
    alarm: Any = Alarm
    backend: Any = CloudWatchBackend
    create, put = alarm.__init__, backend.put_metric_alarm

    def start(self: Any, *values: Any, **named: Any) -> None:
        create(self, *values, **named)
        self.state_value = "INSUFFICIENT_DATA"

    def put_metric_alarm(self: Any, name: str, *values: Any, **named: Any) -> Any:
        before = self.alarms.get(name)
        after = put(self, name, *values, **named)
        if before is not None:
            after.__dict__.update({part: getattr(before, part) for part in _STATE})
        return after

    alarm.__init__, backend.put_metric_alarm = start, put_metric_alarm
