import subprocess
from pathlib import Path

import pytest

from tests.support.packages import write
from toolkit.pipeline.preview.model import PreviewError
from toolkit.pipeline.preview.offline import base_commit, code_changed, compared_with

GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")


def git(root: Path, *words: str) -> str:
    return subprocess.run([*GIT, *words], cwd=root, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A repository whose branch `work` left main one commit ago."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    write(tmp_path, {"api/app.py": "old\n", "docs/a.md": "first\n"})
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "first")
    git(tmp_path, "checkout", "--quiet", "-b", "work")
    write(tmp_path, {"docs/a.md": "second\n"})
    git(tmp_path, "commit", "--quiet", "-am", "second")
    return tmp_path


def test_base_is_the_merge_base_with_main_by_default(work: Path) -> None:
    git(work, "checkout", "--quiet", "main")
    git(work, "commit", "--quiet", "--allow-empty", "-m", "main went on")
    git(work, "checkout", "--quiet", "work")
    assert base_commit(work) == git(work, "rev-parse", "work~1")


def test_named_base_is_used(work: Path) -> None:
    with compared_with(work, "work") as against:
        assert against.commit == against.head == base_commit(work, "work")


@pytest.mark.parametrize("ref", ["nowhere", "--upload-pack=touch gone", "$(touch gone)", "; touch gone", ""])
def test_base_that_is_no_commit_is_refused(work: Path, ref: str) -> None:
    with pytest.raises(PreviewError, match="is no commit here"):
        base_commit(work, ref)
    assert not (work / "gone").exists()


def test_base_without_main_must_be_named(work: Path) -> None:
    git(work, "branch", "--quiet", "-D", "main")
    with pytest.raises(PreviewError, match="--base REF"):
        base_commit(work)


def test_uncommitted_source_file_counts_as_changed_code(work: Path) -> None:
    base = base_commit(work, "main")
    assert not code_changed(work, base)
    write(work, {"api/app.py": "new\n"})
    assert code_changed(work, base)
