"""The charges of buckets: storage, requests, and data that leaves AWS."""

from toolkit.cost.demand import Demands, Gap, among, unbounded
from toolkit.cost.traffic import KB_IN_GB, Traffic
from toolkit.resource_types.s3 import BUCKET, BUCKET_LIFECYCLE
from toolkit.stacks.inputs import Inputs


def meter_bucket(bucket: Inputs, traffic: Traffic) -> Demands:
    """Meter storage and requests; buckets share the profile's evenly."""
    usage, buckets = traffic.usage, traffic.share(bucket)
    shared = among(buckets, "buckets")
    read = usage.object_gets / buckets
    yield unbounded(bucket, "s3-storage", usage.objects_gb / buckets, f"{usage.objects_gb:g} GB{shared}")
    yield unbounded(bucket, "s3-writes", usage.object_puts / buckets, f"{usage.object_puts:,} PUT requests{shared}")
    yield unbounded(bucket, "s3-reads", read, f"{usage.object_gets:,} GET requests{shared}")
    how = f"{usage.object_gets:,} GET requests × {usage.object_kb:g} KB{shared}"
    yield unbounded(bucket, "data-out", read * usage.object_kb / KB_IN_GB, how)


def meter_lifecycle(lifecycle: Inputs, _traffic: Traffic) -> Demands:
    """Meter nothing for rules that delete objects and abort uploads."""
    moves = ("transitions", "noncurrentVersionTransitions")
    if any(rule.parts(kind) for rule in lifecycle.parts("rules") for kind in moves):
        yield Gap(lifecycle, "only the standard storage class is on the price list")


SERVICES = {BUCKET: meter_bucket, BUCKET_LIFECYCLE: meter_lifecycle}
