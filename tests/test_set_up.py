"""`make setup`: which Python makes .venv, and what it answers to one that cannot."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Path:
    """The files that the set-up reads, and a folder for programs that comes first on PATH."""
    shutil.copy(root / "Makefile", tmp_path)
    shutil.copytree(root / "requirements", tmp_path / "requirements")
    (tmp_path / "bin").mkdir()
    return tmp_path


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=checkout,
        env={"PATH": f"{checkout / 'bin'}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def version(number: str) -> str:
    """A Python of this version, as far as the set-up asks."""
    return f"case $2 in *exit*) exit 1;; *) printf {number};; esac"


@pytest.mark.parametrize(
    ("script", "found"), [(version("3.10"), "3.10"), (version("2.7"), "2.7"), ("exit 127", "missing")]
)
def test_a_python_that_is_too_old_gets_one_sentence(script: str, found: str, checkout: Path) -> None:
    program(checkout / "bin" / "python3", script)
    ended = make(checkout, "setup")
    assert ended.returncode != 0
    assert ended.stderr.splitlines()[0] == (
        f"python3 is {found}: install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.13"
    )
    assert not (checkout / ".venv").exists()


def test_a_python_without_venv_gets_one_sentence(checkout: Path) -> None:
    program(checkout / "bin" / "python3", f'case "$2" in *ensurepip*) exit 1;; esac; exec "{sys.executable}" "$@"')
    ended = make(checkout, "setup")
    assert ended.returncode != 0
    assert ended.stderr.splitlines()[1] == (
        "python3 has no venv with pip: install it (Debian, Ubuntu: apt install python3-venv), or install uv"
    )
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize(
    ("arguments", "made_anew"), [(("PYTHON=other",), True), (("PYTHON=same",), False), ((), False)]
)
def test_venv_is_made_anew_for_a_named_python_of_another_version(
    arguments: tuple[str, ...], made_anew: bool, checkout: Path
) -> None:
    program(checkout / ".venv" / "bin" / "python", version("3.11"))
    (checkout / ".venv" / ".ready").touch()
    program(checkout / "bin" / "other", version("3.12"))
    program(checkout / "bin" / "same", version("3.11"))
    planned = make(checkout, "--dry-run", "setup", *arguments).stdout
    assert ("uv venv" in planned) == made_anew
