"""Files in a backend's folder of locks: those that can be read, those that cannot, and where they lie."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest
import yaml
from moto import mock_aws

from tests.support.state_locks import FOLDER, HERE, free, lock, record
from toolkit.pipeline.unlock import locks
from toolkit.pipeline.unlock.locks import BucketLocks, FolderLocks, LockStore, lock_store, locks_of
from toolkit.stacks.errors import RefusedError


def foreign(**record: object) -> str:
    return json.dumps({"pid": 1, "username": "ana", "hostname": "laptop", "timestamp": "2026-11-01T00:00:00Z"} | record)


@pytest.mark.parametrize(
    "content",
    [
        *("", "{}", '{"pid": "x"}', "[]", "1", "\udcff", "[" * 100_000, foreign(pid=0), foreign(pid=-1)),
        *(foreign(pid=2**40), foreign(hostname="a\x1b[2J"), foreign(username="a\nb"), foreign(timestamp="never")),
    ],
)
def test_unreadable_lock_is_kept_and_reported(content: str, backend: LockStore, tmp_path: Path) -> None:
    file = lock(tmp_path)
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(RefusedError, match="is not a readable lock; find out what wrote it before you delete it"):
        free(backend)
    assert file.exists()


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_lock_that_is_not_a_file_is_reported(make: Callable[[Path], None], backend: LockStore, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    make(tmp_path / FOLDER / "a.json")
    with pytest.raises(RefusedError, match="is not a readable lock; find out what wrote it before you delete it"):
        free(backend)


def test_lock_is_stale_only_after_the_longest_job() -> None:
    limits = [
        job["timeout-minutes"]
        for file in sorted((Path(__file__).parents[4] / ".github/workflows").glob("*.yml"))
        for job in yaml.safe_load(file.read_text())["jobs"].values()
        if "uses" not in job
    ]
    assert max(limits) < locks.LONGEST_JOB.total_seconds() / 60


def test_unlocked_stack_has_no_locks(backend: LockStore) -> None:
    assert locks_of(backend, "items-api", "dev") == []


@pytest.mark.parametrize("prefix", ["", "states/"])
def test_only_locks_of_the_stack_are_released_in_a_bucket(
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
        free(store, record(ended))
        left = [entry["Key"] for entry in s3.list_objects_v2(Bucket="state")["Contents"]]
    assert left == [f"{prefix}.pulumi/locks/organization/items-api/dev2/a.json"]


def test_backend_without_lock_files_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"https://api\.pulumi\.com"):
        lock_store("https://api.pulumi.com")


def test_backend_folder_is_read_from_its_url(backend: LockStore) -> None:
    assert isinstance(backend, FolderLocks)
