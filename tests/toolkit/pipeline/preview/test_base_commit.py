import subprocess
from pathlib import Path

import pytest

from tests.support.packages import write
from toolkit.pipeline.preview.base_commit import base_commit, checkout_of, code_moved, file_at, head_commit
from toolkit.pipeline.preview.model import PreviewError

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


def test_without_a_name_the_base_is_where_the_work_left_main(work: Path) -> None:
    git(work, "checkout", "--quiet", "main")
    git(work, "commit", "--quiet", "--allow-empty", "-m", "main went on")
    git(work, "checkout", "--quiet", "work")
    assert base_commit(work) == git(work, "rev-parse", "work~1")


def test_a_named_base_is_taken(work: Path) -> None:
    assert base_commit(work, "work") == head_commit(work)


@pytest.mark.parametrize("ref", ["nowhere", "--upload-pack=touch gone", "$(touch gone)", "; touch gone", ""])
def test_a_base_that_is_no_commit_is_refused_and_runs_nothing(work: Path, ref: str) -> None:
    with pytest.raises(PreviewError, match="is no commit here"):
        base_commit(work, ref)
    assert not (work / "gone").exists()


def test_without_main_a_base_must_be_named(work: Path) -> None:
    git(work, "branch", "--quiet", "-D", "main")
    with pytest.raises(PreviewError, match="--base REF"):
        base_commit(work)


def test_a_checkout_has_the_files_of_the_commit_and_goes_afterwards(work: Path) -> None:
    with checkout_of(work, base_commit(work, "main")) as files:
        assert (files / "docs" / "a.md").read_text() == "first\n"
        kept = files
    assert not kept.exists()


def test_a_checkout_leaves_out_and_rewrites_nothing(work: Path) -> None:
    write(work, {".gitattributes": "api/** export-ignore\ndocs/* export-subst\n", "docs/b.md": "$Format:%H$\n"})
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "attributes")
    with checkout_of(work, "HEAD") as files:
        assert (files / "api" / "app.py").read_text() == "old\n"
        assert (files / "docs" / "b.md").read_text() == "$Format:%H$\n"


def test_a_checkout_has_the_line_ends_and_filters_of_the_working_tree(work: Path) -> None:
    write(work, {".gitattributes": "*.md text eol=crlf\n*.py filter=upper\n"})
    git(work, "config", "filter.upper.smudge", "tr a-z A-Z")
    git(work, "config", "filter.upper.clean", "tr A-Z a-z")
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "attributes")
    git(work, "checkout", "--quiet", "main")
    git(work, "checkout", "--quiet", "work")
    (work / "docs" / "a.md").unlink()
    git(work, "checkout", "docs/a.md")
    with checkout_of(work, "HEAD") as files:
        assert (files / "docs" / "a.md").read_bytes() == (work / "docs" / "a.md").read_bytes() == b"second\r\n"
        assert (files / "api" / "app.py").read_text() == "OLD\n"


def test_a_checkout_leaves_the_clone_alone_and_runs_no_hook(work: Path) -> None:
    hook = "#!/bin/sh\ntouch ran\n"
    for name in ("post-checkout", "post-index-change", "monitor"):
        (work / ".git/hooks" / name).write_text(hook)
        (work / ".git/hooks" / name).chmod(0o755)
    git(work, "config", "core.fsmonitor", str(work / ".git/hooks/monitor"))
    before = (work / ".git/index").read_bytes()
    with checkout_of(work, head_commit(work)) as files:
        assert (files / "docs" / "a.md").exists()
        assert list(files.rglob("ran")) == []
    assert not (work / "ran").exists()
    assert (work / ".git/index").read_bytes() == before


def test_a_sparse_clone_and_a_replaced_object_do_not_change_the_checkout(work: Path) -> None:
    git(work, "sparse-checkout", "set", "--no-cone", "docs")
    git(work, "replace", "work", "main")
    with checkout_of(work, git(work, "rev-parse", "work")) as files:
        assert (files / "api" / "app.py").exists()
        assert (files / "docs" / "a.md").read_text() == "second\n"


@pytest.mark.parametrize("target", ["/etc/passwd", "../../outside", "../docs/../../x"])
def test_a_link_out_of_the_commit_is_refused(work: Path, target: str) -> None:
    (work / "api" / "link.py").symlink_to(target)
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "link")
    with (
        pytest.raises(PreviewError, match=r"api/link\.py in commit .* is a link out of the repository"),
        checkout_of(work, "HEAD"),
    ):
        pass


def test_a_commit_that_is_not_there_is_named(work: Path) -> None:
    with pytest.raises(PreviewError, match="fetch it: git fetch origin aaaa"), checkout_of(work, "a" * 40):
        pass


def test_the_working_tree_counts_as_it_lies(work: Path) -> None:
    base = base_commit(work, "main")
    assert not code_moved(work, base)
    write(work, {"api/app.py": "new\n"})
    assert code_moved(work, base)


def test_a_file_of_a_commit_is_read_or_none(work: Path) -> None:
    assert file_at(work, "main", "docs/a.md") == "first\n"
    assert file_at(work, "main", "docs/b.md") is None
