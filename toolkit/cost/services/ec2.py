"""The charges of NAT gateways."""

from toolkit.cost.demand import Demand, Demands, Gap, Quantity
from toolkit.cost.traffic import HOURS, LONGEST_HOURS, Traffic
from toolkit.resource_types.ec2 import NAT_GATEWAY
from toolkit.stacks.facts import Facts


def meter_nat_gateway(gateway: Facts, _traffic: Traffic) -> Demands:
    """Each hour that the gateway exists; the data that passes it is in no profile."""
    month, longest = (Quantity(hours, f"1 gateway × {hours} h") for hours in (HOURS, LONGEST_HOURS))
    yield Demand(gateway, "nat-gateways", month, longest)
    yield Gap(gateway, "each gigabyte that passes it costs too")


SERVICES = {NAT_GATEWAY: meter_nat_gateway}
