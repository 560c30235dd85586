"""The charges of secrets."""

from toolkit.cost.demand import Demand, Demands, Quantity, fixed, in_region
from toolkit.cost.traffic import Traffic
from toolkit.resource_types.secretsmanager import SECRET
from toolkit.stacks.inputs import Inputs


def meter_secret(secret: Inputs, traffic: Traffic) -> Demands:
    """Meter a secret, read at each start of an instance; each replica costs as much as a secret."""
    yield fixed(secret, "secrets", 1, "1 secret")
    for replica in secret.parts("replicas"):
        region = replica.text("region")
        yield fixed(in_region(secret, region), "secrets", 1, f"1 replica in {region}")
    load = traffic.at_functions(traffic.callers(secret, "environment"))
    share = traffic.usage.cold_start_share
    how = f"{load.expected:,.0f} calls × {share:g} starts"
    most = Quantity(load.most, f"({load.bound}), each of which starts an instance")
    yield Demand(secret, "secret-reads", Quantity(load.expected * share, how), most)


SERVICES = {SECRET: meter_secret}
