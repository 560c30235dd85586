"""The charges of hosted zones."""

from toolkit.cost.demand import Demands, fixed
from toolkit.cost.traffic import Traffic
from toolkit.resource_types.route53 import ZONE
from toolkit.stacks.inputs import Inputs


def meter_zone(zone: Inputs, _traffic: Traffic) -> Demands:
    """Meter a hosted zone."""
    yield fixed(zone, "dns-zones", 1, "1 zone")


SERVICES = {ZONE: meter_zone}
