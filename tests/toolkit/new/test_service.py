"""`./stack new service` makes a complete repository, or writes nothing."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command_line import PROCESS
from tests.toolkit.new.conftest import ROOT
from toolkit.new.service import new_service
from toolkit.stacks.errors import FileError

IDENTITY = {f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service without the examples."""
    target = tmp_path_factory.mktemp("services") / "order-book"
    command = [*PROCESS, "new", "service", str(target), "--name", "order-book", "--empty"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **IDENTITY}
    )
    assert done.returncode == 0, done.stderr
    return target


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def test_new_service_has_one_commit_and_the_version_of_the_toolkit(made: Path) -> None:
    assert git(made, "log", "--format=%s") == "Begin order-book from the toolkit"
    assert git(made, "status", "--short") == ""
    assert (made / "toolkit/VERSION").read_text().split()[0] == git(ROOT, "log", "-1", "--format=%H", "--", "toolkit")


def test_new_service_has_its_name_in_every_file(made: Path) -> None:
    spellings = "items-api|items_api|ItemsApi|items-team|cost-center: items"
    found = subprocess.run(["git", "grep", "-lE", spellings], cwd=made, capture_output=True, text=True, check=False)
    assert (found.stdout, found.returncode) == ("", 1)
    assert (made / "Pulumi.yaml").read_text().startswith("name: order-book\n")


def test_empty_service_has_no_example_feature(made: Path) -> None:
    assert "FEATURES = (INFORMATION, SESSIONS)" in (made / "api/definition.py").read_text()
    assert 'FEATURES = {"sessions": SESSIONS}' in (made / "api/main.py").read_text()
    assert not (made / "api/items").exists()
    assert not (made / "tests/toolkit").exists()
    assert "/api/v1/items" not in (made / "docs/openapi.json").read_text()


def test_makefile_of_a_new_service_runs_no_test_that_was_left_out(made: Path) -> None:
    text = (made / "Makefile").read_text()
    assert "test-new" not in text
    assert "\ntest: " in text


@pytest.mark.parametrize(
    ("place", "name", "words"),
    [
        (lambda folder: folder / "full", "orders-api", "is not empty"),
        (lambda folder: folder / "full/file", "orders-api", "is not empty"),
        (lambda folder: folder / "missing/orders-api", "orders-api", "does not exist; create it first"),
        (lambda _folder: ROOT / "orders-api", "orders-api", "is inside this repository"),
        (lambda folder: folder / "new", "Orders", "use a-z, 0-9 and single -"),
        (lambda folder: folder / "new", "a" * 30, "use at most 20"),
    ],
)
def test_bad_target_or_name_writes_nothing(
    tmp_path: Path, place: Callable[[Path], Path], name: str, words: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").write_text("mine")
    with pytest.raises(FileError, match=words):
        new_service(ROOT, place(tmp_path), name, empty=False)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "full"]
    assert not (ROOT / "orders-api").exists()
