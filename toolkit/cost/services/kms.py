"""The charges of keys."""

from toolkit.cost.demand import Demand, Demands, Gap, Quantity, unbounded
from toolkit.cost.traffic import Traffic
from toolkit.resource_types.kms import KEY, REPLICA_KEY
from toolkit.stacks.inputs import Inputs

_ROTATIONS = 2
"""Rotations that cost as much as another key each; later ones cost nothing: https://aws.amazon.com/kms/pricing/
(read 2026-09-20)
"""


def meter_key(key: Inputs, traffic: Traffic) -> Demands:
    """Meter a key in its first year; in the worst month the first two rotations cost as much as a key each."""
    if key.text("customerMasterKeySpec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT":
        yield Gap(key, "only requests of symmetric keys are on the price list")
    keys = 1 + _ROTATIONS if key.flag("enableKeyRotation") else 1
    most = Quantity(keys, f"1 key and {_ROTATIONS} rotations" if keys > 1 else "1 key")
    yield Demand(key, "kms-keys", Quantity(1, "1 key"), most)
    requests = traffic.usage.kms_requests
    yield unbounded(key, "kms-requests", requests, f"{requests:,} requests of AWS's services")


SERVICES = {KEY: meter_key, REPLICA_KEY: meter_key}
