"""The state of CloudWatch alarms: INSUFFICIENT_DATA at first, and kept by an update.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend

_STATE = ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history")


def patch_alarm_states() -> None:
    """Have moto's alarms start and keep their state as CloudWatch's do."""
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
