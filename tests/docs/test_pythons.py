"""The README and the workflows name the same versions of Python, the ones that the suite is tested on."""

from pathlib import Path

from tests.pythons import TESTED


def test_the_readme_names_the_tested_versions(root: Path) -> None:
    named = f"tested on Python {', '.join(TESTED[:-1])} and {TESTED[-1]};"
    assert named in (root / "README.md").read_text()


def test_the_oldest_tested_version_is_the_oldest_that_is_accepted(root: Path) -> None:
    assert f'requires-python = ">={TESTED[0]}"' in (root / "pyproject.toml").read_text()


def test_the_gate_runs_the_suite_on_a_newer_version(root: Path) -> None:
    assert "make test-pythons PYTHONS=3.13" in (root / ".ci" / "run").read_text()
