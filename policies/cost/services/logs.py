"""What log groups ask for: what is written to them, and for how long it is kept."""

from collections.abc import Iterator
from dataclasses import dataclass

from policies.cost.demand import Demand, Demands, Gap, Quantity
from policies.cost.traffic import BYTES_IN_GB, REST_STAGE, Load, Traffic
from policies.facts import Facts
from policies.rules.apigateway_stage import STAGE
from policies.rules.cloudtrail import TRAIL
from policies.rules.cloudwatch import LOG_GROUP

LOG_DESTINATION = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"
FIREWALL_LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
_DAYS = 30.4
_FOR_EVER_MONTHS = 12
_EVENT_BYTES = 2_000
"""The size of a recorded call; those of this project's own pipeline have 1 to 2 KB."""


@dataclass(frozen=True)
class _Written:
    item: str
    load: Load
    size: float
    """Bytes a request."""


def ask_log_group(group: Facts, traffic: Traffic) -> Demands:
    """Gigabytes written in a month, and as many of them as retention leaves."""
    writers = tuple(_writers(group, traffic))
    if not writers:
        yield Gap(group, "nothing in the stack that the profile measures writes to it")
    for written in writers:
        gb = written.load.expected * written.size / BYTES_IN_GB
        how = f"{written.load.expected:,.0f} requests × {written.size:,.0f} bytes"
        most = written.load.most * written.size / BYTES_IN_GB
        bound = f"({written.load.bound}) × {written.size:,.0f} bytes"
        bounded = Quantity(most, bound) if written.load.bound else None
        yield Demand(group, written.item, Quantity(gb, how), bounded)
        yield _kept(group, Quantity(gb, how), bounded)


def _kept(group: Facts, written: Quantity, most: Quantity | None) -> Demand:
    """What is kept once the first month's lines end; without retention, of the first year, and nothing bounds it."""
    days = group.number("retentionInDays", 0)
    months = days / _DAYS if days else _FOR_EVER_MONTHS
    kept = f"{days:,.0f} days" if days else "the first year of ever"
    most = Quantity(most.amount * months, f"{most.how} × {kept}") if most and days else None
    return Demand(group, "logs-storage", Quantity(written.amount * months, f"{written.how} × {kept}"), most)


def _writers(group: Facts, traffic: Traffic) -> Iterator[_Written]:
    usage = traffic.usage
    for function in traffic.callers(group, "loggingConfig"):
        # Vended logs since May 2025: https://aws.amazon.com/blogs/compute/aws-lambda-introduces-tiered-pricing-for-amazon-cloudwatch-logs-and-additional-logging-destinations/
        yield _Written("logs-vended", traffic.at_function(function), usage.log_bytes_per_request)
    for stage in traffic.graph.using(group, STAGE, REST_STAGE, by="accessLogSettings"):
        yield _Written("logs-vended", traffic.at_stage(stage), usage.access_log_bytes_per_request)
    for _ in traffic.graph.using(group, TRAIL, by="cloudWatchLogsGroupArn"):
        yield _Written("logs-ingest", Load(usage.management_events, 0, ""), _EVENT_BYTES)
    edge = Load(usage.requests, 0, "")
    for _ in traffic.graph.using(group, LOG_DESTINATION, by="deliveryDestinationConfiguration"):
        yield _Written("logs-vended", edge, usage.access_log_bytes_per_request)
    for _ in traffic.graph.using(group, FIREWALL_LOGGING, by="logDestinationConfigs"):
        yield _Written("logs-vended", edge, usage.access_log_bytes_per_request)


SERVICES = {LOG_GROUP: ask_log_group}
