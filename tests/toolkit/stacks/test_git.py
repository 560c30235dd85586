"""The one module that runs git."""

import subprocess
from pathlib import Path

import pytest

from tests.support.packages import write
from toolkit.stacks import git as module
from toolkit.stacks.git import GitError, changed_files, checkout, file_at, is_clean

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


def test_checkout_has_the_files_of_the_commit_and_is_deleted_afterwards(work: Path) -> None:
    with checkout(work, "main") as files:
        assert (files / "docs" / "a.md").read_text() == "first\n"
        kept = files
    assert not kept.exists()


def test_checkout_ignores_export_attributes(work: Path) -> None:
    write(work, {".gitattributes": "api/** export-ignore\ndocs/* export-subst\n", "docs/b.md": "$Format:%H$\n"})
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "attributes")
    with checkout(work, "HEAD") as files:
        assert (files / "api" / "app.py").read_text() == "old\n"
        assert (files / "docs" / "b.md").read_text() == "$Format:%H$\n"


def test_checkout_ignores_attributes_and_filters(work: Path) -> None:
    write(work, {".gitattributes": "*.md text eol=crlf\n*.py filter=upper\n", 'docs/é "x".md': "odd\n"})
    git(work, "config", "filter.upper.smudge", "touch smudged; tr a-z A-Z")
    git(work, "config", "filter.upper.clean", "tr A-Z a-z")
    git(work, "config", "core.autocrlf", "true")
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "attributes")
    with checkout(work, "HEAD") as files:
        assert (files / "docs" / "a.md").read_bytes() == b"second\n"
        assert (files / "docs" / 'é "x".md').read_bytes() == b"odd\n"
        assert (files / "api" / "app.py").read_bytes() == b"old\n"
        assert not (files / "smudged").exists()
    assert not (work / "smudged").exists()


def test_checkout_keeps_executables_and_links_and_omits_submodules(work: Path) -> None:
    (work / "docs/run").write_text("x")
    (work / "docs/run").chmod(0o755)
    (work / "docs/link").symlink_to("a.md")
    git(work, "add", ".")
    git(work, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},docs/other")
    git(work, "commit", "--quiet", "-m", "modes")
    with checkout(work, "HEAD") as files:
        assert (files / "docs/run").stat().st_mode & 0o111
        assert not (files / "docs/a.md").stat().st_mode & 0o111
        assert (files / "docs/link").readlink() == Path("a.md")
        assert not (files / "docs/other").exists()


def test_changed_files_do_not_depend_on_git_settings_of_the_caller(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (work / "api/app.py").rename(work / "api/moved.py")
    git(work, "add", ".")
    (work / "ignored").write_text("docs\n*.log\n")
    write(work, {"docs/new.log": "x"})
    for name, value in {"diff.renames": "copies", "diff.relative": "true", "diff.external": "false"}.items():
        git(work, "config", name, value)
    git(work, "config", "core.excludesFile", str(work / "ignored"))
    git(work, "config", "status.showUntrackedFiles", "no")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    assert changed_files(work, "HEAD", "api", "docs") == ("api/app.py", "api/moved.py", "docs/new.log")
    assert not is_clean(work)


def test_missing_git_is_reported_by_name(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(work))
    with pytest.raises(GitError, match=r"^git cannot be run in .*: install git\.$"):
        module.git_or_none(work, "status")


def test_checkout_does_not_change_the_clone_and_runs_no_hook(work: Path) -> None:
    hook = "#!/bin/sh\ntouch ran\n"
    for name in ("post-checkout", "post-index-change", "monitor"):
        (work / ".git/hooks" / name).write_text(hook)
        (work / ".git/hooks" / name).chmod(0o755)
    git(work, "config", "core.fsmonitor", str(work / ".git/hooks/monitor"))
    before = (work / ".git/index").read_bytes()
    with checkout(work, git(work, "rev-parse", "HEAD")) as files:
        assert (files / "docs" / "a.md").exists()
        assert list(files.rglob("ran")) == []
    assert not (work / "ran").exists()
    assert (work / ".git/index").read_bytes() == before


def test_sparse_clone_and_replaced_object_do_not_change_the_checkout(work: Path) -> None:
    git(work, "sparse-checkout", "set", "--no-cone", "docs")
    git(work, "replace", "work", "main")
    with checkout(work, git(work, "rev-parse", "work")) as files:
        assert (files / "api" / "app.py").exists()
        assert (files / "docs" / "a.md").read_text() == "second\n"


@pytest.mark.parametrize("target", ["/etc/passwd", "../../outside", "../docs/../../x"])
def test_link_out_of_the_commit_is_refused(work: Path, target: str) -> None:
    (work / "api" / "link.py").symlink_to(target)
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "link")
    with (
        pytest.raises(GitError, match=r"api/link\.py in commit .* is a link out of the repository"),
        checkout(work, "HEAD"),
    ):
        pass


def test_missing_commit_is_reported_by_name(work: Path) -> None:
    with pytest.raises(GitError, match="fetch it: git fetch origin aaaa"), checkout(work, "a" * 40):
        pass


def test_file_of_a_commit_is_read_and_a_missing_one_is_none(work: Path) -> None:
    assert file_at(work, "main", "docs/a.md") == "first\n"
    assert file_at(work, "main", "docs/b.md") is None
