"""Patches of moto's CloudWatch: an alarm starts at INSUFFICIENT_DATA, and an update keeps its state.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from collections.abc import Callable
from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend

from toolkit.localcloud.aws.patches import wrap
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
    wrap(Alarm, "__init__", _start)
    wrap(CloudWatchBackend, "put_metric_alarm", _put_metric_alarm)


def _start(create: Callable[..., None], alarm: Any, *values: Any, **named: Any) -> None:
    create(alarm, *values, **named)
    alarm.state_value = "INSUFFICIENT_DATA"


def _put_metric_alarm(put: Callable[..., Any], backend: Any, name: str, *values: Any, **named: Any) -> Any:
    before = backend.alarms.get(name)
    after = put(backend, name, *values, **named)
    if before is not None:
        after.__dict__.update({part: getattr(before, part) for part in _STATE})
    return after
