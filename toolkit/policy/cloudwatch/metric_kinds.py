"""What a metric is to an alarm: what its values say, which values are bad, and which dimensions have data."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a value of a metric is, and with it which statistics say something."""

    EVENTS = "events"
    """One sample for each call, 0 or 1 for most: the sum counts, the average is a share of at most 1."""
    AMOUNT = "amount"
    """A number of events or bytes in a sample: the sum counts."""
    MILLISECONDS = "milliseconds"
    """A duration of each call: the sum says nothing."""
    LEVEL = "level"
    """A size at a point in time: the sum of samples says nothing."""
    PERCENT = "percent"
    RATIO = "ratio"


class Bad(Enum):
    """In which direction a metric shows that something fails."""

    HIGH = "high"
    EITHER = "either"
    """Depends on what the alarm is for: too much traffic, or none."""
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
