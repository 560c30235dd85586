"""What keys and secrets ask for: each by the month, and what reads them."""

from policies.cost.demand import Demand, Demands, Quantity, fixed, unbounded
from policies.cost.traffic import Traffic
from policies.facts import Facts
from policies.rules.kms import KEY
from policies.rules.secrets_manager import SECRET


def ask_key(key: Facts, traffic: Traffic) -> Demands:
    """A key in its first year; each of its first two rotations adds a dollar a month."""
    yield fixed(key, "kms-keys", 1, "1 key")
    requests = traffic.usage.kms_requests
    yield unbounded(key, "kms-requests", requests, f"{requests:,} requests of AWS's services")


def ask_secret(secret: Facts, traffic: Traffic) -> Demands:
    """A secret, read by each instance of a function when it starts."""
    yield fixed(secret, "secrets", 1, "1 secret")
    load = traffic.at_functions(traffic.callers(secret, "environment"))
    share = traffic.usage.cold_start_share
    how = f"{load.expected:,.0f} calls × {share:g} starts"
    most = Quantity(load.most, f"({load.bound}), each of which starts an instance")
    yield Demand(secret, "secret-reads", Quantity(load.expected * share, how), most)


SERVICES = {KEY: ask_key, SECRET: ask_secret}
