"""The kinds of metrics: the meaning of the values, which values are bad, and the published dimensions."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """The meaning of a metric's value, which decides the useful statistics."""

    EVENTS = "events"
    """One sample for each call, 0 or 1 for most: the sum counts, the average is a share of at most 1."""
    AMOUNT = "amount"
    """A number of events or bytes in a sample: the sum counts."""
    MILLISECONDS = "milliseconds"
    """A duration of each call: the sum has no meaning."""
    LEVEL = "level"
    """A size at a point in time: the sum of samples has no meaning."""
    PERCENT = "percent"
    RATIO = "ratio"


class Bad(Enum):
    """Whether high or low values of a metric are bad."""

    HIGH = "high"
    EITHER = "either"
    """Depends on the purpose of the alarm: too much traffic, or none."""
    LOW = "low"


@dataclass(frozen=True)
class Metric:
    """One metric of AWS."""

    kind: Kind
    bad: Bad
    dimensions: frozenset[frozenset[str]]
    """The combinations that are published."""


def sets(*combinations: str) -> frozenset[frozenset[str]]:
    """Return combinations of dimensions, each given as names with spaces between them."""
    return frozenset(frozenset(each.split()) for each in combinations)


def metrics(dimensions: frozenset[frozenset[str]], rows: Iterable[str]) -> dict[str, Metric]:
    """Return the metrics of rows of `kind bad: names`, all with the same combinations of dimensions."""
    found = {}
    for row in rows:
        meaning, _, names = row.partition(":")
        kind, bad = meaning.split()
        found.update({name: Metric(Kind(kind), Bad(bad), dimensions) for name in names.split()})
    return found
