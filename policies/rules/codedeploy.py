"""Rules on how a new version reaches callers."""

from toolkit.policy.rule import BLOCKS, BLOCKS_WHERE_KEPT, ResourceRule, Severity
from toolkit.policy.stack import Stack
from toolkit.resource_types.codedeploy import DEPLOYMENT_GROUP
from toolkit.stacks.facts import Facts

_GRADUAL = frozenset(
    f"CodeDeployDefault.Lambda{name}"
    for name in (
        *(f"Canary10Percent{minutes}Minutes" for minutes in (5, 10, 15, 30)),
        *("Linear10PercentEvery1Minute", "Linear10PercentEvery2Minutes", "Linear10PercentEvery3Minutes"),
        "Linear10PercentEvery10Minutes",
    )
)
"""https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html is AWS's list; the names were
read 2026-11-30 in aws-cdk-lib (aws-codedeploy) and in public notes of that page."""
_EVENTS = {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"}


def _goes_back(group: Facts, _stack: Stack) -> bool:
    configuration = group.part("autoRollbackConfiguration")
    return configuration.flag("enabled") and set(configuration.texts("events")) >= _EVENTS


def _is_gradual(name: str) -> bool:
    """A configuration of one's own counts; canary-alarms-in-time reads how long it takes."""
    return name in _GRADUAL or (bool(name) and not name.startswith("CodeDeployDefault."))


delivery_rolls_back = ResourceRule(
    name="delivery-rolls-back",
    says="A bad version goes back by itself.",
    severity=Severity.HIGH,
    levels=BLOCKS,
    types=(DEPLOYMENT_GROUP,),
    checks={
        "autoRollbackConfiguration is off or lacks DEPLOYMENT_FAILURE or DEPLOYMENT_STOP_ON_ALARM; set all": _goes_back
    },
)

delivery_watches_alarms = ResourceRule(
    name="delivery-watches-alarms",
    says="A deployment stops when an alarm speaks, and when it cannot hear the alarms.",
    severity=Severity.HIGH,
    levels=BLOCKS,
    types=(DEPLOYMENT_GROUP,),
    checks={
        "alarmConfiguration.enabled is not true; set it": lambda group, _: group.flag("alarmConfiguration.enabled"),
        "alarmConfiguration.alarms is empty; name the alarms of the function": lambda group, _: bool(
            group.texts("alarmConfiguration.alarms")
        ),
        "alarmConfiguration.ignorePollAlarmFailure is true; who cannot hear the alarms must not go on": (
            lambda group, _: not group.flag("alarmConfiguration.ignorePollAlarmFailure")
        ),
    },
)

delivery_gradual = ResourceRule(
    name="delivery-gradual",
    says="A few callers meet a new version before all do.",
    severity=Severity.MEDIUM,
    levels=BLOCKS_WHERE_KEPT,
    types=(DEPLOYMENT_GROUP,),
    checks={
        "deploymentConfigName shifts all calls at once, is absent or is none of AWS's; use a Canary or Linear one": (
            lambda group, _: _is_gradual(group.text("deploymentConfigName"))
        )
    },
)

RULES = (delivery_rolls_back, delivery_watches_alarms, delivery_gradual)
