"""The next start removes the temporary folders of ended processes."""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from toolkit.localcloud.runtime.scratch_folder import ScratchFolder, remove_abandoned_folders

ROOT = Path(__file__).parents[4]
KILLED = """
import os, signal
from toolkit.localcloud.runtime.scratch_folder import ScratchFolder
folder = ScratchFolder()
(folder.path / "code").mkdir()
print(folder.path, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(name="temporary")
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_folder_of_killed_process_is_removed(temporary: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert remove_abandoned_folders() == [Path(done.stdout.strip())]
    assert list(temporary.iterdir()) == []


def test_folders_in_use_or_without_lock_are_kept(temporary: Path) -> None:
    held = ScratchFolder()
    without_lock, elsewhere = temporary / "lambda-runtime-other", temporary / "elsewhere"
    without_lock.mkdir()
    elsewhere.mkdir()
    (elsewhere / "lock").touch()
    (temporary / "lambda-runtime-link").symlink_to(elsewhere)
    assert remove_abandoned_folders() == []
    assert held.path.exists()
    assert elsewhere.exists()
    held.remove()
    assert not held.path.exists()
