"""What tables ask for: reads, writes, what they keep and how far back it can be restored."""

from math import ceil

from policies.cost.demand import Demand, Demands, Gap, Quantity, among, unbounded
from policies.cost.traffic import HOURS, KB_IN_GB, LONGEST_HOURS, LONGEST_SECONDS, Traffic
from policies.facts import Facts
from policies.rules.dynamodb import TABLE

_TABLE_QUOTA = 40_000
"""Units a second that a table gives in a region where it sets no limit."""


def ask_table(table: Facts, traffic: Traffic) -> Demands:
    """Units by the request or by the hour, storage and recovery; tables share the profile's items evenly."""
    if table.text("tableClass", "STANDARD") != "STANDARD" or table.parts("replicas"):
        yield Gap(table, "only the units of a standard table in one region are on the price list")
    indexes = len(table.parts("globalSecondaryIndexes"))
    if table.text("billingMode", "PROVISIONED") == "PROVISIONED":
        yield from _capacity(table, "write", traffic)
        yield from _capacity(table, "read", traffic)
    else:
        usage = traffic.usage
        yield _units(table, traffic, "Write", usage.writes_per_request, ceil(usage.item_kb) * (1 + indexes))
        yield _units(table, traffic, "Read", usage.reads_per_request, ceil(usage.item_kb / 4))
    tables, usage = traffic.share(table), traffic.usage
    gb = usage.items * usage.item_kb / KB_IN_GB / tables
    how = f"{usage.items:,} items × {usage.item_kb:g} KB{among(tables, 'tables')}"
    yield unbounded(table, "dynamodb-storage", gb * (1 + indexes), how)
    if table.flag("pointInTimeRecovery.enabled"):
        yield unbounded(table, "dynamodb-recovery", gb, f"a copy of {how}")


def _units(table: Facts, traffic: Traffic, kind: str, each: float, units: int) -> Demand:
    """What the functions that know the table ask of it, and what it gives at most."""
    load = traffic.at_functions(traffic.callers(table, "environment"))
    limit = table.number(f"onDemandThroughput.max{kind}RequestUnits", -1)
    limit = limit if limit > 0 else _TABLE_QUOTA
    most = Quantity(limit * LONGEST_SECONDS, f"{limit:,.0f} units/s × {LONGEST_SECONDS:,} s")
    tables = traffic.share(table)
    how = f"{load.expected:,.0f} calls × {each:g} × {units} units{among(tables, 'tables')}"
    amount = min(load.expected * each * units / tables, most.amount)
    return Demand(table, f"dynamodb-{kind.lower()}s", Quantity(amount, how), most)


def _capacity(table: Facts, kind: str, _traffic: Traffic) -> Demands:
    units = table.number(f"{kind}Capacity", 1)
    month, longest = (Quantity(units * hours, f"{units:,.0f} units × {hours} h") for hours in (HOURS, LONGEST_HOURS))
    yield Demand(table, f"dynamodb-{kind}-capacity", month, longest)


SERVICES = {TABLE: ask_table}
