"""The charges of NAT gateways."""

from toolkit.cost.demand import Demand, Demands, Gap, Quantity
from toolkit.cost.traffic import HOURS, LONGEST_HOURS, Traffic
from toolkit.resource_types.ec2 import NAT_GATEWAY
from toolkit.stacks.inputs import Inputs


def meter_nat_gateway(gateway: Inputs, _traffic: Traffic) -> Demands:
    """Meter the hours of the gateway; the profile has no data that passes it."""
    month, longest = (Quantity(hours, f"1 gateway × {hours} h") for hours in (HOURS, LONGEST_HOURS))
    yield Demand(gateway, "nat-gateways", month, longest)
    yield Gap(gateway, "each gigabyte that passes it costs too")


SERVICES = {NAT_GATEWAY: meter_nat_gateway}
