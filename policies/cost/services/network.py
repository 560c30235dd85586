"""What networks ask for."""

from policies.cost.demand import Demands, Gap, fixed
from policies.cost.traffic import HOURS, Traffic
from policies.facts import Facts
from policies.rules.ec2 import NAT_GATEWAY


def ask_nat_gateway(gateway: Facts, _traffic: Traffic) -> Demands:
    """Each hour that the gateway exists; the data that passes it is in no profile."""
    yield fixed(gateway, "nat-gateways", HOURS, f"1 gateway × {HOURS} h")
    yield Gap(gateway, "each gigabyte that passes it costs too")


SERVICES = {NAT_GATEWAY: ask_nat_gateway}
