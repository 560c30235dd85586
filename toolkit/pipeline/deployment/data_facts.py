"""What is known of the data of one resource type, and what every type is looked at for."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.pipeline.deployment.data_checks import Check, Loss, not_shorter, stays, stays_off
from toolkit.pipeline.deployment.policy_lockouts import leaves_access
from toolkit.pipeline.deployment.step_values import Values

GUARD = "what keeps a later mistake from losing the data"
OLD_KEY = "what only the old key reads, once that is gone"
_TIMES = re.compile("retention|recoverywindow", re.IGNORECASE)


@dataclass(frozen=True)
class DataFacts:
    """What is known of one resource type."""

    lost: str = ""
    """What is lost with a resource of the type; empty where it holds no data."""
    missed: str = ""
    """What is lost with it that no reviewer has to accept, but should know."""
    setting_of: str = ""
    """The input that names the resource which this one is a setting of: created and deleted, it changes that one."""
    checks: tuple[Check, ...] = ()


ON_ANY: tuple[Check, ...] = (
    *(
        stays(name, on=(True, "ACTIVE"), what=f"gives up {name}", lost=GUARD)
        for name in ("deletionProtection", "deletionProtectionEnabled", "terminationProtectionEnabled")
    ),
    *(
        stays_off(name, what=f"may be deleted with all that is in it ({name})", lost=GUARD)
        for name in ("forceDestroy", "forceDelete", "forceDestroyBackup")
    ),
    *(
        stays_off(name, what=f"would be deleted without a last backup ({name})", lost=GUARD)
        for name in ("skipFinalSnapshot", "skipFinalBackup")
    ),
    stays_off(
        "bypassPolicyLockoutSafetyCheck",
        what="lets a policy lock everybody out (bypassPolicyLockoutSafetyCheck)",
        lost=GUARD,
    ),
    stays("skipDestroy", what="would no longer be kept when it leaves the state (skipDestroy)", lost=GUARD),
    stays("finalSnapshot", what="would be deleted without a last backup (finalSnapshot)", lost=GUARD),
)
"""What every resource is looked at for, whatever its type."""


def policy_of(service: str, setting_of: str) -> DataFacts:
    """Return the facts of a type that is the policy of another resource."""
    return DataFacts(setting_of=setting_of, checks=(leaves_access("policy", service=service),))


def keeps_its_times(values: Values) -> Iterator[Loss]:
    """Report each number that becomes less and is called a retention, for a type that has no record."""
    for name in sorted(values.before.keys() | values.after.keys()):
        if _TIMES.search(name):
            yield from not_shorter(name, default=math.inf, unit="", lost="what is older than that")(values)


OTHERS = DataFacts(checks=(keeps_its_times,))
"""For a type without a record."""
