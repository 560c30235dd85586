"""Rules on how long objects are kept, and where they are copied."""

from policies.bounds import bounds_of
from toolkit.policy.iam.documents import statements
from toolkit.policy.rule import Levels, Severity, StackRule, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.s3 import (
    BUCKET,
    BUCKET_LIFECYCLE,
    BUCKET_LOGGING,
    BUCKET_POLICY,
    BUCKET_REPLICATION,
    BUCKET_VERSIONING,
)
from toolkit.stacks.inputs import Inputs, StackInputs
from toolkit.stacks.references import known_text, named_by, referred_to

_NEVER = 100_000
_A_YEAR = 365
_ARCHIVES = {"GLACIER", "DEEP_ARCHIVE"}
"""Storage classes whose objects cannot be read before they are restored.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html (read 2026-11-30)
"""


def _bucket(graph: StackInputs, part: Inputs, path: str = "bucket") -> tuple[Inputs, ...]:
    return named_by(graph, part, path, BUCKET, "bucket", "arn")


def _buckets(graph: StackInputs, type_: str, path: str) -> set[str]:
    return {bucket.urn for one in graph.of(type_) for bucket in _bucket(graph, one, path)}


def _prefix(rule: Inputs) -> str:
    paths = ("filter.prefix", "filter.and.prefix", "prefix")
    return next((rule.text(path) for path in paths if rule.has(path)), "")


def _may_expire(rule: Inputs, stack: Stack) -> bool:
    return _prefix(rule).startswith(tuple(bounds_of(stack).expiring_prefixes))


def _enabled(lifecycle: Inputs) -> tuple[Inputs, ...]:
    return tuple(rule for rule in lifecycle.parts("rules") if rule.text("status") == "Enabled")


def _days_of_logs(graph: StackInputs, lifecycle: Inputs, stack: Stack) -> int | None:
    """Return how long the objects must be kept where they are log files; None where they are not."""
    urns = {bucket.urn for bucket in _bucket(graph, lifecycle)}
    if urns & _buckets(graph, TRAIL, "s3BucketName"):
        return _A_YEAR
    return bounds_of(stack).shortest_log_days if urns & _buckets(graph, BUCKET_LOGGING, "targetBucket") else None


@for_each(BUCKET_LIFECYCLE)
def _keeps_current_objects(lifecycle: Inputs, graph: StackInputs, stack: Stack) -> bool:
    shortest = _days_of_logs(graph, lifecycle, stack) or _NEVER
    return all(
        _may_expire(rule, stack)
        or (not rule.has("expiration.date") and rule.number("expiration.days", _NEVER) >= shortest)
        for rule in _enabled(lifecycle)
    )


@for_each(BUCKET_LIFECYCLE)
def _is_not_archived(lifecycle: Inputs, graph: StackInputs, stack: Stack) -> bool:
    if _days_of_logs(graph, lifecycle, stack) is not None:
        return True
    moves = [move for rule in _enabled(lifecycle) for move in rule.parts("transitions")]
    return all(move.text("storageClass") not in _ARCHIVES for move in moves)


@for_each(BUCKET_LIFECYCLE)
def _keeps_old_versions(lifecycle: Inputs, _graph: StackInputs, stack: Stack) -> bool:
    return all(
        _may_expire(rule, stack)
        or rule.number("noncurrentVersionExpiration.noncurrentDays", _NEVER) >= bounds_of(stack).shortest_version_days
        for rule in _enabled(lifecycle)
    )


@for_each(BUCKET_LIFECYCLE)
def _has_versions(lifecycle: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    if not any(rule.has("noncurrentVersionExpiration") for rule in _enabled(lifecycle)):
        return True
    on = [one for one in graph.of(BUCKET_VERSIONING) if _is_on(one)]
    urns = {bucket.urn for bucket in _bucket(graph, lifecycle)}
    return not urns or bool(urns & {bucket.urn for one in on for bucket in _bucket(graph, one)})


def _is_on(versioning: Inputs) -> bool:
    return versioning.text("versioningConfiguration.status") == "Enabled"


def _access_log_buckets(graph: StackInputs) -> set[str]:
    return {
        bucket.urn
        for policy in graph.of(BUCKET_POLICY)
        for statement in statements(policy, "policy")
        if statement.allows and ("Service", "logging.s3.amazonaws.com") in statement.principals
        for bucket in _bucket(graph, policy)
    }


@for_each(BUCKET_LOGGING)
def _target_is_log_bucket(logging: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    """Accept the bucket of another stack if this stack has no bucket for access logs."""
    targets = {one.urn for one in _bucket(graph, logging, "targetBucket")}
    log_buckets = _access_log_buckets(graph)
    return not targets & {one.urn for one in _bucket(graph, logging)} and (
        not log_buckets or bool(targets & log_buckets)
    )


@for_each(BUCKET_REPLICATION)
def _destinations_are_of_stack(replication: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    copied = [rule for rule in replication.parts("rules") if rule.text("status") == "Enabled"]
    return all(
        not rule.has("destination.account") and _destination_is_of_stack(graph, replication, rule) for rule in copied
    )


def _destination_is_of_stack(graph: StackInputs, replication: Inputs, rule: Inputs) -> bool:
    target = known_text(rule, "destination.bucket")
    return bool(referred_to(replication, "rules", target, graph.of(BUCKET), "arn"))


s3_objects_kept = StackRule(
    name="s3-objects-kept",
    description="Lifecycle rules do not expire current objects, except pending uploads and old log files",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    checks={
        "an enabled rule has expiration.days or expiration.date for current objects outside "
        "{bounds.expiring_prefixes}; or it deletes log files too early: those of a trail within a year, access logs "
        "before {bounds.shortest_log_days} days; remove it, or narrow filter.prefix": _keeps_current_objects,
        "an enabled rule moves objects to GLACIER or DEEP_ARCHIVE, where GetObject fails before a restore; use "
        "GLACIER_IR or STANDARD_IA": _is_not_archived,
    },
)

s3_versions_kept = StackRule(
    name="s3-versions-kept",
    description="Lifecycle rules keep noncurrent versions for a minimum number of days",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    checks={
        "an enabled rule has noncurrentVersionExpiration.noncurrentDays below {bounds.shortest_version_days} outside "
        "{bounds.expiring_prefixes}; raise it (data.old-attachment-days)": _keeps_old_versions,
        "a rule expires noncurrent versions of a bucket without BucketVersioning that is Enabled; turn it on": (
            _has_versions
        ),
    },
)

s3_logs_to_log_bucket = StackRule(
    name="s3-logs-to-log-bucket",
    description="S3 access logs are delivered to a bucket whose policy allows it",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="targetBucket is the bucket itself, or none whose policy lets logging.s3.amazonaws.com write; name the "
    "bucket for access logs",
    check=_target_is_log_bucket,
)

s3_replicas_own = StackRule(
    name="s3-replicas-own",
    description="S3 replication copies objects only to buckets of the same stack",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    message="an enabled rule of the replication has a destination in another account, or a bucket that is not of this "
    "stack; name one that is",
    check=_destinations_are_of_stack,
)
