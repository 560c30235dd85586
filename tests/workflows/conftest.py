"""What tests of workflows share."""

from pathlib import Path

import pytest

from tests.workflows.fake_actions import commit_checkout
from tests.workflows.scripts import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A folder to run a script in."""
    return Machine(tmp_path).prepare()


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with this checkout."""
    return commit_checkout(tmp_path_factory.mktemp("repository") / "source")
