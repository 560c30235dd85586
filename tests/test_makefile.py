"""What a person writes into a variable of make is data: neither make nor its shell runs it."""

import subprocess
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("target", "written"),
    [
        ("preview", "dev; touch {file}"),
        ("preview", "$(shell touch {file})"),
        ("cost", "`touch {file}`"),
        ("package", "$$(touch {file})"),
    ],
)
def test_a_stack_name_is_no_command(target: str, written: str, root: Path, tmp_path: Path) -> None:
    file = tmp_path / "ran"
    stack = written.format(file=file)
    done = subprocess.run(["make", "-s", target, f"STACK={stack}"], cwd=root, capture_output=True, text=True)
    assert (done.returncode, "is no name of a stack" in done.stderr, file.exists()) == (2, True, False), done.stderr


@pytest.mark.parametrize("written", ["$(shell touch {file})", "a;touch {file}", "`touch {file}`"])
def test_a_scope_is_no_command(written: str, root: Path, tmp_path: Path) -> None:
    file = tmp_path / "ran"
    scopes = written.format(file=file)
    subprocess.run(["make", "-s", "token", f"SCOPES={scopes}"], cwd=root, capture_output=True, text=True)
    assert not file.exists()


def test_each_scope_is_passed_by_itself(root: Path) -> None:
    done = subprocess.run(["make", "-sn", "token", "SCOPES=a/read b/*"], cwd=root, capture_output=True, text=True)
    recipe = done.stdout.replace(".venv/bin/python -m toolkit.localcloud token", "echo")
    run = ["bash", "-c", recipe]
    said = subprocess.run(
        run, env={"WHO": "demo", "SCOPES": "a/read b/*", "PATH": "/usr/bin:/bin"}, capture_output=True
    )
    assert said.stdout == b"demo --scope=a/read --scope=b/*\n"
