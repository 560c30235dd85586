"""A lock is freed only where provably nobody works under it."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from pipeline.deployment.locks import BucketLocks, FolderLocks, LockStore, free_stale, lock_store, locks_of
from pipeline.errors import RefusedError

FOLDER = ".pulumi/locks/organization/items-api/dev"
HERE = socket.gethostname()


@pytest.fixture
def backend(tmp_path: Path) -> LockStore:
    return lock_store(f"file://{tmp_path}")


@pytest.fixture(scope="module")
def ended() -> int:
    """The id of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid


def lock(root: Path, *, pid: int = 1, user: str = "ana", host: str = "laptop", age: timedelta = timedelta()) -> Path:
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{len(list(folder.iterdir()))}.json"
    taken = (datetime.now(UTC) - age).isoformat()
    file.write_text(json.dumps({"pid": pid, "username": user, "hostname": host, "timestamp": taken}))
    return file


def free(store: LockStore, *, dry_run: bool = False) -> None:
    free_stale("dev", locks_of(store, "items-api", "dev"), store, dry_run=dry_run)


def test_a_lock_of_a_dead_process_of_this_machine_is_freed(backend: LockStore, ended: int, tmp_path: Path) -> None:
    file = lock(tmp_path, pid=ended, host=HERE)
    free(backend)
    assert not file.exists()


def test_a_lock_of_a_job_that_github_has_ended_is_freed(backend: LockStore, tmp_path: Path) -> None:
    file = lock(tmp_path, user="runner", host="runnervm1", age=timedelta(hours=7))
    free(backend)
    assert not file.exists()


@pytest.mark.parametrize(
    ("user", "host", "hours", "why"),
    [
        ("ana", "laptop", 1000, "taken on another machine"),
        ("runner", "runnervm1", 5, "its job may still run"),
        ("ana", HERE, 1000, "still runs"),
    ],
)
def test_a_lock_under_which_somebody_may_work_is_kept(
    user: str, host: str, hours: int, why: str, backend: LockStore, tmp_path: Path
) -> None:
    file = lock(tmp_path, user=user, host=host, pid=os.getpid(), age=timedelta(hours=hours))
    with pytest.raises(RefusedError) as refused:
        free(backend)
    assert file.exists()
    sentence = str(refused.value)
    assert f"{user}@{host} (pid {os.getpid()}), {hours} hours ago" in sentence
    assert why in sentence
    assert "pulumi cancel --stack dev --yes" in sentence


def test_no_lock_is_freed_beside_one_that_is_kept(backend: LockStore, ended: int, tmp_path: Path) -> None:
    stale = lock(tmp_path, pid=ended, host=HERE)
    lock(tmp_path)
    with pytest.raises(RefusedError):
        free(backend)
    assert stale.exists()


def test_a_dry_run_frees_nothing(backend: LockStore, ended: int, tmp_path: Path) -> None:
    file = lock(tmp_path, pid=ended, host=HERE)
    free(backend, dry_run=True)
    assert file.exists()


@pytest.mark.parametrize("content", ["", "{}", '{"pid": "x"}'])
def test_a_lock_that_cannot_be_read_is_kept_and_named(content: str, backend: LockStore, tmp_path: Path) -> None:
    file = lock(tmp_path)
    file.write_text(content)
    with pytest.raises(RefusedError, match="is no lock that can be read"):
        free(backend)
    assert file.exists()


def test_a_stack_that_is_not_locked_has_no_locks(backend: LockStore) -> None:
    assert locks_of(backend, "items-api", "dev") == []


@pytest.mark.parametrize("prefix", ["", "states/"])
def test_locks_in_a_bucket_are_freed_and_those_of_other_stacks_are_not(
    prefix: str, ended: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    content = lock(tmp_path, pid=ended, host=HERE).read_bytes()
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="state")
        for stack in ("dev", "dev2"):
            s3.put_object(
                Bucket="state", Key=f"{prefix}.pulumi/locks/organization/items-api/{stack}/a.json", Body=content
            )
        store = lock_store(f"s3://state/{prefix}?region=us-east-1")
        assert isinstance(store, BucketLocks)
        free(store)
        left = [entry["Key"] for entry in s3.list_objects_v2(Bucket="state")["Contents"]]
    assert left == [f"{prefix}.pulumi/locks/organization/items-api/dev2/a.json"]


def test_a_backend_without_lock_files_is_named() -> None:
    with pytest.raises(RefusedError, match=r"https://api\.pulumi\.com"):
        lock_store("https://api.pulumi.com")


def test_a_folder_backend_is_that_folder(backend: LockStore) -> None:
    assert isinstance(backend, FolderLocks)
