"""`./stack setup` and `make setup`: which Python makes .venv, and what is printed where it cannot."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Path:
    """The files that the set-up reads, and a folder for programs that comes first on PATH."""
    for name in ("Makefile", "stack"):
        shutil.copy(root / name, tmp_path)
    shutil.copytree(root / "requirements", tmp_path / "requirements")
    (tmp_path / "bin").mkdir()
    return tmp_path


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def run(checkout: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=checkout,
        env={"PATH": f"{checkout / 'bin'}:/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def stack(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run(checkout, "./stack", *arguments, **environment)


def version(number: str) -> str:
    """A Python of this version, as far as the set-up asks."""
    return f"case $2 in *exit*) exit 1;; *) printf {number};; esac"


@pytest.mark.parametrize(
    ("script", "found"), [(version("3.10"), "3.10"), (version("2.7"), "2.7"), ("exit 127", "missing")]
)
def test_a_python_that_is_too_old_gets_one_sentence(script: str, found: str, checkout: Path) -> None:
    program(checkout / "bin" / "python3", script)
    ended = stack(checkout, "preview", "dev")
    assert (ended.returncode, ended.stderr) == (
        2,
        f"python3 is {found}: install Python 3.11 or newer, or name one: PYTHON=/path/to/python3.13 ./stack setup\n",
    )
    assert not (checkout / ".venv").exists()


def test_a_python_without_venv_gets_one_sentence(checkout: Path) -> None:
    program(checkout / "bin" / "python3", f'case "$2" in *ensurepip*) exit 1;; esac; exec "{sys.executable}" "$@"')
    ended = stack(checkout, "setup")
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[1] == (
        "python3 has no venv with pip: install it (Debian, Ubuntu: apt install python3-venv), or install uv"
    )
    assert not (checkout / ".venv").exists()


@pytest.fixture
def ready(checkout: Path) -> Path:
    """A checkout with a current .venv, and a `uv` that records its calls."""
    program(checkout / ".venv" / "bin" / "python", version("3.11"))
    texts = [(checkout / "requirements" / name).read_text() for name in ("dev.txt", "uv.txt")]
    (checkout / ".venv" / ".ready").write_text("".join(texts))
    program(checkout / "bin" / "uv", f'echo "$@" >> {checkout / "calls"}')
    for name, number in (("other", "3.12"), ("same", "3.11")):
        program(
            checkout / "bin" / name,
            f"case $2 in *exit*) exit 0;; *executable*) echo {name};; *) printf {number};; esac",
        )
    return checkout


def made_anew(checkout: Path) -> bool:
    return (checkout / "calls").exists() and "venv --quiet --clear" in (checkout / "calls").read_text()


@pytest.mark.parametrize(("python", "expected"), [("other", True), ("same", False), ("", False)])
def test_venv_is_made_anew_for_a_named_python_of_another_version(python: str, expected: bool, ready: Path) -> None:
    ended = run(ready, "make", "setup", *([f"PYTHON={python}"] if python else []))
    assert (ended.returncode, made_anew(ready)) == (0, expected), ended.stderr


def test_changed_requirements_set_venv_up_again_once(ready: Path) -> None:
    program(ready / "bin" / "python3", version("3.11").replace("exit 1", "exit 0"))
    with (ready / "requirements" / "dev.txt").open("a") as file:
        file.write("# another\n")
    assert stack(ready, "setup").stderr == "Setting up .venv (once) ...\n"
    assert made_anew(ready)
    assert (stack(ready, "setup").returncode, stack(ready, "setup").stderr) == (0, "")


def test_failed_set_up_is_repeated(ready: Path) -> None:
    program(ready / "bin" / "python3", version("3.11").replace("exit 1", "exit 0"))
    program(ready / "bin" / "uv", '[ "$1" = --version ]')
    (ready / "requirements" / "dev.txt").write_text("")
    assert stack(ready, "preview", "dev").returncode == 2
    assert stack(ready, "preview", "dev").returncode == 2
    assert not (ready / ".venv" / ".ready").exists()


def test_variables_of_the_caller_do_not_reach_python(ready: Path) -> None:
    program(ready / ".venv" / "bin" / "python", 'env; echo "called: $*"')
    hidden = {"PYTHONPATH": "x", "PYTHONHOME": "x", "PYTHONDONTWRITEBYTECODE": "1", "VIRTUAL_ENV": "/other"}
    ended = stack(ready, "cost", "a b", **hidden)
    assert ended.stdout.splitlines()[-1] == f"called: {ready}/toolkit cost a b"
    assert not [name for name in hidden if f"{name}=" in ended.stdout]
