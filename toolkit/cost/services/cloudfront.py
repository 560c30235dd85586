"""The charges of distributions."""

from toolkit.cost.demand import Demands, Gap, unbounded
from toolkit.cost.traffic import KB_IN_GB, Traffic
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.stacks.inputs import Inputs


def meter_distribution(distribution: Inputs, traffic: Traffic) -> Demands:
    """Meter requests, which have no bound, and data out."""
    if any(origin.flag("originShield.enabled") for origin in distribution.parts("origins")):
        yield Gap(distribution, "Origin Shield charges for each request that passes it")
    requests, kb = traffic.usage.requests, traffic.usage.response_kb
    yield unbounded(distribution, "edge-requests", requests, f"{requests:,} requests")
    yield unbounded(distribution, "edge-data-out", requests * kb / KB_IN_GB, f"{requests:,} answers × {kb:g} KB")


SERVICES = {DISTRIBUTION: meter_distribution}
