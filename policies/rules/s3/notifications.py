"""Rules on event notifications of buckets."""

from collections import Counter

from toolkit.policy.rule import Levels, Severity, StackRule
from toolkit.policy.stack import Stack
from toolkit.resource_types.s3 import BUCKET, BUCKET_NOTIFICATION
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import named_by


def _buckets(graph: StackInputs, notification: Inputs) -> tuple[str, ...]:
    return tuple(bucket.urn for bucket in named_by(graph, notification, "bucket", BUCKET, "bucket", "id"))


def _one_for_each_bucket(graph: StackInputs, _stack: Stack) -> bool | Violations:
    notifications = graph.of(BUCKET_NOTIFICATION)
    counted = Counter(urn for each in notifications for urn in _buckets(graph, each))
    return every(notifications, lambda each: all(counted[urn] == 1 for urn in _buckets(graph, each)))


def _filters_are_distinct(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """S3 accepts one destination for an event: the prefixes of two filters of the same events may not overlap.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html (read 2026-11-30)
    """

    def distinct(notification: Inputs) -> bool:
        parts = [part for name in ("lambdaFunctions", "queues", "topics") for part in notification.parts(name)]
        return not any(_overlap(one, other) for at, one in enumerate(parts) for other in parts[at + 1 :])

    return every(graph.of(BUCKET_NOTIFICATION), distinct)


def _overlap(one: Inputs, other: Inputs) -> bool:
    prefixes = [each.text("filterPrefix") for each in (one, other)]
    suffixes = [each.text("filterSuffix") for each in (one, other)]
    begin = prefixes[0].startswith(prefixes[1]) or prefixes[1].startswith(prefixes[0])
    end = suffixes[0].endswith(suffixes[1]) or suffixes[1].endswith(suffixes[0])
    return begin and end and any(_same(a, b) for a in one.texts("events") for b in other.texts("events"))


def _same(one: str, other: str) -> bool:
    """Return whether two kinds of events, such as `s3:ObjectCreated:*`, have an event in common."""
    return one == other or any(a.endswith("*") and b.startswith(a[:-1]) for a, b in ((one, other), (other, one)))


s3_notifications_accepted = StackRule(
    name="s3-notifications-accepted",
    description="A bucket has one notification configuration, whose filters do not overlap",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    checks={
        "another resource configures the notifications of the bucket too, and each replaces the other; use one": (
            _one_for_each_bucket
        ),
        "S3 rejects two destinations for one event: filterPrefix and filterSuffix overlap; choose other prefixes": (
            _filters_are_distinct
        ),
    },
)
