"""What the pipeline's tests share: a clone of the program to change, and GitHub on this machine."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from tests.support.changed_program import commit_program, git
from tests.support.github_fake import REPOSITORY, Repository, github_fake
from toolkit.engine import cli


@pytest.fixture(scope="session")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of this checkout, committed on main."""
    return commit_program(tmp_path_factory.mktemp("committed"))


@pytest.fixture
def clone(committed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone to change; it is where the command runs."""
    git(tmp_path, "clone", "--quiet", str(committed), "clone")
    monkeypatch.chdir(tmp_path / "clone")
    return tmp_path / "clone"


@pytest.fixture
def repository(clone: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """GitHub, with the clone's commit at the head of pull request 7."""
    with github_fake() as found:
        found.pulls[7] = git(clone, "rev-parse", "HEAD")
        for name, value in {"TOKEN": "t", "REPOSITORY": REPOSITORY, "API_URL": found.url}.items():
            monkeypatch.setenv(f"GITHUB_{name}", value)
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(clone / "summary.md"))
        monkeypatch.delenv("GITHUB_EVENT_PATH", raising=False)
        yield found


@pytest.fixture(autouse=True)
def _no_built_cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test finds the CLI only on its PATH, also on a machine where one was built."""
    monkeypatch.setattr(cli, "BUILT", tmp_path / "no-pulumi")


@pytest.fixture(autouse=True)
def _own_default_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3's default session keeps the credentials that an earlier test set."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
