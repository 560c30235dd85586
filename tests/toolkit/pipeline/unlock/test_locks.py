"""A lock is freed only where its process is proven to have ended."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.state_locks import HERE, NOW, free, lock, record, refused
from toolkit.pipeline.unlock import locks
from toolkit.pipeline.unlock.locks import Evidence, LockStore, locks_of, release_stale_locks
from toolkit.stacks.errors import RefusedError

THIS_RUN = "run-42-1-0123abcd"
OTHER_RUN = "run-42-1-00000000"


@pytest.fixture
def running() -> Iterator[int]:
    """The id of a process that runs."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process.pid


@pytest.fixture
def named_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine, named after a run as the workflows do it."""
    monkeypatch.setattr(socket, "gethostname", lambda: THIS_RUN)
    monkeypatch.setattr(locks, "boot_id", lambda: "0123abcd-2b0c-4d7e-9c11-1f0a5a1d7e22")


def test_lock_of_an_ended_engine_of_this_checkout_is_released(backend: LockStore, ended: int, tmp_path: Path) -> None:
    file = lock(tmp_path, pid=ended, host=HERE)
    free(backend, record(ended))
    assert not file.exists()


def test_lock_of_a_running_engine_of_this_checkout_is_kept(backend: LockStore, running: int, tmp_path: Path) -> None:
    file = lock(tmp_path, pid=running, host=HERE)
    assert f"process {running} still runs here" in refused(backend, record(running))
    assert "still runs here" in refused(backend, record(running), f"{running}@{HERE}")
    assert file.exists()


def test_later_process_with_the_id_of_the_engine_does_not_keep_its_lock(
    backend: LockStore, running: int, tmp_path: Path
) -> None:
    file = lock(tmp_path, pid=running, host=HERE)
    free(backend, record(running).model_copy(update={"identity": "before"}))
    assert not file.exists()


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(None, id="nothing"),
        pytest.param({"host": "other"}, id="an engine of another machine"),
        pytest.param({"started": NOW + timedelta(minutes=1)}, id="an engine that was started later"),
        pytest.param({"machine": "another machine"}, id="a record of another machine"),
        pytest.param({"machine": None}, id="a record that names no machine"),
        pytest.param({"pid": 4_000_000}, id="another engine"),
    ],
)
def test_ended_process_on_a_machine_of_the_same_name_keeps_its_lock(
    known: dict[str, object] | None, backend: LockStore, ended: int, tmp_path: Path
) -> None:
    """Two hosted runners of one image have the same name, and a process of one is none of the other."""
    file = lock(tmp_path, pid=ended, host=HERE, user="runner", age=timedelta(hours=1000))
    engine = record(ended).model_copy(update=known) if known is not None else None
    assert "or by a process that this checkout did not start" in refused(backend, engine)
    assert file.exists()


def test_lock_taken_after_the_end_of_the_engine_is_kept(backend: LockStore, ended: int, tmp_path: Path) -> None:
    file = lock(tmp_path, pid=ended, host=HERE)
    long_ago = NOW - timedelta(hours=1)
    evidence = Evidence(record(ended, started=long_ago), (), long_ago + timedelta(minutes=2))
    with pytest.raises(RefusedError, match="that this checkout did not start"):
        release_stale_locks("dev", locks_of(backend, "items-api", "dev"), backend, evidence, dry_run=False)
    assert file.exists()


def test_process_of_another_user_counts_as_running(
    backend: LockStore, ended: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root is seen by others where /proc is mounted with hidepid."""
    known = record(ended).model_copy(update={"identity": "before"})
    lock(tmp_path, pid=ended, host=HERE)

    def refuse(_pid: int, _signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    assert f"process {ended} still runs here" in refused(backend, known)


@pytest.mark.parametrize("skew", [timedelta(hours=-7), timedelta(hours=7)])
def test_wrong_clock_releases_no_lock_of_a_run(skew: timedelta, backend: LockStore, tmp_path: Path) -> None:
    """The lock's own time is that of the runner, and its file's time is that of the backend."""
    file = lock(tmp_path, host=OTHER_RUN, age=skew)
    os.utime(file)
    assert "that run of the workflow may still work" in refused(backend)
    assert file.exists()


def test_lock_with_a_future_time_is_kept_and_described(backend: LockStore, tmp_path: Path) -> None:
    file = lock(tmp_path, age=timedelta(hours=-30))
    assert "to come: it was taken on another machine" in refused(backend)
    assert file.exists()


@pytest.mark.usefixtures("named_machine")
def test_lock_of_an_ended_process_of_this_run_is_released(backend: LockStore, ended: int, tmp_path: Path) -> None:
    file = lock(tmp_path, pid=ended, host=THIS_RUN)
    free(backend)
    assert not file.exists()


@pytest.mark.usefixtures("named_machine")
def test_lock_of_a_running_process_of_this_run_is_kept(backend: LockStore, running: int, tmp_path: Path) -> None:
    file = lock(tmp_path, pid=running, host=THIS_RUN, age=timedelta(hours=7))
    assert f"process {running} still runs here" in refused(backend)
    assert file.exists()


def test_lock_of_another_run_is_kept_with_the_address_of_the_run(
    backend: LockStore, ended: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = lock(tmp_path, pid=ended, host=OTHER_RUN, age=timedelta(hours=5))
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    assert "look at it: gh run view 42 --attempt 1" in refused(backend)
    monkeypatch.setenv("GITHUB_REPOSITORY", "example/items-api")
    assert "https://github.com/example/items-api/actions/runs/42/attempts/1" in refused(backend)
    assert file.exists()


def test_same_run_on_another_machine_is_another_run(
    backend: LockStore, ended: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: OTHER_RUN)  # a name that was kept over a boot
    lock(tmp_path, pid=ended, host=OTHER_RUN)
    assert "that run of the workflow may still work" in refused(backend)


def test_lock_of_a_run_that_github_ended_is_released(backend: LockStore, tmp_path: Path) -> None:
    file = lock(tmp_path, host=OTHER_RUN, age=timedelta(hours=7))
    free(backend)
    assert not file.exists()


@pytest.mark.parametrize("host", ["laptop", "runnervm1", "run-42", "run-42-1", "my-run-42-1-0123abcd"])
def test_old_lock_of_an_unknown_machine_is_kept(host: str, backend: LockStore, tmp_path: Path) -> None:
    file = lock(tmp_path, user="runner", host=host, age=timedelta(hours=1000))
    sentence = refused(backend)
    assert f"runner@{host} (pid 1), 1000 hours ago: it was taken on another machine" in sentence
    assert f"./stack unlock dev --ended 1@{host}" in sentence
    assert file.exists()


def test_lock_of_a_process_named_as_ended_is_released(backend: LockStore, tmp_path: Path) -> None:
    file = lock(tmp_path)
    free(backend, None, "1@laptop")
    assert not file.exists()


def test_other_process_named_as_ended_releases_nothing(backend: LockStore, tmp_path: Path) -> None:
    file = lock(tmp_path)
    assert "No lock of stack 'dev' is held by '2@laptop': its locks are held by: 1@laptop." in refused(
        backend, None, "2@laptop"
    )
    assert file.exists()


def test_lock_of_a_running_process_is_kept_although_it_is_named_as_ended(
    backend: LockStore, running: int, tmp_path: Path
) -> None:
    file = lock(tmp_path, pid=running, host=HERE)
    assert f"a process {running} runs on this machine" in refused(backend, None, f"{running}@{HERE}")
    assert file.exists()


def test_one_kept_lock_keeps_all_locks(backend: LockStore, ended: int, tmp_path: Path) -> None:
    stale = lock(tmp_path, pid=ended, host=HERE)
    lock(tmp_path)
    refused(backend, record(ended))
    assert stale.exists()


def test_dry_run_of_unlock_releases_nothing(backend: LockStore, ended: int, tmp_path: Path) -> None:
    file = lock(tmp_path, pid=ended, host=HERE)
    free(backend, record(ended), dry_run=True)
    assert file.exists()
