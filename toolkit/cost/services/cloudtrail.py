"""The charges of trails."""

from toolkit.cost.demand import Demands, Gap, unbounded
from toolkit.cost.traffic import HOURS, Traffic
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.stacks.inputs import Inputs

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


def meter_trail(trail: Inputs, traffic: Traffic) -> Demands:
    """Meter the files that the trail writes; only the first copy of management events is free."""
    if any(trail.has(selectors) for selectors in ("eventSelectors", "advancedEventSelectors", "insightSelectors")):
        yield Gap(trail, "the profile has no events besides management events")
    events = traffic.usage.management_events
    files = min(HOURS * _FILES_AN_HOUR * (_BUSY_REGIONS if trail.flag("isMultiRegionTrail") else 1), events)
    digests = (
        HOURS * (_REGIONS if trail.flag("isMultiRegionTrail") else 1) if trail.flag("enableLogFileValidation") else 0
    )
    yield unbounded(trail, "s3-writes", files + digests, f"{files:,.0f} files + {digests:,.0f} digests")
    if trail.urn != traffic.graph.of(TRAIL)[0].urn:
        yield unbounded(trail, "trail-events", events, f"{events:,} events, recorded by another trail too")


SERVICES = {TRAIL: meter_trail}
