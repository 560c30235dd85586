"""The lines of the house: who may import whom, and names that must say something."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALLOWED_IMPORTS = {
    "api": set(),
    "infrastructure": set(),
    "policies": {"toolkit"},
    "toolkit": {"infrastructure", "policies"},
}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "constants", "misc"}
MAX_LINES = 250


def tracked_python_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).exists()]


def imported_packages(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("package", ALLOWED_IMPORTS)
def test_imports_run_downwards_only(package: str) -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / package).rglob("*.py")
        for name in imported_packages(path)
        if name in ALLOWED_IMPORTS.keys() | {"tests"} and name != package and name not in ALLOWED_IMPORTS[package]
    }
    assert wrong == set()


def test_every_name_says_something() -> None:
    vague = [
        str(path.relative_to(ROOT))
        for path in tracked_python_files()
        if VAGUE_NAMES & {path.stem, *path.relative_to(ROOT).parts[:-1]}
    ]
    assert vague == []


def test_no_file_outgrows_a_reader() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count} lines"
        for path in tracked_python_files()
        if (count := len(path.read_text().splitlines())) > MAX_LINES
    ]
    assert long == []
