"""What a person writes into a variable of make is data: neither make nor its shell runs it."""

import subprocess
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    "written", ["dev; touch {file}", "$(shell touch {file})", "`touch {file}`", "$$(touch {file})"]
)
def test_stack_name_in_a_variable_is_not_run(written: str, root: Path, tmp_path: Path) -> None:
    file = tmp_path / "ran"
    stack = written.format(file=file)
    done = subprocess.run(
        ["make", "-s", "test-package", f"STACK={stack}"], cwd=root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "is no name of a stack" in done.stderr, file.exists()) == (2, True, False), done.stderr


def test_unknown_engine_is_refused(root: Path) -> None:
    done = subprocess.run(["make", "-s", "up", "ENGINE=cdk"], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, "'cdk' is not" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("given", "command"),
    [
        ((), "./stack up"),
        (("ENGINE=pulumi",), './stack up --engine "$ENGINE"'),
        (("ARGS=--watch --port 9000",), "./stack up --watch --port 9000"),
    ],
)
def test_up_is_the_command_of_that_name(given: tuple[str, ...], command: str, root: Path) -> None:
    done = subprocess.run(
        ["make", "-n", "--no-print-directory", "up", *given], cwd=root, capture_output=True, text=True, check=True
    )
    assert " ".join(done.stdout.split()) == command
