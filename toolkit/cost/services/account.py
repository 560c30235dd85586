"""What an account's trail and the actions of its budgets ask for."""

from toolkit.cost.demand import Demand, Demands, Gap, Quantity, among, unbounded
from toolkit.cost.traffic import HOURS, LONGEST_HOURS, Traffic
from toolkit.resource_types.budgets import BUDGET_ACTION
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.stacks.facts import Facts

_FILES_AN_HOUR = 12
"""CloudTrail writes what it recorded about every 5 minutes:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html (read 2026-11-30)
"""
_BUSY_REGIONS = 2
"""The region of the stack, and us-east-1, where AWS's global services record their calls."""
_REGIONS = 17
"""Those that are on by default; each has a digest every hour, also where nothing was recorded:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html (read 2026-11-30)
"""


def ask_budget_action(action: Facts, traffic: Traffic) -> Demands:
    """A budget with actions, by the day; its actions share it."""
    same = [one for one in traffic.graph.of(BUDGET_ACTION) if _budget(one) == _budget(action)]
    how = f"1 budget with actions each day{among(len(same), 'actions')}"
    month, longest = (Quantity(hours / 24 / len(same), how) for hours in (HOURS, LONGEST_HOURS))
    yield Demand(action, "budget-actions", month, longest)


def _budget(action: Facts) -> tuple[str, ...]:
    return action.depends_on("budgetName") or (action.text("budgetName"),)


def ask_trail(trail: Facts, traffic: Traffic) -> Demands:
    """The files that it writes; the first copy of management events is free, any other is not."""
    if any(trail.has(selectors) for selectors in ("eventSelectors", "advancedEventSelectors", "insightSelectors")):
        yield Gap(trail, "the profile says nothing of events beyond those of management")
    events = traffic.usage.management_events
    files = min(HOURS * _FILES_AN_HOUR * (_BUSY_REGIONS if trail.flag("isMultiRegionTrail") else 1), events)
    digests = (
        HOURS * (_REGIONS if trail.flag("isMultiRegionTrail") else 1) if trail.flag("enableLogFileValidation") else 0
    )
    yield unbounded(trail, "s3-writes", files + digests, f"{files:,.0f} files + {digests:,.0f} digests")
    if trail.urn != traffic.graph.of(TRAIL)[0].urn:
        yield unbounded(trail, "trail-events", events, f"{events:,} events, recorded by another trail too")


SERVICES = {BUDGET_ACTION: ask_budget_action, TRAIL: ask_trail}
