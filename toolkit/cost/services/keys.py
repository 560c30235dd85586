"""What keys and secrets ask for: each by the month, and what reads them."""

from toolkit.cost.demand import Demand, Demands, Gap, Quantity, fixed, in_region, unbounded
from toolkit.cost.traffic import Traffic
from toolkit.resource_types.kms import KEY, REPLICA_KEY
from toolkit.resource_types.secretsmanager import SECRET
from toolkit.stacks.facts import Facts

_ROTATIONS = 2
"""Rotations that cost as much as another key each; later ones cost nothing: https://aws.amazon.com/kms/pricing/
(read 2026-09-20)
"""


def ask_key(key: Facts, traffic: Traffic) -> Demands:
    """A key in its first year; at worst its first two rotations cost as much as a key each."""
    if key.text("customerMasterKeySpec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT":
        yield Gap(key, "only requests of symmetric keys are on the price list")
    keys = 1 + _ROTATIONS if key.flag("enableKeyRotation") else 1
    most = Quantity(keys, f"1 key and {_ROTATIONS} rotations" if keys > 1 else "1 key")
    yield Demand(key, "kms-keys", Quantity(1, "1 key"), most)
    requests = traffic.usage.kms_requests
    yield unbounded(key, "kms-requests", requests, f"{requests:,} requests of AWS's services")


def ask_secret(secret: Facts, traffic: Traffic) -> Demands:
    """A secret, read by each instance of a function when it starts; each replica costs like a secret."""
    yield fixed(secret, "secrets", 1, "1 secret")
    for replica in secret.parts("replicas"):
        region = replica.text("region")
        yield fixed(in_region(secret, region), "secrets", 1, f"1 replica in {region}")
    load = traffic.at_functions(traffic.callers(secret, "environment"))
    share = traffic.usage.cold_start_share
    how = f"{load.expected:,.0f} calls × {share:g} starts"
    most = Quantity(load.most, f"({load.bound}), each of which starts an instance")
    yield Demand(secret, "secret-reads", Quantity(load.expected * share, how), most)


SERVICES = {KEY: ask_key, REPLICA_KEY: ask_key, SECRET: ask_secret}
