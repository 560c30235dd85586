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
