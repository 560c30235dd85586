"""What the resources of a type hold, and the checks that apply to every type.

IAM cannot distinguish a first UpdateTimeToLive, PutLifecycleConfiguration, PutRetentionPolicy or PutKeyPolicy call
from a later one. So no Deny statement of a deploy role covers these calls, and the records have to be complete.
A test checks that each type of the programs has one.

Three changes are not reported, because they lose nothing. A KMS key that is rotated keeps its old key material. An
object in another storage class can be restored. A pool without a second factor keeps the registered ones.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.resource_types.data_loss.checks import Check, Loss, not_shorter, stays, stays_off
from toolkit.resource_types.data_loss.policies import leaves_access
from toolkit.resource_types.data_loss.values import Values

PROTECTION = "the protection against accidental deletion"
OLD_KEY = "the data that only the old key decrypts, once that key is deleted"
_TIMES = re.compile("retention|recoverywindow", re.IGNORECASE)


@dataclass(frozen=True)
class StoredData:
    """The data of a resource type, and the changes that lose it."""

    lost: str = ""
    """The data that is lost with a resource of the type; empty where it has none."""
    missed: str = ""
    """A further loss that a reviewer should know, but does not have to accept."""
    setting_of: str = ""
    """The input that names the resource which this one is a setting of: created and deleted, it changes that one."""
    checks: tuple[Check, ...] = ()


CHECKS_OF_EVERY_TYPE: tuple[Check, ...] = (
    *(
        stays(name, on=(True, "ACTIVE"), what=f"disables {name}", lost=PROTECTION)
        for name in ("deletionProtection", "deletionProtectionEnabled", "terminationProtectionEnabled")
    ),
    *(
        stays_off(name, what=f"may be deleted with all that is in it ({name})", lost=PROTECTION)
        for name in ("forceDestroy", "forceDelete", "forceDestroyBackup")
    ),
    *(
        stays_off(name, what=f"would be deleted without a last backup ({name})", lost=PROTECTION)
        for name in ("skipFinalSnapshot", "skipFinalBackup")
    ),
    stays_off(
        "bypassPolicyLockoutSafetyCheck",
        what="lets a policy lock every principal out (bypassPolicyLockoutSafetyCheck)",
        lost=PROTECTION,
    ),
    stays("skipDestroy", what="would no longer be kept when it leaves the state (skipDestroy)", lost=PROTECTION),
    stays("finalSnapshot", what="would be deleted without a last backup (finalSnapshot)", lost=PROTECTION),
)
"""The checks that apply to every resource."""


def policy_of(service: str, setting_of: str) -> StoredData:
    """Return what is lost by a type that is the policy of another resource."""
    return StoredData(setting_of=setting_of, checks=(leaves_access("policy", service=service),))


def keeps_retention_times(values: Values) -> Iterator[Loss]:
    """Report each decreasing number with a name of a retention time, for a type without a record."""
    for name in sorted(values.before.keys() | values.after.keys()):
        if _TIMES.search(name):
            yield from not_shorter(name, default=math.inf, unit="", lost="what is older than that")(values)


OTHERS = StoredData(checks=(keeps_retention_times,))
"""For a type of which nothing is known."""
