"""Which steps of an update could lose data, as plain rules over what a resource was and becomes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.engine_events import Change

TABLE, BUCKET, VERSIONING = (
    "aws:dynamodb/table:Table",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketVersioning:BucketVersioning",
)
POOL, KEY, SECRET = "aws:cognito/userPool:UserPool", "aws:kms/key:Key", "aws:secretsmanager/secret:Secret"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
ALIAS = "aws:kms/alias:Alias"
HELD = {
    TABLE: "every record of the table",
    BUCKET: "every object of the bucket, old versions included",
    POOL: "every account of the pool: passwords, second factors and the ids that records belong to",
    KEY: "everything that is encrypted with the key, for ever",
    SECRET: "the secret's value and its old versions",
}
"""What is gone with a resource of the type."""
GOING = {"delete": "is deleted", "replace": "is replaced by an empty one", "discard": "leaves the state"}


@dataclass(frozen=True)
class Danger:
    """One step that could lose data."""

    urn: str
    type: str
    id: str
    """The resource's name in AWS, as it is now."""
    what: str
    lost: str
    needs_backup: bool = False
    """Whether the way back must be a backup, because the step ends the continuous one."""

    def __str__(self) -> str:
        return f"{self.urn.rpartition('::')[2]} {self.what}; lost would be {self.lost}"


def dangers_in(steps: Iterable[Change]) -> tuple[Danger, ...]:
    """Every danger among the steps, those of resources that otherwise stay the same included."""
    return tuple(danger for step in steps if step.before for rule in RULES for danger in rule(step))


def going(step: Change) -> Iterator[Danger]:
    """What holds data is deleted, replaced (a rename is either) or no longer looked after."""
    if step.type in HELD and step.operation in GOING:
        why = f" because of {', '.join(step.replaces_because)}" if step.replaces_because else ""
        yield _danger(step, GOING[step.operation] + why, HELD[step.type])


def protection_off(step: Change) -> Iterator[Danger]:
    """Pulumi's or AWS's own protection against deletion ends."""
    if step.type not in HELD or not step.after:
        return
    lost = f"what keeps a later mistake from losing {HELD[step.type]}"
    if step.before.get("protect") and not step.after.get("protect"):
        yield _danger(step, "is no longer protected in the state", lost)
    for name, on in (("deletionProtectionEnabled", True), ("deletionProtection", "ACTIVE")):
        if _was(step, name) == on != _becomes(step, name):
            yield _danger(step, f"gives up {name}", lost)
    if step.type == BUCKET and not _was(step, "forceDestroy") and _becomes(step, "forceDestroy"):
        yield _danger(step, "may be deleted with all that is in it (forceDestroy)", lost)


def recovery_off(step: Change) -> Iterator[Danger]:
    """A table's point-in-time recovery, a bucket's versions or a secret's days of grace end."""
    if step.type == TABLE and step.after:
        before, after = _was(step, "pointInTimeRecovery", "enabled"), _becomes(step, "pointInTimeRecovery", "enabled")
        if before and not after:
            yield _danger(step, "gives up point-in-time recovery", "every second of the last 35 days", backup=True)
    if step.type == VERSIONING:
        before, after = (look(step, "versioningConfiguration", "status") for look in (_was, _becomes))
        if before == "Enabled" != after:
            yield _danger(step, "ends the bucket's versioning", "what is overwritten or deleted from then on")
    if step.type == SECRET and _was(step, "recoveryWindowInDays") != 0 == _becomes(step, "recoveryWindowInDays"):
        yield _danger(step, "gives up its recovery window", "the days in which a deleted secret can be had back")


def key_changed(step: Change) -> Iterator[Danger]:
    """What data is encrypted with becomes another key, or a key is switched off."""
    lost = "what only the old key reads, once that is gone"
    for type, *path in KEYED:
        if step.type == type and step.after and _was(step, *path) != _becomes(step, *path):
            yield _danger(step, "changes its encryption key", lost)
    if (
        step.type == KEY
        and step.after
        and _was(step, "isEnabled") is not False
        and _becomes(step, "isEnabled") is False
    ):
        yield _danger(step, "is switched off", "access to everything that is encrypted with it")


KEYED = (
    (TABLE, "serverSideEncryption", "kmsKeyArn"),
    (SECRET, "kmsKeyId"),
    (ENCRYPTION, "rules", "applyServerSideEncryptionByDefault", "kmsMasterKeyId"),
    (ALIAS, "targetKeyId"),
)
"""Where a resource names its key."""
RULES: tuple[Callable[[Change], Iterator[Danger]], ...] = (going, protection_off, recovery_off, key_changed)


def _danger(step: Change, what: str, lost: str, *, backup: bool = False) -> Danger:
    id = step.before.get("id") or ""
    return Danger(step.urn, step.type, id, what, lost, needs_backup=backup)


def _was(step: Change, *path: str) -> Any:
    return _at(step.before, path)


def _becomes(step: Change, *path: str) -> Any:
    return _at(step.after, path)


def _at(resource: Mapping[str, Any], path: Iterable[str]) -> Any:
    """An input by its path; a list, of which these have one element each, is looked through."""
    value: Any = resource.get("inputs") or {}
    for name in path:
        value = value[0] if isinstance(value, list) and value else value
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
