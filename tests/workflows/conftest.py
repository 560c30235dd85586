"""What tests of workflows share."""

from pathlib import Path

import pytest

from tests.workflows.scripts import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A folder to run a script in."""
    return Machine(tmp_path).prepare()
