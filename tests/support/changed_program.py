"""A clone of the program to change, and the pipeline's commands in it."""

import shutil
import subprocess
from pathlib import Path

from tests.support.command_line import run_command
from tests.support.whole_program import ROOT

GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
KEPT = ("infrastructure", "docs/openapi.json", "requirements/lambda.txt", "api")


def git(root: Path, *words: str) -> str:
    return subprocess.run([*GIT, *words], cwd=root, capture_output=True, text=True, check=True).stdout.strip()


def commit_program(root: Path) -> Path:
    """The program of this checkout, committed on main."""
    for name in KEPT:
        source, target = ROOT / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for file in ROOT.glob("Pulumi*.yaml"):
        shutil.copy(file, root)
    (root / ".gitignore").write_text("build/\n__pycache__/\n")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "main")
    return root


def leave_only(root: Path, *stacks: str) -> None:
    """Take the other stacks away, which costs a dossier its time."""
    for file in [*root.glob("Pulumi.*.yaml"), *root.glob("infrastructure/bootstrap/Pulumi.*.yaml")]:
        if file.parent != root or file.name.split(".")[1] not in stacks:
            file.unlink()


def run(command: str, *words: str) -> tuple[int, str, str]:
    result = run_command(command, *words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text()
    assert old in text
    (root / file).write_text(text.replace(old, new))
