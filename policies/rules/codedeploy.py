"""Rules on how a new version reaches callers."""

from policies.facts import Facts
from policies.rule import BLOCKS, BLOCKS_WHERE_KEPT, ResourceRule, Severity
from policies.stack import Stack

DEPLOYMENT_GROUP = "aws:codedeploy/deploymentGroup:DeploymentGroup"
_EVENTS = {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"}


def _goes_back(group: Facts, _stack: Stack) -> bool:
    configuration = group.part("autoRollbackConfiguration")
    return configuration.flag("enabled") and set(configuration.texts("events")) >= _EVENTS


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
        "deploymentConfigName shifts all calls at once or is absent; use a Canary or Linear one": lambda group, _: any(
            word in group.text("deploymentConfigName") for word in ("Canary", "Linear")
        )
    },
)

RULES = (delivery_rolls_back, delivery_watches_alarms, delivery_gradual)
