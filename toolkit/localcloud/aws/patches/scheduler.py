"""Patches of moto's EventBridge Scheduler: the expression, the role and the group of a schedule.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from collections.abc import Callable
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.scheduler.exceptions import ScheduleGroupNotFound, ValidationException
from moto.scheduler.models import EventBridgeSchedulerBackend
from moto.scheduler.responses import EventBridgeSchedulerResponse

from toolkit.localcloud.aws.authorization.service_access import service_may_assume
from toolkit.localcloud.aws.patches import wrap
from toolkit.private_names import require_private_names
from toolkit.resource_types.schedule_expression import is_valid

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.scheduler.models:EventBridgeSchedulerBackend.create_schedule",
    "moto.scheduler.models:EventBridgeSchedulerBackend.create_schedule_group",
    "moto.scheduler.models:EventBridgeSchedulerBackend.delete_schedule_group",
    "moto.scheduler.models:EventBridgeSchedulerBackend.get_schedule",
    "moto.scheduler.models:EventBridgeSchedulerBackend.schedule_groups",
    "moto.scheduler.models:EventBridgeSchedulerBackend.update_schedule",
    "moto.scheduler.models:Schedule.action_after_completion",
    "moto.scheduler.responses:EventBridgeSchedulerResponse._get_param",
    "moto.scheduler.responses:EventBridgeSchedulerResponse.scheduler_backend",
    "moto.scheduler.responses:EventBridgeSchedulerResponse.update_schedule",
)
SERVICE = "scheduler.amazonaws.com"


def patch_scheduler() -> None:
    """Apply the patches of this module."""
    wrap(EventBridgeSchedulerBackend, "create_schedule", _checked)
    wrap(EventBridgeSchedulerBackend, "update_schedule", _checked)
    wrap(EventBridgeSchedulerBackend, "create_schedule_group", _create_group)
    wrap(EventBridgeSchedulerBackend, "delete_schedule_group", _delete_group)
    wrap(EventBridgeSchedulerResponse, "update_schedule", _update)


def _checked(change: Callable[..., Any], backend: Any, **settings: Any) -> Any:
    """Reject a schedule that Scheduler rejects."""
    expression, group = str(settings["schedule_expression"]), settings["group_name"] or "default"
    if not is_valid(expression):
        raise ValidationException(f"Invalid Schedule Expression {expression}.")
    if group not in backend.schedule_groups:
        raise ScheduleGroupNotFound(group)
    source = backend.schedule_groups[group].arn
    if not service_may_assume(SERVICE, str(settings["target"].get("RoleArn")), source, backend.account_id):
        raise ValidationException(
            "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
        )
    return change(backend, **settings)


def _update(update: Callable[[Any], str], handler: Any) -> str:
    """Update a schedule with the action after its completion, which moto leaves as it was."""
    answer = update(handler)
    name = handler.uri.split("?")[0].split("/")[-1]
    schedule = handler.scheduler_backend.get_schedule(handler._get_param("GroupName"), name)  # noqa: SLF001 - moto's
    schedule.action_after_completion = handler._get_param("ActionAfterCompletion")  # noqa: SLF001 - as above
    return answer


def _create_group(create: Callable[..., Any], backend: Any, name: str, tags: Any) -> Any:
    if name in backend.schedule_groups:
        raise JsonRESTError("ConflictException", f"Schedule group {name} already exists.")
    return create(backend, name, tags or [])


def _delete_group(delete: Callable[..., None], backend: Any, name: str) -> None:
    if name not in backend.schedule_groups:
        raise ScheduleGroupNotFound(name)
    delete(backend, name)
