"""Rules on schedules of EventBridge Scheduler."""

from toolkit.policy.iam.documents import Statement
from toolkit.policy.iam.evaluation import Call, permits
from toolkit.policy.iam.role_policies import policies_of
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.iam import ROLE
from toolkit.resource_types.schedule_expression import is_valid
from toolkit.resource_types.scheduler import SCHEDULE
from toolkit.resource_types.sqs import QUEUE
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import comes_from_elsewhere, is_of_this_place, known_text, named_by

_LONGEST_WINDOW_MINUTES = 1_440
_MOST_RETRIES = 185
_SHORTEST_AGE, _LONGEST_AGE = 60, 86_400
"""https://docs.aws.amazon.com/scheduler/latest/APIReference/API_FlexibleTimeWindow.html and API_RetryPolicy.html, read
2026-11-30 in botocore's model."""
_STARTS = "lambda:InvokeFunction"


def _window_is_valid(schedule: Inputs, _stack: Stack) -> bool:
    mode, minutes = schedule.text("flexibleTimeWindow.mode"), "flexibleTimeWindow.maximumWindowInMinutes"
    if mode == "FLEXIBLE":
        return 1 <= schedule.number(minutes, 0) <= _LONGEST_WINDOW_MINUTES
    return mode == "OFF" and not schedule.has(minutes)


def _retries_are_limited(schedule: Inputs, _stack: Stack) -> bool:
    retries = schedule.number("target.retryPolicy.maximumRetryAttempts", -1)
    age = schedule.number("target.retryPolicy.maximumEventAgeInSeconds", -1)
    return 0 <= retries <= _MOST_RETRIES and _SHORTEST_AGE <= age <= _LONGEST_AGE


def _target_is_own(schedule: Inputs, _stack: Stack) -> bool:
    arn = schedule.text("target.arn")
    return is_of_this_place(schedule, arn) or arn.startswith("arn:aws:scheduler:::aws-sdk:")


@for_each(SCHEDULE)
def _has_dead_letter_queue(schedule: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    path = "target.deadLetterConfig.arn"
    if not schedule.has(path):
        return False
    return bool(named_by(graph, schedule, path, QUEUE, "arn")) or comes_from_elsewhere(graph, schedule, path)


def _role(graph: StackInputs, schedule: Inputs) -> Inputs | None:
    """Return the schedule's role in this stack."""
    return next(iter(named_by(graph, schedule, "target.roleArn", ROLE, "arn")), None)


@for_each(SCHEDULE)
def _has_own_role(schedule: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    return _role(graph, schedule) is not None or comes_from_elsewhere(graph, schedule, "target")


@for_each(SCHEDULE)
def _role_may_invoke(schedule: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    role, queue = _role(graph, schedule), known_text(schedule, "target.deadLetterConfig.arn")
    if role is None or ":lambda:" not in schedule.text("target.arn"):
        return True
    found = policies_of(role, graph).statements
    may_send = queue is None or permits(found, Call("sqs:SendMessage", queue, is_partial=True))
    return may_send and permits(found, Call(_STARTS, schedule.text("target.arn"), is_partial=True))


def _role_invokes_nothing_else(graph: StackInputs, _stack: Stack) -> bool | Violations:
    targets: dict[str, set[str]] = {}
    roles: dict[str, Inputs] = {}
    for schedule in graph.of(SCHEDULE):
        role, arn = _role(graph, schedule), known_text(schedule, "target.arn")
        if role is not None and arn is not None:
            roles[role.urn] = role
            targets.setdefault(role.urn, set()).add(arn)

    def only_targets(statement: Statement, arns: set[str]) -> bool:
        starts = statement.allows and statement.matches(_STARTS)
        return not starts or set(statement.resources) <= arns

    return every(
        roles.values(),
        lambda role: all(only_targets(each, targets[role.urn]) for each in policies_of(role, graph).statements),
    )


schedule_accepted = ResourceRule(
    name="schedule-accepted",
    description="Schedules have an expression, a flexible time window and a retry policy that AWS accepts",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(SCHEDULE,),
    checks={
        "scheduleExpression is none of rate(…), cron(…) with six fields, and at(yyyy-mm-ddThh:mm:ss); correct it": (
            lambda schedule, _: is_valid(schedule.text("scheduleExpression"))
        ),
        f"flexibleTimeWindow.mode is not OFF, or FLEXIBLE with maximumWindowInMinutes of 1 to "
        f"{_LONGEST_WINDOW_MINUTES}; set it": _window_is_valid,
        f"target.retryPolicy is absent ({_MOST_RETRIES} retries in a day by default) or out of bounds; set "
        f"maximumRetryAttempts to 0 to {_MOST_RETRIES}, maximumEventAgeInSeconds to {_SHORTEST_AGE} to "
        f"{_LONGEST_AGE}": _retries_are_limited,
    },
)

schedule_target_own = ResourceRule(
    name="schedule-target-own",
    description="Schedules invoke targets of the same account and Region",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(SCHEDULE,),
    message="target.arn is of another account or Region; name a function of this stack",
    check=_target_is_own,
)

schedule_failures_kept = StackRule(
    name="schedule-failures-kept",
    description="Schedules have a dead-letter queue",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="target.deadLetterConfig.arn names no queue of this stack, so an invocation that fails is lost; set it to "
    "one",
    check=_has_dead_letter_queue,
)

schedule_least_privilege = StackRule(
    name="schedule-least-privilege",
    description="The role of a schedule may invoke its target, and nothing else",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    checks={
        "target.roleArn names no role of this stack; create a role for the schedule": _has_own_role,
        "the schedule fails: its role may not invoke the target, or not send to the dead-letter queue; allow "
        "lambda:InvokeFunction on target.arn, and sqs:SendMessage on the queue": _role_may_invoke,
        "the schedule's role may invoke functions that are no target of it; name target.arn": (
            _role_invokes_nothing_else
        ),
    },
)
