"""Compile the sources in a folder with the interpreter of the target."""

import subprocess
from pathlib import Path

from toolkit.package.errors import PackageError
from toolkit.package.interpreter import Interpreter

SCRIPT = Path(__file__).with_name("compile_tree.py")
ENVIRONMENT = {
    # Without the columns of every instruction, which only draw the ^^^^ below a traceback's line, files load sooner.
    "PYTHONNODEBUGRANGES": "1",
    "PYTHONUTF8": "1",
}
"""The environment of the compiler. PYTHONOPTIMIZE of the caller is left out: Lambda does not load .opt-1.pyc."""


def compile_tree(folder: Path, interpreter: Interpreter) -> None:
    """Write a `__pycache__` beside every source; a source that does not compile is a PackageError that names it."""
    command = [str(interpreter.path), "-s", "-P", str(SCRIPT), str(folder.resolve())]
    answer = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)  # noqa: S603 -- our own script
    if answer.returncode != 0:
        raise PackageError(_reason(answer.stdout + answer.stderr, folder))


def _reason(words: str, folder: Path) -> str:
    lines = [line.strip().removeprefix("*** ") for line in words.splitlines() if line.strip()]
    where = next((line for line in lines if line.startswith(("Error compiling", "File "))), "")
    what = next((line for line in reversed(lines) if "Error:" in line), lines[-1] if lines else "no reason given")
    place = (
        where.replace(f"{folder.resolve()}/", "").replace("Error compiling ", "").replace("File ", "").strip(".' \"")
    )
    return f"{place} does not compile: {what.removeprefix('Sorry: ')}"
