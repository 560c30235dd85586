"""The check of S3 lifecycle rules: which objects they start to delete, or delete earlier.

Transitions, delete markers without versions and parts of abandoned uploads lose no object:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.resource_types.data_loss.checks import Check, Loss
from toolkit.resource_types.data_loss.values import UNKNOWN, Values, at, entries, is_known

CURRENT = "every object that the rule applies to, once it is that old"
OLD = "every replaced or deleted version that the rule applies to, once it is that old"


@dataclass(frozen=True)
class _Scope:
    """The objects that a rule applies to."""

    prefix: str
    tags: frozenset[tuple[str, str]]
    larger: float
    smaller: float

    def holds(self, other: "_Scope") -> bool:
        """Return whether every object of the other is one of these."""
        return (
            other.prefix.startswith(self.prefix)
            and self.tags <= other.tags
            and self.larger <= other.larger
            and self.smaller >= other.smaller
        )


@dataclass(frozen=True)
class _Expiry:
    """What a rule deletes and when; the scope is None where the preview does not know it."""

    name: str
    kind: str
    """current (after days), date (current, on a date) or noncurrent."""
    after: Any
    kept: float
    """How many noncurrent versions stay, however old."""
    scope: _Scope | None

    @property
    def text(self) -> str:
        """The rule as the predicate of a sentence."""
        when = f"on {self.after}" if self.kind == "date" else f"after {self.after} days"
        what = "old versions" if self.kind == "noncurrent" else "current objects"
        return f"deletes {what} {when if is_known(self.after) else f'after {UNKNOWN!r}'} (rule {self.name})"

    def includes(self, other: "_Expiry") -> bool:
        """Return whether it deletes, as early or earlier, all that the other deletes."""
        if self.kind != other.kind or self.scope is None or other.scope is None:
            return False
        if not (is_known(self.after) and is_known(other.after)):
            return False
        return self.after <= other.after and self.kept <= other.kept and self.scope.holds(other.scope)


def expires_no_more(*path: str) -> Check:
    """Report each rule of the list at the path that deletes what no rule deleted before, or deletes it earlier."""

    def check(values: Values) -> Iterator[Loss]:
        was, now = values.pair(*path)
        if was == now:
            return
        if not is_known(now):
            yield Loss(f"sets its lifecycle rules to {UNKNOWN!r}", CURRENT)
            return
        before = list(_expiries(was))
        for expiry in _expiries(now):
            if not any(old.includes(expiry) for old in before):
                yield Loss(expiry.text, OLD if expiry.kind == "noncurrent" else CURRENT)

    return check


def _expiries(rules: Any) -> Iterator[_Expiry]:
    for number, rule in enumerate(entries(rules)):
        name = str(at(rule, ["id"]) or number + 1)
        if not is_known(rule):
            yield _Expiry(name, "current", UNKNOWN, 0, None)
            continue
        # The rules of a Bucket have `enabled`, those of a BucketLifecycleConfiguration `status`.
        if at(rule, ["status"]) == "Disabled" or at(rule, ["enabled"]) is False:
            continue
        scope = _scope(rule)
        expiration, noncurrent = at(rule, ["expiration"]), at(rule, ["noncurrentVersionExpiration"])
        if not is_known(expiration):
            yield _Expiry(name, "current", UNKNOWN, 0, None)
            expiration = None
        days, date = at(expiration, ["days"]), at(expiration, ["date"])
        if days:
            yield _Expiry(name, "current", _days(days), 0, scope)
        if date:
            yield _Expiry(name, "date", date, 0, scope)
        if noncurrent is not None:
            # `days` in the rules of a Bucket.
            days = at(noncurrent, ["noncurrentDays"]) or at(noncurrent, ["days"])
            kept = at(noncurrent, ["newerNoncurrentVersions"])
            is_shown = is_known(noncurrent) and is_known(kept)
            yield _Expiry(
                name, "noncurrent", _days(days), _number(kept, 0) if is_shown else 0, scope if is_shown else None
            )


def _scope(rule: Any) -> _Scope | None:
    """Return the scope of a rule, from each place that can hold it; None where a bound is unknown."""
    places = [rule, at(rule, ["filter"]), at(rule, ["filter", "and"])]
    found = [place for place in places if place is not None]
    shown = [at(place, [name]) for place in found for name in _BOUNDS]
    if not all(map(is_known, [*found, *shown])):
        return None
    prefix, tags, larger, smaller = "", set(), 0.0, math.inf
    for place in found:
        prefix = at(place, ["prefix"]) or prefix
        larger = max(larger, _number(at(place, ["objectSizeGreaterThan"]), 0))
        smaller = min(smaller, _number(at(place, ["objectSizeLessThan"]), math.inf))
        tag, many = at(place, ["tag"]), at(place, ["tags"])
        if isinstance(tag, Mapping):
            tags.add((str(tag.get("key")), str(tag.get("value"))))
        if isinstance(many, Mapping):
            tags |= {(str(key), str(value)) for key, value in many.items() if not key.startswith("__")}
    return _Scope(prefix, frozenset(tags), larger, smaller)


_BOUNDS = ("prefix", "objectSizeGreaterThan", "objectSizeLessThan", "tag", "tags")


def _days(value: Any) -> Any:
    """Return an integer, also from a text; UNKNOWN for anything else."""
    return int(value) if isinstance(value, int | float) or (isinstance(value, str) and value.isdecimal()) else UNKNOWN


def _number(value: Any, absent: float) -> float:
    number = _days(value)
    # The provider writes 0 bytes for no upper bound.
    return float(number) if is_known(number) and number else absent
