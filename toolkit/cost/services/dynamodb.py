"""The charges of tables, indexes and replicas: reads, writes, storage and recovery."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from toolkit.cost.demand import Demand, Demands, Gap, Quantity, among, in_region, unbounded
from toolkit.cost.traffic import HOURS, KB_IN_GB, LONGEST_HOURS, LONGEST_SECONDS, Load, Traffic
from toolkit.resource_types.dynamodb import TABLE
from toolkit.stacks.inputs import Inputs

_QUOTA = 40_000
"""Units a second that a table or an index gives where it sets no limit:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html (read 2026-11-30)
"""
_ENTRIES = 2
"""Entries of an index that one write changes at most: a new value of the index's key deletes one and puts another:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html (read 2026-11-30)
"""
_KEYS_KB = 1
"""The size of an entry with keys only, or the item's where it is smaller."""


@dataclass(frozen=True)
class _Throughput:
    """A table or a global index, each with its own units."""

    inputs: Inputs
    label: str
    kb: float
    """The size of an entry; that of the entries of local indexes, which use the table's units, is in `local_kb`."""
    local_kb: tuple[float, ...] = ()

    def limit(self, kind: str) -> float:
        """Return the most units a second."""
        limit = self.inputs.number(f"onDemandThroughput.max{kind}RequestUnits", -1)
        return limit if limit > 0 else _QUOTA

    @property
    def write_units(self) -> int:
        """Return the units of one write."""
        return ceil(self.kb) + sum(map(ceil, self.local_kb))


@dataclass(frozen=True)
class _Table:
    """A table in one region: its own, or that of a replica."""

    of: Inputs
    traffic: Traffic
    is_replica: bool

    def meter(self, has_recovery: bool) -> Demands:
        """Yield the uses of the table and its indexes in this region."""
        base = _base(self.of, self.traffic)
        for one in (base, *_indexes(self.of, self.traffic)):
            if self.of.text("billingMode", "PROVISIONED") == "PROVISIONED":
                yield from self._capacity(one)
            else:
                yield self._writes(one, base)
                yield self._reads(one, base)
            yield self._kept("dynamodb-storage", one, "")
        if has_recovery:
            yield self._kept("dynamodb-recovery", base, "a copy of ")

    def _writes(self, one: _Throughput, base: _Throughput) -> Demand:
        """Return the writes; those of an index follow the table's."""
        most = _worst_quantity(one.label, one.limit("Write"))
        if one is not base and one.limit("Write") > _ENTRIES * base.limit("Write"):
            most = _worst_quantity(f"{one.label}{_ENTRIES} × ", base.limit("Write"), times=_ENTRIES)
        each = self.traffic.usage.writes_per_request
        return Demand(self.of, "dynamodb-writes", self._expected(one, each, one.write_units, most), most)

    def _reads(self, one: _Throughput, base: _Throughput) -> Demand:
        """Return the reads, which the profile has at the table, and which any index or replica may answer."""
        most = _worst_quantity(one.label, one.limit("Read"))
        if one is not base or self.is_replica:
            return Demand(
                self.of, "dynamodb-reads", Quantity(0, f"{one.label}reads are counted at the table, 0 units"), most
            )
        each = self.traffic.usage.reads_per_request
        return Demand(self.of, "dynamodb-reads", self._expected(one, each, ceil(one.kb / 4), most), most)

    def _expected(self, one: _Throughput, each: float, units: int, most: Quantity) -> Quantity:
        tables, load = self.traffic.share(self.of), _load(self.of, self.traffic)
        word = "unit" if units == 1 else "units"
        how = f"{one.label}{load.expected:,.0f} calls × {each:g} × {units} {word}{among(tables, 'tables')}"
        return Quantity(min(load.expected * each * units / tables, most.amount), how)

    def _capacity(self, one: _Throughput) -> Demands:
        for kind in ("write", "read"):
            units = one.inputs.number(f"{kind}Capacity", 1)
            month, longest = (
                Quantity(units * hours, f"{one.label}{units:,.0f} units × {hours} h")
                for hours in (HOURS, LONGEST_HOURS)
            )
            yield Demand(self.of, f"dynamodb-{kind}-capacity", month, longest)

    def _kept(self, item: str, one: _Throughput, what: str) -> Demand:
        usage, tables = self.traffic.usage, self.traffic.share(self.of)
        kb = one.kb + sum(one.local_kb)
        how = f"{one.label}{what}{usage.table_items:,} items × {kb:g} KB{among(tables, 'tables')}"
        return unbounded(self.of, item, usage.table_items * kb / KB_IN_GB / tables, how)


def meter_table(table: Inputs, traffic: Traffic) -> Demands:
    """Meter request or provisioned units, storage and recovery in each region; tables share the profile's items."""
    if table.text("tableClass", "STANDARD") != "STANDARD":
        yield Gap(table, "only the standard table class is on the price list")
    yield from _Table(table, traffic, is_replica=False).meter(table.flag("pointInTimeRecovery.enabled"))
    for replica in table.parts("replicas"):
        there = in_region(table, replica.text("regionName"))
        yield from _Table(there, traffic, is_replica=True).meter(replica.flag("pointInTimeRecovery"))
        yield _replicated(table, traffic)


def _replicated(table: Inputs, traffic: Traffic) -> Demand:
    """Return the data that is transferred to one replica: each write, and at most 1 KB per unit."""
    usage, tables, load = traffic.usage, traffic.share(table), _load(table, traffic)
    if table.text("billingMode", "PROVISIONED") == "PROVISIONED":
        limit = table.number("writeCapacity", 1)
    else:
        limit = _base(table, traffic).limit("Write")
    writes = min(load.expected * usage.writes_per_request / tables, limit * LONGEST_SECONDS)
    each = f"{usage.writes_per_request:g} × {usage.table_item_kb:g} KB"
    how = f"{load.expected:,.0f} calls × {each}{among(tables, 'tables')}"
    most = Quantity(limit * LONGEST_SECONDS / KB_IN_GB, f"{limit:,.0f} units/s × {LONGEST_SECONDS:,} s × 1 KB")
    return Demand(table, "data-between-regions", Quantity(writes * usage.table_item_kb / KB_IN_GB, how), most)


def _base(table: Inputs, traffic: Traffic) -> _Throughput:
    local = tuple(_entry_kb(index, traffic) for index in table.parts("localSecondaryIndexes"))
    return _Throughput(table, "", traffic.usage.table_item_kb, local)


def _indexes(table: Inputs, traffic: Traffic) -> Iterator[_Throughput]:
    for index in table.parts("globalSecondaryIndexes"):
        yield _Throughput(index, f"index {index.text('name')}: ", _entry_kb(index, traffic))


def _entry_kb(index: Inputs, traffic: Traffic) -> float:
    """Return the size of an index's entry: the whole item's, unless it holds keys alone."""
    kb = traffic.usage.table_item_kb
    return min(kb, _KEYS_KB) if index.text("projectionType") == "KEYS_ONLY" else kb


def _worst_quantity(label: str, limit: float, times: int = 1) -> Quantity:
    return Quantity(times * limit * LONGEST_SECONDS, f"{label}{limit:,.0f} units/s × {LONGEST_SECONDS:,} s")


def _load(table: Inputs, traffic: Traffic) -> Load:
    """Return the calls of the functions that name the table."""
    return traffic.at_functions(traffic.callers(table, "environment"))


SERVICES = {TABLE: meter_table}
