"""Locks of a stack's state as the CLI writes them, and what the pipeline does with them."""

import json
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from toolkit.engine.process import EngineRecord
from toolkit.pipeline.unlock.locks import Evidence, LockStore, locks_of, release_stale_locks
from toolkit.stacks.errors import RefusedError

FOLDER = ".pulumi/locks/organization/items-api/dev"
HERE = socket.gethostname()
NOW = datetime.now(UTC)


def lock(root: Path, *, pid: int = 1, user: str = "ana", host: str = "laptop", age: timedelta = timedelta()) -> Path:
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{len(list(folder.iterdir()))}.json"
    taken = (datetime.now(UTC) - age).isoformat()
    file.write_text(json.dumps({"pid": pid, "username": user, "hostname": host, "timestamp": taken}))
    written = (datetime.now(UTC) - age).timestamp()
    os.utime(file, (written, written))
    return file


def record(pid: int, *, host: str = HERE, started: datetime = NOW) -> EngineRecord:
    """What this checkout knows of an engine that it started."""
    found = EngineRecord.of("dev", "up", pid, started)
    return found.model_copy(update={"host": host})


def free(store: LockStore, engine: EngineRecord | None = None, *said: str, dry_run: bool = False) -> None:
    evidence = Evidence(engine, said, datetime.now(UTC))
    release_stale_locks("dev", locks_of(store, "items-api", "dev"), store, evidence, dry_run=dry_run)


def refused(store: LockStore, engine: EngineRecord | None = None, *said: str) -> str:
    with pytest.raises(RefusedError) as caught:
        free(store, engine, *said)
    return str(caught.value)
