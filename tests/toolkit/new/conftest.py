"""A copy of what the commands edit, in a folder of its own."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The declaration, the application and the project files of this service."""
    (tmp_path / "api").mkdir()
    for name in ("api/definition.py", "api/main.py", "api/clock.py", "Pulumi.yaml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
