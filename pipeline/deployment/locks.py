"""The locks of a stack's state: who holds them, and which are provably nobody's any more."""

import json
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ValidationError

from pipeline.errors import RefusedError

HOSTED_USER = "runner"
"""Who runs the jobs on GitHub's own machines, each of which is thrown away after one job."""
LONGEST_JOB = timedelta(hours=6)
"""After which GitHub ends a job on a machine of its own."""


class _Record(BaseModel):
    """A lock as the CLI writes it."""

    pid: int
    username: str
    hostname: str
    timestamp: datetime


@dataclass(frozen=True)
class Lock:
    """One lock: its file, and the process that took it."""

    key: str
    pid: int
    user: str
    host: str
    taken: datetime

    def held_because(self, now: datetime) -> str | None:
        """Why somebody may still work under it; None where provably nobody does."""
        if self.host == socket.gethostname():
            return "that process still runs" if is_running(self.pid) else None
        age = now - self.taken
        if self.user != HOSTED_USER:
            return "it was taken on another machine"
        return (
            None if age > LONGEST_JOB else f"its job may still run: a job may take {LONGEST_JOB.seconds // 3600} hours"
        )

    def described(self, now: datetime) -> str:
        """Who took it, where and how long ago."""
        minutes = int((now - self.taken).total_seconds() // 60)
        age = f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
        return f"{self.user}@{self.host} (pid {self.pid}), {age} ago"


class LockStore(Protocol):
    """Where a backend keeps its locks."""

    def read(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """The files in a folder of the backend, by their keys."""

    def delete(self, key: str) -> None:
        """Remove one file."""


class FolderLocks:
    """A backend in a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """The files in a folder of the backend, by their keys."""
        for file in sorted((self._root / folder).glob("*.json")):
            yield str(file.relative_to(self._root)), file.read_bytes()

    def delete(self, key: str) -> None:
        """Remove one file."""
        (self._root / key).unlink(missing_ok=True)


class BucketLocks:
    """A backend in a bucket, under a prefix that is empty or ends in a slash."""

    def __init__(self, s3: Any, bucket: str, prefix: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = prefix

    def read(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """The files in a folder of the backend, by their keys."""
        for page in self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{self._prefix}{folder}/"
        ):
            for entry in page.get("Contents", ()):
                yield entry["Key"], self._s3.get_object(Bucket=self._bucket, Key=entry["Key"])["Body"].read()

    def delete(self, key: str) -> None:
        """Remove one file."""
        self._s3.delete_object(Bucket=self._bucket, Key=key)


def lock_store(url: str) -> LockStore:
    """Where the backend with this URL keeps its locks. Raises RefusedError for one that has none that can be read."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderLocks(Path(parts.netloc + parts.path).expanduser())
    if parts.scheme == "s3":
        region = parse_qs(parts.query).get("region", [None])[0]
        prefix = parts.path.strip("/")
        return BucketLocks(boto3.client("s3", region_name=region), parts.netloc, f"{prefix}/" if prefix else "")
    raise RefusedError(
        f"The backend {url!r} keeps its locks elsewhere: a backend is a folder (file://) or an s3:// bucket."
    )


def locks_of(store: LockStore, project: str, stack: str) -> list[Lock]:
    """The locks of a stack. Raises RefusedError where the backend does not answer or a lock cannot be read."""
    folder = f".pulumi/locks/organization/{project}/{stack}"
    try:
        return [_lock(key, content) for key, content in store.read(folder)]
    except (OSError, BotoCoreError, ClientError) as error:
        raise RefusedError(f"The locks of stack {stack!r} cannot be read: {error}") from None


def is_running(pid: int) -> bool:
    """Whether a process of this machine has this id."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def free_stale(stack: str, locks: list[Lock], store: LockStore, *, dry_run: bool) -> None:
    """Remove the locks, if nobody can still work under any of them. Raises RefusedError and removes none otherwise."""
    now = datetime.now(UTC)
    if held := [(lock, why) for lock in locks if (why := lock.held_because(now))]:
        told = "; ".join(f"{lock.described(now)}: {why}" for lock, why in held)
        raise RefusedError(
            f"Stack {stack!r} stays locked by {told}. Ask whoever that is; when nothing runs any more: "
            f"pulumi cancel --stack {stack} --yes"
        )
    for lock in () if dry_run else locks:
        store.delete(lock.key)


def _lock(key: str, content: bytes) -> Lock:
    try:
        record = _Record.model_validate(json.loads(content))
    except (ValueError, ValidationError):
        raise RefusedError(f"{key} is no lock that can be read: look who wrote it before anyone removes it.") from None
    taken = record.timestamp if record.timestamp.tzinfo else record.timestamp.replace(tzinfo=UTC)
    return Lock(key, record.pid, record.username, record.hostname, taken)
