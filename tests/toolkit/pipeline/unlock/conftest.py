"""A backend's folder of locks, and a process that has ended."""

import subprocess
import sys
from pathlib import Path

import pytest

from toolkit.pipeline.unlock.locks import LockStore, lock_store


@pytest.fixture
def backend(tmp_path: Path) -> LockStore:
    return lock_store(f"file://{tmp_path}")


@pytest.fixture(scope="module")
def ended() -> int:
    """The id of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid
