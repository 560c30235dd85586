"""Write what a command makes: rendered from templates, formatted, and all of it or nothing."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from toolkit.new.declaration import APPLICATION, DEFINITION
from toolkit.projects import file_of, service_stacks
from toolkit.stacks.errors import FileError
from toolkit.stacks.files import read_text, shown_path, write_file

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - it writes Python, not HTML
    )


def rendered(template: str, **values: Any) -> str:
    """Return a template of this package, filled in."""
    return _environment().get_template(template).render(values)


def write_all(root: Path, new: Mapping[str, str], changed: Mapping[str, str]) -> list[str]:
    """Write new and changed files below the root; return their names. Raise FileError and change nothing.

    A new file must not exist. Python is formatted first, so that a text which is no Python stops everything.
    """
    for name in new:
        if (root / name).exists():
            raise FileError(f"{name} exists already; remove it, or choose another name.")
    texts = {name: formatted(name, text) for name, text in {**new, **changed}.items()}
    before = {name: read_text(root / name) for name in changed}
    written: list[str] = []
    try:
        for name, text in texts.items():
            write_file(root / name, text)
            written.append(name)
    except FileError:
        _undo(root, written, before)
        raise
    return written


def make_and_complete(
    root: Path,
    make: Callable[[Path], list[str]],
    stack_files: Mapping[str, str] | None = None,
) -> tuple[list[str], list[str]]:
    """Make a part of the service with these stack files, generate, and raise the budgets that it exceeds.

    Return the names of the part's files and a line for each raised budget. Raise FileError and change nothing where
    the service with the part is refused.
    """
    before = {name: read_text(root / name) for name in (DEFINITION, APPLICATION, *map(file_of, service_stacks(root)))}
    written = make(root)
    try:
        written += write_all(root, {}, stack_files or {})
        generate(root)
        raised = run_python(root, "-m", "toolkit.new.budgets").splitlines()
    except FileError:
        _undo(root, {*written, *before}, before)
        raise
    return written, raised


def _undo(root: Path, written: Iterable[str], before: Mapping[str, str]) -> None:
    for name in written:
        path = root / name
        if name in before:
            write_file(path, before[name])
            continue
        path.unlink(missing_ok=True)
        with suppress(OSError):  # other files are in it
            path.parent.rmdir()


def generate(root: Path) -> None:
    """Write the generated files of a service, with the Python of this one. Raise FileError."""
    run_python(root, str(root / "toolkit"), "generate")


def run_python(root: Path, *arguments: str) -> str:
    """Run this Python in a folder, without settings of the caller; return its output. Raise FileError."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(  # noqa: S603 - this Python, with arguments of ours
        [sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr or done.stdout).strip().splitlines()
        raise FileError(
            f"{' '.join(arguments[:3])} failed: {reason[-1].removeprefix('error: ') if reason else 'no reason given'}"
        )
    return done.stdout


def formatted(name: str, text: str) -> str:
    """Return the text as ruff formats it, its imports in order; a file that is no Python as it is. Raise FileError."""
    if not name.endswith(".py") or not text:
        return text
    ruff = [sys.executable, "-m", "ruff"]
    # A folder that does not exist yet is of this repository, too.
    sort = ["check", "--select", "I", "--fix", "--quiet", "--config", 'lint.isort.known-first-party=["api", "tests"]']
    for arguments in (sort, ["format", "--quiet"]):
        command = [*ruff, *arguments, "--stdin-filename", name, "-"]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        if done.returncode:
            raise FileError(f"{shown_path(Path(name))} cannot be formatted: {done.stderr.strip() or done.stdout}.")
        text = done.stdout
    return text
