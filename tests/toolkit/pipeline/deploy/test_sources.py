"""The sources of a plan are identified by their content, also where git is configured to ignore changes."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.packages import write
from toolkit.pipeline.deploy.manifest import commit_of, marked
from toolkit.pipeline.deploy.sources import Sources, sources_of

GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")


def git(root: Path, *words: str) -> str:
    return subprocess.run([*GIT, *words], cwd=root, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "--quiet")
    write(
        folder,
        {"api/app.py": "old\n", "infrastructure/a.py": "a\n", "docs/a.md": "a\n", ".gitignore": "*.log\nsecret/\n"},
    )
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "first")
    return folder


def untracked(root: Path) -> str:
    write(root, {"api/new.py": "new\n"})
    return "api/new.py"


def data(root: Path) -> str:
    write(root, {"infrastructure/table.json": "{}"})
    return "infrastructure/table.json"


def ignored(root: Path) -> str:
    write(root, {"api/secret/key.txt": "new\n"})
    return "api/secret/key.txt"


def excluded(root: Path) -> str:
    write(root, {".git/info/exclude": "*.py\n", "infrastructure/b.py": "b\n"})
    return "infrastructure/b.py"


def shadowing(root: Path) -> str:
    write(root, {"yaml/__init__.py": "new\n"})
    return "yaml/__init__.py"


def staged(root: Path) -> str:
    write(root, {"api/new.py": "new\n"})
    git(root, "add", ".")
    return "api/new.py"


def changed(root: Path) -> str:
    write(root, {"api/app.py": "new\n"})
    return "api/app.py"


def assumed(root: Path) -> str:
    git(root, "update-index", "--assume-unchanged", "api/app.py")
    return changed(root)


def skipped(root: Path) -> str:
    git(root, "update-index", "--skip-worktree", "api/app.py")
    return changed(root)


def removed(root: Path) -> str:
    git(root, "rm", "--quiet", "api/app.py")
    return "api/app.py"


def linked(root: Path) -> str:
    outside = root.parent / "outside.py"
    outside.write_text("x")
    (root / "api/app.py").unlink()
    (root / "api/app.py").symlink_to(outside)
    return "api/app.py"


def committed_link(root: Path) -> str:
    (root.parent / "outside.py").write_text("x")
    (root / "api/link.py").symlink_to("../../outside.py")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "link")
    return "api/link.py"


def nested(root: Path) -> str:
    (root / "api/sub").mkdir()
    git(root / "api/sub", "init", "--quiet")
    write(root, {"api/sub/x.py": "x\n"})
    return "api/sub/x.py"


WAYS = [untracked, data, ignored, excluded, shadowing, staged, changed, assumed, skipped, removed, linked, nested]


@pytest.mark.parametrize("way", [*WAYS, committed_link])
def test_file_that_differs_from_the_commit_is_listed_and_changes_the_digest(
    way: Callable[[Path], str], root: Path
) -> None:
    before = sources_of(root)
    assert before.uncommitted == ()
    name = way(root)
    after = sources_of(root)
    assert after.uncommitted == (name,)
    assert after.digest != before.digest
    assert marked(commit_of(root), after).endswith("+changes")


def test_target_of_a_link_out_of_the_clone_is_part_of_the_digest(root: Path) -> None:
    linked(root)
    before = sources_of(root).digest
    (root.parent / "outside.py").write_text("y")
    assert sources_of(root).digest != before


@pytest.mark.parametrize(
    "name", ["notes.txt", "docs/b.md", "build/x.py", ".venv/x.py", "api/__pycache__/app.pyc", "tests/test_x.py"]
)
def test_file_outside_program_and_package_is_not_part_of_the_digest(name: str, root: Path) -> None:
    before = sources_of(root)
    write(root, {name: "x"})
    assert sources_of(root) == before


def test_line_ends_that_git_converts_are_not_a_difference(root: Path) -> None:
    git(root, "config", "core.autocrlf", "true")
    (root / "api/app.py").unlink()
    git(root, "checkout", "--quiet", "api/app.py")
    assert (root / "api/app.py").read_bytes() == b"old\r\n"
    assert sources_of(root).uncommitted == ()


def test_file_name_with_a_line_break_is_listed(root: Path) -> None:
    write(root, {"api/a\nb.py": "x"})
    assert sources_of(root).uncommitted == ("api/a\nb.py",)


def test_circular_link_and_pipe_do_not_block_the_digest(root: Path) -> None:
    (root / "api/circle.py").symlink_to("circle.py")
    os.mkfifo(root / "api/pipe.py")
    assert sources_of(root).uncommitted == ("api/circle.py",)


def test_control_characters_of_a_file_name_are_escaped() -> None:
    assert Sources("", ("a\x1b[31m.py",)).listed == r"'a\x1b[31m.py'"


def test_first_names_are_listed_with_the_number_of_others() -> None:
    assert Sources("", tuple("abcdefg")).listed == "a, b, c, d, e and 2 more"


@pytest.mark.parametrize(
    "name",
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_LITERAL_PATHSPECS"],
)
def test_git_variables_do_not_change_the_compared_files(
    root: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = commit_of(root)
    added = untracked(root)
    git(tmp_path, "init", "--quiet", "elsewhere")
    monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    assert commit_of(root).removesuffix("+changes") == commit
    assert sources_of(root).uncommitted == (added,)
