"""The locks of the state of a stack: which process holds each, and which can be released.

A lock names a process by its id and the name of its machine, and machines share names: hosted runners of one image do.
So a lock is freed only where that process is proven to have ended:

- this machine took it, and the process does not run any more. This machine took it where its own record of the engine
  names that process, at a time when that engine ran; or where the lock names the workflow run that this machine has its
  name from, and its boot: hosted runners share a machine id, and no boot id;
- a job took it that GitHub has ended by now, by the clock of the backend and by that of this machine;
- a person has looked, and names the process.
"""

import os
import re
import socket
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, Field, ValidationError, field_validator

from toolkit.engine.process import EngineRecord
from toolkit.engine.processes import boot_id, identity_of, machine_id
from toolkit.pipeline.aws_client import aws_client
from toolkit.stacks.errors import RefusedError

LONGEST_JOB = timedelta(hours=6)
"""The time limit of a job on a GitHub-hosted runner: https://docs.github.com/en/actions/reference/limits

A test holds that each job of the workflows has a `timeout-minutes` below it, so it also counts on a team's own runners.
"""
SLACK = timedelta(minutes=5)
"""The time after its last line of output in which an engine may have taken a lock."""
RUN = re.compile(r"run-(?P<id>[1-9][0-9]*)-(?P<attempt>[1-9][0-9]*)-(?P<boot>[0-9a-f]{8})")
"""The name that the workflows give to their machine before they write to a state."""


class _Record(BaseModel):
    """A lock as the CLI writes it: pulumi/pulumi, pkg/backend/diy/lock.go."""

    pid: int = Field(gt=0, lt=2**31)
    username: str
    hostname: str
    timestamp: datetime

    @field_validator("username", "hostname")
    @classmethod
    def _printable(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("has letters that cannot be printed")
        return value


@dataclass(frozen=True)
class StoredLock:
    """A file of a backend, and its age by the backend's clock."""

    key: str
    content: bytes
    age: timedelta


@dataclass(frozen=True)
class Lock:
    """One lock: its file, and the process that took it."""

    key: str
    pid: int
    user: str
    host: str
    taken: datetime
    stored: timedelta
    """Its age by the backend's clock."""

    @property
    def holder(self) -> str:
        """Return the process in the form of `--ended`."""
        return f"{self.pid}@{self.host}"

    def reason_held(self, evidence: "Evidence", now: datetime) -> str | None:
        """Return why its process may still run; None where it has ended."""
        engine, ended = evidence.engine, evidence.ended
        if self._taken_here(evidence):
            return f"process {self.pid} still runs here" if self._runs(engine) else None
        if self.holder in ended:
            same_name = self.host == socket.gethostname()
            return f"a process {self.pid} runs on this machine" if same_name and identity_of(self.pid) else None
        if run := RUN.fullmatch(self.host):
            if min(now - self.taken, self.stored) > LONGEST_JOB:
                return None
            return f"that run of the workflow may still work; look at it: {_page(run['id'], run['attempt'])}"
        return "it was taken on another machine, or by a process that this checkout did not start"

    def described(self, now: datetime) -> str:
        """Return who took it, where and how long ago."""
        if self.taken - now > SLACK:
            return f"{self.user}@{self.host} (pid {self.pid}), at {self.taken.isoformat(timespec='minutes')}, to come"
        minutes = max(int((now - self.taken).total_seconds() // 60), 0)
        age = f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
        return f"{self.user}@{self.host} (pid {self.pid}), {age} ago"

    def _taken_here(self, evidence: "Evidence") -> bool:
        engine, run, boot = evidence.engine, RUN.fullmatch(self.host), boot_id()
        if run and boot:
            return self.host == socket.gethostname() and boot.startswith(run["boot"])
        if engine is None or engine.machine is None or engine.machine != machine_id():
            return False
        if evidence.last_sign is None or not engine.started <= self.taken <= evidence.last_sign + SLACK:
            return False  # another machine of this name, or a later process with this id
        return (engine.pid, engine.host) == (self.pid, self.host)

    def _runs(self, engine: EngineRecord | None) -> bool:
        if engine and engine.pid == self.pid:
            return engine.runs  # and not a later process with the same id
        return identity_of(self.pid) is not None


class FolderLocks:
    """A backend in a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, folder: str) -> Iterator[StoredLock]:
        """Return the files in a folder of the backend."""
        for file in sorted((self._root / folder).glob("*.json")):
            key = str(file.relative_to(self._root))
            if not file.is_file():
                raise _unreadable(key)
            written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            yield StoredLock(key, file.read_bytes(), datetime.now(UTC) - written)

    def delete(self, key: str) -> None:
        """Remove one file."""
        (self._root / key).unlink(missing_ok=True)


class BucketLocks:
    """A backend in a bucket, under a prefix that is empty or ends in a slash."""

    def __init__(self, s3: Any, bucket: str, prefix: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = prefix

    def read(self, folder: str) -> Iterator[StoredLock]:
        """Return the files in a folder of the backend."""
        for page in self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{self._prefix}{folder}/"
        ):
            for entry in page.get("Contents", ()):
                found = self._s3.get_object(Bucket=self._bucket, Key=entry["Key"])
                date = found["ResponseMetadata"]["HTTPHeaders"].get("date")
                # Without a date the age is not known, so it proves nothing.
                age = parsedate_to_datetime(date) - found["LastModified"] if date else timedelta()
                yield StoredLock(entry["Key"], found["Body"].read(), age)

    def delete(self, key: str) -> None:
        """Remove one file."""
        self._s3.delete_object(Bucket=self._bucket, Key=key)


LockStore = FolderLocks | BucketLocks


def lock_store(url: str) -> LockStore:
    """Return the lock store of the backend with this URL. Raises RefusedError for an unknown kind of backend."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderLocks(Path(parts.netloc + parts.path).expanduser())
    if parts.scheme == "s3":
        region = parse_qs(parts.query).get("region", [None])[0]
        prefix = parts.path.strip("/")
        return BucketLocks(aws_client("s3", region), parts.netloc, f"{prefix}/" if prefix else "")
    raise RefusedError(
        f"The backend {url!r} keeps its locks elsewhere: a backend is a folder (file://) or an s3:// bucket."
    )


def locks_of(store: LockStore, project: str, stack: str) -> list[Lock]:
    """Return the locks of a stack. Raises RefusedError where the backend does not answer or a lock is unreadable."""
    folder = f".pulumi/locks/organization/{project}/{stack}"
    try:
        return [_lock(each) for each in store.read(folder)]
    except (OSError, BotoCoreError, ClientError) as error:
        raise RefusedError(f"The locks of stack {stack!r} cannot be read: {error}") from None


@dataclass(frozen=True)
class Evidence:
    """Evidence on processes: the last engine of this checkout, and the processes named with --ended."""

    engine: EngineRecord | None = None
    ended: Collection[str] = ()
    last_sign: datetime | None = None
    """The time of the engine's last line."""


def release_stale_locks(stack: str, locks: list[Lock], store: LockStore, evidence: Evidence, *, dry_run: bool) -> None:
    """Remove the locks, if the process of each has ended. Raises RefusedError and removes none otherwise."""
    now = datetime.now(UTC)
    if unknown := sorted(set(evidence.ended) - {lock.holder for lock in locks}):
        known = ", ".join(lock.holder for lock in locks) or "none"
        raise RefusedError(f"No lock of stack {stack!r} is held by {unknown[0]!r}: its locks are held by: {known}.")
    reasons = [(lock, lock.reason_held(evidence, now)) for lock in locks]
    if held := [(lock, why) for lock, why in reasons if why]:
        holders = "; ".join(f"{lock.described(now)}: {why}" for lock, why in held)
        named = " ".join(f"--ended {lock.holder}" for lock, _ in held)
        raise RefusedError(
            f"Stack {stack!r} stays locked by {holders}. Make sure that this process has ended, then: "
            f"./stack unlock {stack} {named}"
        )
    for lock in () if dry_run else locks:
        store.delete(lock.key)


def _page(run: str, attempt: str) -> str:
    """Return the page, or the command, that shows whether a run has ended."""
    repository = os.environ.get("GITHUB_REPOSITORY")
    if repository is None:
        return f"gh run view {run} --attempt {attempt}"
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    return f"{server}/{repository}/actions/runs/{run}/attempts/{attempt}"


def _lock(stored: StoredLock) -> Lock:
    try:
        record = _Record.model_validate_json(stored.content)
    except ValidationError:
        raise _unreadable(stored.key) from None
    taken = record.timestamp if record.timestamp.tzinfo else record.timestamp.replace(tzinfo=UTC)
    return Lock(stored.key, record.pid, record.username, record.hostname, taken, stored.age)


def _unreadable(key: str) -> RefusedError:
    name = key if key.isprintable() else repr(key)
    return RefusedError(f"{name} is not a readable lock; find out what wrote it before you delete it.")
