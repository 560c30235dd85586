"""Schedules of EventBridge Scheduler, and their groups."""

from datetime import UTC, datetime
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.resource_types import scheduler as types

DEFAULT_GROUP = "default"


class _Schedule(Entry):
    def create(self, aws: Aws, wanted: Properties) -> str:
        return super().create(aws, {"groupName": DEFAULT_GROUP, **wanted})

    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        return {name: _utc(found[name]) for name in ("startDate", "endDate") if name in found}


def _utc(time: str) -> str:
    return datetime.fromisoformat(time).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


ENTRIES = (
    _Schedule(
        type=types.SCHEDULE,
        service="scheduler",
        noun="schedule",
        id="{groupName}/{name}",
        names={"EventBridgeParameters": "eventbridgeParameters"},
        inputs=frozenset({"name", "namePrefix", "groupName", "description", "state", "kmsKeyArn"})
        | {"scheduleExpression", "scheduleExpressionTimezone", "startDate", "endDate", "actionAfterCompletion"}
        | {"flexibleTimeWindow", "target"},
        required=frozenset({"flexibleTimeWindow", "scheduleExpression", "target"}),
        outputs=frozenset({"arn"}),
        update_defaults={"state": "ENABLED", "scheduleExpressionTimezone": "UTC"},
    ),
    Entry(
        type=types.SCHEDULE_GROUP,
        service="scheduler",
        noun="schedule_group",
        update_call=None,
        inputs=frozenset({"name", "namePrefix", "tags"}),
        outputs=frozenset({"arn", "creationDate", "lastModificationDate", "state"}),
    ),
)
